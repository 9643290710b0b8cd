"""One thing is told to all partners entitled to it, once, and who was not told is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conversations.models import Conversation, Wait
from lifecycle.growth.announcing import audience, sending, standing, writing
from lifecycle.growth.announcing.models import Announcement, Copy, Entitlement
from lifecycle.growth.announcing.writing import AnnouncementRefused, Outline
from partners import contacts, memberships
from partners.models import Contact, Event, Partner, Programme, Stage, Tier
from portal import passes
from prm import bounces, clock, outbox
from prm.models import BouncedAddress, OutboxItem
from team.models import Region, Role, User
from tests.conftest import MONDAY, person
from tests.lifecycle.growth.test_referrals import make_live
from tests.programs import program
from tests.sink import Sink

PDF = b"%PDF-1.4\n%%EOF\n"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def pair(northwind: Partner, contoso: Partner, nora: Contact, omar: Contact) -> list[Partner]:
    make_live(northwind, contoso)
    contacts.change(nora, {"roles": ["sales"]}, by=northwind.owner, at=MONDAY)
    return [northwind, contoso]


def drafted(by: User, **outline: Any) -> Announcement:
    return writing.write(Outline("New prices", "From **July** on.", **outline), by, MONDAY)


def sent(by: User, **outline: Any) -> Announcement:
    made = drafted(by, **outline)
    writing.send(made, by, MONDAY)
    return made


def whys(announcement: Announcement, by: User, at: Any = MONDAY) -> dict[str, str]:
    announcement.refresh_from_db()
    return {row.name: str(row.why) for row in standing.partners(announcement, by, at)}


def test_it_reaches_everybody_it_is_for_once_and_by_mail(
    pair: list[Partner], alice: User, sink: Sink, nora: Contact
) -> None:
    made = drafted(alice)
    assert whys(made, alice) == {"Northwind": "can", "Contoso": "can"}
    assert writing.send(made, alice, MONDAY) == 2
    assert whys(made, alice) == {"Northwind": "way", "Contoso": "way"}
    outbox.deliver(MONDAY + HOUR)
    assert whys(made, alice) == {"Northwind": "told", "Contoso": "told"}
    assert made.first_told_at is not None
    assert [mail["Subject"] for mail in sink.mails] == ["New prices", "New prices"]
    assert "From <strong>July</strong> on." in sink.mails[0].get_body(("html",)).get_content()
    assert "From **July** on." in sink.mails[0].get_body(("plain",)).get_content()
    with pytest.raises(AnnouncementRefused, match="sent already"):
        writing.send(made, alice, MONDAY)
    with pytest.raises(AnnouncementRefused, match="was told"):
        writing.tell_rest(made, alice, MONDAY)
    told = Event.objects.filter(kind="announced")
    assert sorted(str(event.partner) for event in told) == ["Contoso", "Northwind"]
    meter = standing.meter(made, alice, MONDAY + 2 * HOUR)
    assert (meter.told, meter.entitled, meter.soon, meter.first) == (2, 2, 2, 2)


def test_who_cannot_be_told_is_named_with_the_reason(
    pair: list[Partner], nora: Contact, omar: Contact, alice: User
) -> None:
    made = drafted(alice, roles=["sales"])
    assert whys(made, alice) == {"Northwind": "can", "Contoso": "nobody"}
    contacts.change(omar, {"roles": ["sales"], "email": ""}, by=alice, at=MONDAY)
    assert whys(made, alice)["Contoso"] == "address"
    contacts.change(omar, {"email": "omar@contoso.com"}, by=alice, at=MONDAY)
    dead = {"bounces": 3, "last_bounced_at": MONDAY, "suppressed_until": MONDAY + DAY}
    BouncedAddress.objects.create(email="omar@contoso.com", **dead)
    assert whys(made, alice)["Contoso"] == "address"
    assert whys(made, alice, MONDAY + 2 * DAY)["Contoso"] == "can"
    contacts.change(nora, {"do_not_contact": True}, by=alice, at=MONDAY)
    assert whys(made, alice)["Northwind"] == "asked"
    with pytest.raises(AnnouncementRefused, match="Nobody can be told"):
        writing.send(made, alice, MONDAY)
    made.refresh_from_db()
    assert made.is_draft
    assert not Entitlement.objects.exists()


def test_a_mail_that_comes_back_is_not_told_until_the_address_is_put_right(
    pair: list[Partner], omar: Contact, alice: User, sink: Sink
) -> None:
    made = sent(alice)
    outbox.deliver(MONDAY)
    bounced = Copy.objects.get(contact=omar).mail
    assert bounces.reported([bounced.message_id], MONDAY + HOUR) == 1
    assert whys(made, alice)["Contoso"] == "back"
    assert standing.meter(made, alice, MONDAY).left_out == 1
    contacts.change(omar, {"email": "omar.aziz@contoso.com"}, by=alice, at=MONDAY)
    assert whys(made, alice)["Contoso"] == "can"
    assert writing.tell_rest(made, alice, MONDAY + 3 * DAY) == 1
    outbox.deliver(MONDAY + 3 * DAY)
    assert whys(made, alice)["Contoso"] == "told"
    meter = standing.meter(made, alice, MONDAY + 3 * DAY)
    assert (meter.told, meter.soon, meter.first) == (2, 1, 2)


def test_partners_that_come_to_be_entitled_are_told_by_one_press(
    pair: list[Partner], programme: Programme, alice: User
) -> None:
    gold, silver = Tier.objects.order_by("rank")
    first, second = pair
    memberships.join(first, programme, by=alice, at=MONDAY, tier=gold)
    joined = memberships.join(second, programme, by=alice, at=MONDAY, tier=silver)
    made = sent(alice, who={"tiers": [gold.pk]})
    outbox.deliver(MONDAY)
    assert whys(made, alice) == {"Northwind": "told"}
    type(joined).objects.filter(pk=joined.pk).update(tier=gold)
    assert whys(made, alice) == {"Northwind": "told", "Contoso": "can"}
    assert writing.tell_rest(made, alice, MONDAY + 2 * DAY) == 1
    outbox.deliver(MONDAY + 2 * DAY)
    meter = standing.meter(made, alice, MONDAY + 2 * DAY)
    assert (meter.told, meter.entitled, meter.soon, meter.first) == (2, 2, 1, 1)
    type(joined).objects.filter(pk=joined.pk).update(tier=silver)
    assert whys(made, alice)["Contoso"] == "former"
    assert audience.in_words({"tiers": [gold.pk, silver.pk]}) == [f"{programme}: Gold, {programme}: Silver"]


def test_who_is_entitled_is_said_by_type_programme_region_and_stage(
    pair: list[Partner], programme: Programme, alice: User
) -> None:
    north, south = Region.objects.create(name="North"), Region.objects.create(name="South")
    Partner.objects.filter(pk=pair[0].pk).update(region=north)
    memberships.join(pair[1], programme, by=alice, at=MONDAY, regions=[south])
    for who, names in (
        ({}, ["Contoso", "Northwind"]),
        ({"types": [programme.kind_id]}, ["Contoso"]),
        ({"programmes": [programme.pk]}, ["Contoso"]),
        ({"regions": [north.pk]}, ["Northwind"]),
        ({"regions": [south.pk]}, ["Contoso"]),
        ({"regions": [north.pk], "types": [programme.kind_id]}, []),
        ({"stages": [Stage.GROWTH]}, ["Contoso", "Northwind"]),
        ({"stages": [Stage.ONBOARDING]}, []),
        ({"of": alice.pk}, ["Northwind"]),
    ):
        found = audience.partners(who).order_by("name").values_list("name", flat=True)
        assert list(found) == names, who
    assert audience.in_words({"regions": [north.pk], "of": alice.pk}) == ["North", "looked after by Alice"]


def test_all_of_it_stands_in_the_outbox_or_nothing(
    pair: list[Partner], alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drafted(alice)

    def dies(drafts: Any) -> Any:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(Event, "record_all", dies)
        with pytest.raises(SystemExit):
            writing.send(made, alice, MONDAY)
    made.refresh_from_db()
    assert made.is_draft
    assert not OutboxItem.objects.filter(kind=sending.MAIL).exists()
    assert not Copy.objects.exists()
    assert writing.send(made, alice, MONDAY) == 2
    assert OutboxItem.objects.filter(kind=sending.MAIL).count() == 2


def test_what_was_sent_stays_and_is_corrected_or_withdrawn(
    pair: list[Partner], alice: User, sink: Sink
) -> None:
    made = sent(alice)
    with pytest.raises(AnnouncementRefused, match="write a correction"):
        writing.change(made, Outline("Other", "Words"), alice, MONDAY)
    with pytest.raises(AnnouncementRefused, match="Say why"):
        writing.withdraw(made, " ", alice, MONDAY)
    writing.withdraw(made, "The prices stay.", alice, MONDAY)
    outbox.deliver(MONDAY)
    assert sink.mails == []
    assert whys(made, alice) == {"Northwind": "back", "Contoso": "back"}
    right = sent(alice, corrects=made)
    outbox.deliver(MONDAY)
    assert "This corrects “New prices”" in sink.mails[0].get_body(("plain",)).get_content()
    assert list(made.corrections.all()) == [right]
    with pytest.raises(AnnouncementRefused, match="Only what was sent"):
        drafted(alice, corrects=drafted(alice))


def test_who_may_announce_to_whom(pair: list[Partner], alice: User, bob: User, erin: User) -> None:
    with pytest.raises(AnnouncementRefused, match="you look after"):
        drafted(bob)
    own = drafted(bob, who={"of": bob.pk})
    assert writing.may_change(bob, own)
    assert writing.may_change(erin, own)
    assert not writing.may_change(bob, drafted(alice))
    with pytest.raises(AnnouncementRefused, match="Nobody can be told"):
        writing.send(own, bob, MONDAY)
    north, south = Region.objects.create(name="North"), Region.objects.create(name="South")
    mia = person("Mia", Role.MARKETING)
    mia.grants.get().regions.add(north)
    assert not writing.reaches_all(mia, {})
    assert not writing.reaches_all(mia, {"regions": [north.pk, south.pk]})
    assert writing.reaches_all(mia, {"regions": [north.pk]})
    with pytest.raises(AnnouncementRefused, match="you look after"):
        writing.tell_rest(sent(alice), mia, MONDAY)


def test_it_is_announced_by_the_pages(
    client: Client, pair: list[Partner], omar: Contact, alice: User
) -> None:
    client.force_login(alice)
    assert "No announcement here" in client.get("/announcements/").text
    form = {"title": "New prices", "kind": "price", "body": "# From July\n\n<script>", "roles": ["sales"]}
    assert client.post("/announcements/add/", {**form, "body": ""}).status_code == 422
    client.post("/announcements/add/", form)
    made = Announcement.objects.get()
    page = client.get(made.get_absolute_url())
    assert "<h3>From July</h3>" in page.text
    assert "&lt;script&gt;" in page.text
    assert "Nobody with such a role" in page.text
    assert "Send to 1 partner<" in page.text
    client.post(f"{made.get_absolute_url()}edit/", {**form, "title": "Prices"})
    made.refresh_from_db()
    assert made.title == "Prices"
    with clock.fixed(MONDAY):
        client.post(f"{made.get_absolute_url()}change/", {"do": "send"})
        outbox.deliver(MONDAY)
        assert "1 of 2" in client.get("/announcements/").text
        assert "sent the announcement “Prices” to 1 person" in client.get(made.get_absolute_url()).text
        rows = client.get(f"{made.get_absolute_url()}partners/?why=nobody")
        assert [str(row) for row, _why, _people in rows.context["rows"]] == ["Contoso"]
        soon = client.get(f"{made.get_absolute_url()}partners/?why=soon")
        assert [str(row) for row, _why, _people in soon.context["rows"]] == ["Northwind"]
        file = client.get(f"{made.get_absolute_url()}partners.csv?why=told")
        assert "Northwind,Told,2026-06-01" in file.getvalue().decode()
        contacts.change(omar, {"roles": ["sales"]}, by=alice, at=MONDAY)
        assert "Tell the 1 who can be told now" in client.get(made.get_absolute_url()).text
        client.post(f"{made.get_absolute_url()}change/", {"do": "tell"})
    correction = client.get(f"/announcements/add/?corrects={made.pk}")
    assert "Correct “Prices”" in correction.text
    client.post(f"/announcements/add/?corrects={made.pk}", {**form, "title": "Prices, corrected"})
    assert Announcement.objects.get(title="Prices, corrected").corrects == made
    again = client.post(f"{made.get_absolute_url()}change/", {"do": "withdraw", "reason": ""}, follow=True)
    assert "Say why it is withdrawn" in again.text
    client.post(f"{made.get_absolute_url()}change/", {"do": "withdraw", "reason": "Wrong."})
    assert "Withdrawn by Alice: Wrong." in client.get(made.get_absolute_url()).text


def test_a_narrowed_colleague_finds_only_what_its_partners_were_told(
    client: Client, pair: list[Partner], alice: User, bob: User
) -> None:
    made = sent(alice)
    company = alice.company
    assert company is not None
    company.reading = company.Reading.OWN
    company.save()
    client.force_login(bob)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert list(Announcement.objects.visible_to(User.objects.get(pk=alice.pk))) == [made]


def test_its_people_read_it_in_the_portal_and_ask_about_it(
    client: Client, pair: list[Partner], nora: Contact, omar: Contact, alice: User
) -> None:
    at = clock.now()
    mine, theirs = (f"/p/{passes.token(passes.give(who, 30, by=alice, at=at))}/" for who in (nora, omar))
    canary = sent(alice, roles=["sales"])
    drafted(alice)
    assert [str(row) for row in client.get(f"{mine}announcements/").context["rows"]] == ["New prices"]
    assert "From <strong>July</strong> on." in client.get(f"{mine}announcements/{canary.pk}/").text
    assert client.get(f"{theirs}announcements/").context["rows"] == []  # is of no such role
    assert client.get(f"{theirs}announcements/{canary.pk}/").status_code == 404
    assert client.post(f"{theirs}announcements/{canary.pk}/ask/", {"body": "?"}).status_code == 404
    assert client.post(f"{mine}announcements/{canary.pk}/ask/", {"body": ""}).status_code == 422
    client.post(f"{mine}announcements/{canary.pk}/ask/", {"body": "From which day?"})
    assert Conversation.objects.get().subject == "New prices"
    assert Wait.objects.open().get().partner == pair[0]
    writing.withdraw(canary, "The prices stay.", alice, at)
    assert "The prices stay." in client.get(f"{mine}announcements/{canary.pk}/").text


def test_a_file_goes_with_it_and_only_who_is_entitled_gets_it(
    client: Client, pair: list[Partner], nora: Contact, omar: Contact, alice: User, sink: Sink
) -> None:
    client.force_login(alice)
    form = {"title": "New prices", "kind": "price", "body": "See the list.", "roles": ["sales"]}
    program = SimpleUploadedFile("prices.exe", b"MZ")
    refused = client.post("/announcements/add/", {**form, "file": program})
    assert (refused.status_code, "of no allowed type" in refused.text) == (422, True)
    other = SimpleUploadedFile("prices.pdf", b"MZ")
    assert "is not that of a .pdf file" in client.post("/announcements/add/", {**form, "file": other}).text
    assert not Announcement.objects.exists()
    client.post("/announcements/add/", {**form, "file": SimpleUploadedFile("prices.pdf", PDF)})
    made = Announcement.objects.get()
    client.post(f"{made.get_absolute_url()}edit/", form)  # no other file: the one before stays
    assert "prices.pdf" in client.get(made.get_absolute_url()).text
    writing.send(made, alice, clock.now())
    outbox.deliver(clock.now())
    assert "A file goes with it: prices.pdf." in sink.mails[0].get_body(("plain",)).get_content()
    at = clock.now()
    mine, theirs = (f"/p/{passes.token(passes.give(who, 30, by=alice, at=at))}/" for who in (nora, omar))
    assert "prices.pdf" in client.get(f"{mine}announcements/{made.pk}/").text
    assert client.get(f"{mine}announcements/{made.pk}/file/").getvalue() == PDF
    assert client.get(f"{theirs}announcements/{made.pk}/file/").status_code == 404
    assert client.get(f"{made.get_absolute_url()}file/").getvalue() == PDF
    bare = sent(alice)
    assert client.get(f"{bare.get_absolute_url()}file/").status_code == 404


def test_the_file_of_a_draft_is_replaced_or_taken_away(
    client: Client, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(alice)
    form = {"title": "New prices", "kind": "price", "body": "See the list."}
    assert "No file any more" not in client.get("/announcements/add/").text
    client.post("/announcements/add/", {**form, "file": SimpleUploadedFile("prices.pdf", PDF)})
    made = Announcement.objects.get()
    edit, first = f"{made.get_absolute_url()}edit/", made.file.name
    assert "No file any more" in client.get(edit).text
    other = {**form, "drops_file": "on", "file": SimpleUploadedFile("list.pdf", PDF)}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit, other)  # another one comes
    made.refresh_from_db()
    assert (made.file_name, made.file.storage.exists(first)) == ("list.pdf", False)
    second = made.file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(edit, {**form, "drops_file": "on"})
    made.refresh_from_db()
    assert (made.file.name, made.file_name) == ("", "")
    assert not made.file.storage.exists(second)
    assert client.get(f"{made.get_absolute_url()}file/").status_code == 404
    client.post(edit, {**form, "file": SimpleUploadedFile("prices.pdf", PDF)})
    alices, here = program(alice), f"/api/v1/announcements/{made.pk}/"
    assert alices.send(here, {"title": "Prices"}, "patch").json()["file_name"] == "prices.pdf"
    assert alices.send(here, {"file": None}, "patch").json()["file_name"] == ""


def test_a_partner_that_is_not_entitled_does_not_find_it(
    client: Client, pair: list[Partner], nora: Contact, alice: User
) -> None:
    contacts.change(nora, {"email": "nora@northwind.co.uk"}, by=alice, at=MONDAY)
    canary = Outline("canary", "canary", who={"stages": [Stage.ONBOARDING]})
    Partner.objects.filter(pk=pair[1].pk).update(stage=Stage.ONBOARDING)
    made = writing.write(canary, alice, MONDAY)
    writing.send(made, alice, MONDAY)
    home = f"/p/{passes.token(passes.give(nora, 30, by=alice, at=clock.now()))}/"
    assert "canary" not in client.get(f"{home}announcements/").text
    assert client.get(f"{home}announcements/{made.pk}/").status_code == 404
