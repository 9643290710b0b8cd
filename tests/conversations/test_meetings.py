"""Meetings come in by a person's calendar address, move and end with the calendar, and are logged once."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

import pytest
from django.test import Client

from conversations import incoming, sent
from conversations.mail import person_address, reply_address
from conversations.meetings import ahead, settling
from conversations.models import Mailbox, Meeting, Message, RawMail, Wait
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User
from tests.conftest import BERLIN, MONDAY, person
from tests.programs import program

STARTS = datetime(2026, 6, 3, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
counted = iter(range(10**6))


def address(of: User) -> str:
    return person_address.of(of, person_address.CALENDAR)


def event(
    *more: str,
    starts: datetime = STARTS,
    sequence: int = 0,
    people: tuple[str, ...] = ("nora@northwind.co.uk",),
    method: str = "REQUEST",
    uid: str = "talk",
) -> str:
    asked = [f"ATTENDEE:mailto:{each}" for each in people]
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}"]
    lines += [f"DTSTART:{starts:%Y%m%dT%H%M%SZ}", f"DTEND:{starts + HOUR:%Y%m%dT%H%M%SZ}"]
    lines += ["SUMMARY:Quarterly talk", f"SEQUENCE:{sequence}", "ORGANIZER:mailto:alice@acme.example"]
    return "\r\n".join([*lines, *asked, *more, "END:VEVENT", "END:VCALENDAR", ""])


def mail(file: str, to: str, sender: str = "alice@acme.example", **headers: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, "Invitation: Quarterly talk"
    letter["Message-ID"], letter["Date"] = f"<{next(counted)}@x>", format_datetime(MONDAY)
    for name, value in headers.items():
        letter[name.replace("_", "-")] = value
    letter.set_content("You are invited.")
    letter.add_alternative(file, subtype="calendar", params={"method": "REQUEST"})
    return letter.as_bytes()


def comes(alice: User, *more: str, at: datetime = MONDAY, **said: Any) -> incoming.Accepted:
    return incoming.accept(mail(event(*more, **said), address(alice)), at)


def planned() -> list[tuple[str, datetime]]:
    return [(row.title, row.starts_at) for row in Meeting.objects.planned()]


def test_an_invitation_plans_a_meeting_and_nothing_else(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    accepted = comes(alice)
    assert accepted.message is None
    assert accepted.is_new
    meeting = Meeting.objects.get()
    assert (meeting.partner, meeting.person, meeting.title) == (northwind, alice, "Quarterly talk")
    assert (meeting.starts_at, meeting.ends_at) == (STARTS, STARTS + HOUR)
    assert list(meeting.contacts.all()) == [nora]
    assert not Message.objects.exists()
    assert not Wait.objects.exists()
    assert not RawMail.objects.exists()


def test_a_partners_own_domain_is_enough(alice: User, northwind: Partner) -> None:
    comes(alice, people=("somebody@northwind.co.uk",))
    assert Meeting.objects.get().partner == northwind


@pytest.mark.parametrize("people", [(), ("bob@acme.example",), ("who@gmail.com", "who@nowhere.example")])
def test_nothing_is_kept_of_a_meeting_with_nobody_of_a_partner(
    alice: User, northwind: Partner, nora: Contact, people: tuple[str, ...]
) -> None:
    comes(alice, people=people)
    assert not Meeting.objects.exists()
    assert not RawMail.objects.exists()


def test_the_partner_of_whoever_invites_comes_first(
    alice: User, nora: Contact, omar: Contact, contoso: Partner
) -> None:
    file = event(people=("nora@northwind.co.uk", "alice@acme.example"))
    file = file.replace("ORGANIZER:mailto:alice@acme.example", "ORGANIZER:mailto:omar@contoso.com")
    incoming.accept(mail(file, address(alice), sender="omar@contoso.com"), MONDAY)
    assert Meeting.objects.get().partner == contoso


def test_a_partner_its_person_may_not_see_is_not_met(alice: User, northwind: Partner, nora: Contact) -> None:
    rolf = person("Rolf")
    incoming.accept(mail(event(), address(rolf), sender="rolf@acme.example"), MONDAY)
    assert not Meeting.objects.exists()


def test_it_must_come_from_the_person_or_name_it(alice: User, northwind: Partner, nora: Contact) -> None:
    file = event().replace("alice@acme.example", "nora@northwind.co.uk")
    incoming.accept(mail(file, address(alice), sender="nora@northwind.co.uk"), MONDAY)
    assert not Meeting.objects.exists()
    Mailbox.objects.create(
        name="Alice", address="al@acme.example", person=alice, next_check_at=MONDAY, created_at=MONDAY
    )
    incoming.accept(mail(file, address(alice), sender="AL@acme.example"), MONDAY)
    assert Meeting.objects.count() == 1


def test_a_mail_that_may_be_forged_plans_nothing(
    alice: User, northwind: Partner, nora: Contact, settings: Any
) -> None:
    settings.AUTHSERV_ID = "mx.acme.example"
    forged = mail(event(), address(alice), Authentication_Results="mx.acme.example; dmarc=fail")
    incoming.accept(forged, MONDAY)
    assert not Meeting.objects.exists()


def test_a_key_is_good_for_one_person_and_one_use(alice: User, bob: User) -> None:
    known = address(alice)
    assert person_address.named_in([known.lower()], "calendar") == alice
    assert person_address.named_in([known.replace(f"-{alice.pk}-", f"-{bob.pk}-")], "calendar") is None
    assert person_address.named_in([reply_address.of(alice.pk)], "calendar") is None
    assert reply_address.named_in([known]) is None
    assert reply_address.named_in([known.replace("calendar-", "")]) is None
    alice.is_active = False
    alice.save()
    assert person_address.named_in([known.lower()], "calendar") is None


def test_the_copy_in_the_sent_folder_makes_no_message_either(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    mailbox = Mailbox.objects.create(
        name="Alice", address=alice.email, person=alice, next_check_at=MONDAY, created_at=MONDAY
    )
    raw = mail(event(), f"nora@northwind.co.uk, {address(alice)}")
    incoming.accept(raw, MONDAY)
    assert not sent.accept(raw, mailbox, MONDAY)
    assert len(planned()) == 1
    assert not Message.objects.exists()


def test_other_mail_to_the_address_is_filed_as_ever(alice: User, northwind: Partner, nora: Contact) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Message-ID"] = "nora@northwind.co.uk", address(alice), "<plain@x>"
    letter.set_content("When do we meet?")
    assert incoming.accept(letter.as_bytes(), MONDAY).message is not None


# --- moved and called off -----------------------------------------------------------------------------


def test_a_meeting_moves_with_a_newer_invitation_and_not_with_an_older_one(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    comes(alice, sequence=1)
    comes(alice, sequence=2, starts=STARTS + DAY)
    comes(alice, sequence=1, starts=STARTS - DAY)
    assert planned() == [("Quarterly talk", STARTS + DAY)]


def test_a_meeting_that_is_called_off_is_gone_and_an_older_word_brings_it_not_back(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    comes(alice, sequence=1)
    comes(alice, sequence=1, method="CANCEL")
    comes(alice, sequence=1)
    assert planned() == []
    assert Meeting.objects.get().state == Meeting.State.CALLED_OFF
    comes(alice, sequence=2)
    assert len(planned()) == 1


def test_calling_off_may_come_before_the_invitation(alice: User, northwind: Partner, nora: Contact) -> None:
    comes(alice, sequence=2, method="CANCEL")
    comes(alice, sequence=1)
    assert planned() == []


def test_a_meeting_whose_partner_is_asked_no_more_is_gone(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    comes(alice)
    comes(alice, sequence=1, people=("bob@acme.example",))
    assert planned() == []


def test_of_a_series_one_moves_and_one_is_called_off(alice: User, northwind: Partner, nora: Contact) -> None:
    weekly = "RRULE:FREQ=WEEKLY;COUNT=3"
    comes(alice, weekly)
    second, third = STARTS + 7 * DAY, STARTS + 14 * DAY
    comes(alice, f"RECURRENCE-ID:{second:%Y%m%dT%H%M%SZ}", starts=second + HOUR, sequence=0)
    comes(alice, f"RECURRENCE-ID:{third:%Y%m%dT%H%M%SZ}", starts=third, method="CANCEL", sequence=1)
    comes(alice, weekly)
    assert [starts for _, starts in planned()] == [STARTS, second + HOUR]


def test_a_series_that_is_moved_leaves_nothing_of_what_was_ahead(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    comes(alice, "RRULE:FREQ=WEEKLY;COUNT=3")
    later = STARTS + 7 * DAY + HOUR  # the first is over by then
    comes(alice, "RRULE:FREQ=WEEKLY;COUNT=2", starts=later, sequence=1, at=STARTS + 2 * DAY)
    assert [starts for _, starts in planned()] == [STARTS, later, later + 7 * DAY]
    comes(alice, method="CANCEL", sequence=2, at=STARTS + 2 * DAY)
    assert [starts for _, starts in planned()] == [STARTS]


def test_what_was_over_a_month_ago_is_not_asked_for(alice: User, northwind: Partner, nora: Contact) -> None:
    comes(alice, starts=MONDAY - 31 * DAY)
    assert not Meeting.objects.exists()


def test_a_private_one_shows_no_title(alice: User, northwind: Partner, nora: Contact) -> None:
    comes(alice, "CLASS:PRIVATE")
    assert Meeting.objects.get().title == "Meeting"


# --- logged, once -------------------------------------------------------------------------------------


@pytest.fixture
def over(alice: User, northwind: Partner, nora: Contact) -> Meeting:
    """An hour with Nora, over since two hours."""
    begins = clock.now().replace(second=0, microsecond=0) - 3 * HOUR
    meeting = Meeting.objects.create(
        person=alice,
        partner=northwind,
        title="Quarterly talk",
        starts_at=begins,
        ends_at=begins + HOUR,
        uid="talk",
        created_at=begins - DAY,
    )
    meeting.contacts.add(nora)
    return meeting


def form_of(client: Client, meeting: Meeting) -> dict[str, Any]:
    page = client.get(f"/log/?partner={meeting.partner_id}&meeting={meeting.pk}")
    bound = page.context["form"]
    return {
        name: f"{value.astimezone(BERLIN):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value
        for name in bound.fields
        if (value := bound[name].value()) not in (None, "", [], False)
    }


def test_it_is_logged_as_it_stands_with_one_press(
    client: Client, alice: User, nora: Contact, over: Meeting
) -> None:
    client.force_login(alice)
    assert "Log it" in client.get("/").content.decode()
    typed = form_of(client, over)
    assert client.post(f"/log/?partner={over.partner_id}", typed).status_code == 303
    message = Message.objects.get()
    assert (message.channel, message.contact, message.minutes) == ("meeting", nora, 60)
    assert (message.occurred_at, message.subject) == (over.starts_at, "Quarterly talk")
    assert message.body == "Held as planned, with Nora Berg."
    over.refresh_from_db()
    assert (over.state, over.message) == (Meeting.State.LOGGED, message)
    assert "Log it" not in client.get("/").content.decode()


def test_it_is_logged_once_however_often_it_is_pressed(client: Client, alice: User, over: Meeting) -> None:
    client.force_login(alice)
    first, second = form_of(client, over), form_of(client, over)  # two tabs
    assert client.post(f"/log/?partner={over.partner_id}", first).status_code == 303
    refused = client.post(f"/log/?partner={over.partner_id}", second)
    assert refused.status_code == 422
    assert "logged or moved meanwhile" in refused.content.decode()
    assert Message.objects.count() == 1


def test_a_logged_one_is_never_asked_for_again(alice: User, over: Meeting) -> None:
    Meeting.objects.update(state=Meeting.State.LOGGED)
    comes(alice, sequence=9, starts=clock.now() + DAY, at=clock.now())
    assert planned() == []


def test_that_it_did_not_take_place_is_said_and_taken_back(
    client: Client, alice: User, over: Meeting
) -> None:
    client.force_login(alice)
    page = client.post(f"/meetings/{over.pk}/not-held/", follow=True).content.decode()
    assert f"/meetings/{over.pk}/ask-again/" in page
    assert planned() == []
    assert Event.objects.filter(kind="meeting_not_held", partner=over.partner).count() == 1
    client.post(f"/meetings/{over.pk}/not-held/")
    assert Event.objects.filter(kind="meeting_not_held").count() == 1
    client.post(f"/meetings/{over.pk}/ask-again/")
    assert len(planned()) == 1


def test_one_that_did_not_take_place_is_planned_again_when_it_is_moved_ahead(
    alice: User, over: Meeting
) -> None:
    settling.not_held(over, by=alice, at=clock.now())
    comes(alice, sequence=1, starts=over.starts_at, at=clock.now())
    assert planned() == []
    comes(alice, sequence=2, starts=clock.now() + DAY, at=clock.now())
    assert len(planned()) == 1


def test_one_that_is_not_over_cannot_be_settled(alice: User, over: Meeting) -> None:
    with pytest.raises(settling.MeetingRefused):
        settling.not_held(over, by=alice, at=over.starts_at)


def test_each_sees_its_own_and_the_partners_page_the_next(
    client: Client, alice: User, bob: User, over: Meeting
) -> None:
    now = clock.now()
    Meeting.objects.create(
        person=alice,
        partner=over.partner,
        title="Renewal",
        starts_at=now + DAY,
        ends_at=now + DAY + HOUR,
        uid="renewal",
        created_at=now,
    )
    assert [row.title for row in ahead.of(alice, now).coming] == ["Renewal"]
    assert not ahead.of(bob, now)
    client.force_login(bob)
    assert "Renewal" in client.get(over.partner.get_absolute_url()).content.decode()
    assert "Quarterly talk" not in client.get("/meetings/").content.decode()
    assert client.get(f"/log/?partner={over.partner_id}&meeting={over.pk}").status_code == 404


def test_the_page_shows_the_address_and_whom_it_is_of(client: Client, alice: User, bob: User) -> None:
    client.force_login(alice)
    page = client.get("/meetings/").content.decode()
    assert address(alice) in page
    assert address(bob) not in page


def test_a_program_says_that_it_did_not_take_place(alice: User, erin: User, over: Meeting) -> None:
    alices, here = program(alice), f"/api/v1/meetings/{over.pk}"
    assert alices.send(f"{here}/not-held/").json()["state"] == "not_held"
    assert alices.send(f"{here}/not-held/").status_code == 409
    assert alices.send(f"{here}/ask-again/").json()["state"] == "planned"
    assert alices.send(f"{here}/ask-again/").status_code == 409
    assert [row["id"] for row in alices.get("/api/v1/meetings/").json()["results"]] == [over.pk]
    assert program(erin).get(f"{here}/").status_code == 404, "it is another's"
