"""Applications: sent by a public form, confirmed by mail, decided with a reason, contested."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import appeals, decisions
from conversations.decisions import DecisionRefused
from conversations.models import Decision, Matter, Message, Wait
from lifecycle.models import Application, ApplicationForm, ApplicationQuestion
from lifecycle.recruitment.applications import applying, drafting, editing
from lifecycle.recruitment.applications.applying import ApplicationRefused
from lifecycle.recruitment.applications.editing import FormRefused
from partners import history, lists, organisations, profiles, ratings
from partners.history import UndoRefused
from partners.models import Contact, EndReason, Event, Partner, Programme, Rating
from partners.profiles import Entry
from partners.scoring import Thresholds
from portal import passes
from prm import clock, outbox, sweeper
from team.models import Notice, Role, User
from tests.conftest import MONDAY, person
from tests.conversations.test_sweep_race import at_once
from tests.sink import Sink

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
State = Application.State
TRAINED, REACH = "criterion:trained", "criterion:reach"


@pytest.fixture
def rita(erin: User) -> User:
    return person("Rita", Role.RECRUITMENT, lead=erin)


@pytest.fixture
def form(rita: User, ravi: User, programme: Programme) -> ApplicationForm:
    """Asks for country, employees and trained people; open."""
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    curve = {"curve": [[0, 0], [7321, 1]]}
    entries = [
        Entry("trained", "Trained people", "yes_no", 37, {"wanted": True}, must_have=True),
        Entry("reach", "Customers reached", "number", 29, {"curve": [[0, 0], [4242, 1]]}),
        Entry("ours", "Openness of their people", "rating", 23, {}),
        Entry("size", "Employees", "number", 31, curve, source="employees"),
    ]
    profiles.edit(draft, entries, Thresholds(83, 67, 41), "", by=ravi, at=MONDAY)
    profiles.publish(draft, by=ravi, at=MONDAY)
    form = editing.add("Resellers", "reseller", rita, by=rita, at=MONDAY)
    editing.change(form, "Resellers", "reseller", "Tell us.", programme, rita, by=rita, at=MONDAY)
    asks(form, "Where are you?", "country", "field:country", is_required=True)
    asks(form, "How many are you?", "number", "field:employees")
    asks(form, "Is somebody trained?", "yes_no", TRAINED)
    asks(form, "How many customers?", "number", REACH)
    asks(form, "What do you want?", "long", "")
    editing.switch(form, is_open=True, by=rita, at=MONDAY)
    return form


def asks(form: ApplicationForm, words: str, kind: str, to: str, **more: Any) -> ApplicationQuestion:
    question = ApplicationQuestion(form=form)
    return editing.ask(question, words, kind, by=form.owner, at=MONDAY, maps_to=to, **more)


def sent(form: ApplicationForm, email: str = "zoe@fabrikam.example", **more: Any) -> Application:
    given = ["DE", 12, "no", 90, "To sell."]
    answers = dict(zip(form.questions.values_list("pk", flat=True), given, strict=True))
    who = {"organisation": "Fabrikam", "person": "Zoe Lind", "website": "https://www.fabrikam.example"}
    return applying.send(form, email=email, answers=answers, at=MONDAY, **{**who, **more})


def came(form: ApplicationForm, **more: Any) -> Application:
    return applying.confirm(sent(form, **more), MONDAY + MINUTE)


def matter_of(application: Application) -> Matter:
    return Matter.objects.open().get(about_kind="application", about_id=application.pk)


def decide(
    application: Application, answer: str, by: User, words: str = "", at: datetime = MONDAY
) -> Decision:
    made = decisions.decide(matter_of(application), answer, words, by=by, at=at + 2 * MINUTE)
    application.refresh_from_db()
    return made


# --- confirmed ----------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_of_one_firm_by_two_forms_at_once_are_one_partner(form: ApplicationForm, rita: User) -> None:
    other = editing.add("Agencies", "agency", rita, by=rita, at=MONDAY)
    editing.switch(other, is_open=True, by=rita, at=MONDAY)
    who = {"organisation": "Fabrikam", "person": "Ann", "website": "https://www.fabrikam.example"}
    second = applying.send(other, email="ann@fabrikam.example", answers={}, at=MONDAY, **who)
    both = [sent(form), second]
    at_once(2, lambda n: applying.confirm(both[n], MONDAY + MINUTE) and None)
    assert Partner.objects.count() == 1
    assert Application.objects.filter(was_known=True).count() == 1


def test_nothing_is_here_before_it_is_confirmed_and_then_all_is(form: ApplicationForm, rita: User) -> None:
    application = sent(form)
    assert (Partner.objects.count(), Contact.objects.count()) == (0, 0)
    applying.confirm(application, MONDAY + MINUTE)
    applying.confirm(application, MONDAY + 2 * MINUTE)  # a second press
    partner = Partner.objects.get()
    assert (partner.name, partner.country, partner.employees, partner.domain) == (
        "Fabrikam",
        "DE",
        12,
        "fabrikam.example",
    )
    assert partner.source is not None
    assert (partner.source.key, partner.source_detail) == ("form", "Resellers")
    assert (partner.kind, partner.owner, partner.status) == (form.programme.kind, rita, "prospect")
    assert (partner.contacts.get().name, partner.contacts.get().email) == ("Zoe Lind", "zoe@fabrikam.example")
    rated = {each.key: (each.value, each.by) for each in Rating.objects.all()}
    assert rated == {"trained": (False, rita), "reach": (90, rita)}
    assert Wait.objects.get().metric == "decision"
    assert [notice.person for notice in Notice.objects.filter(kind="to_decide")] == [rita]
    editing.drop(form.questions.get(words="What do you want?"), by=rita, at=MONDAY)
    assert Application.objects.get().said[-1] == {
        "words": "What do you want?",
        "kind": "long",
        "said": "To sell.",
    }


def test_without_a_recruitment_manager_the_heads_are_told(
    form: ApplicationForm, rita: User, erin: User
) -> None:
    rita.grants.all().delete()
    came(form)
    assert [notice.person for notice in Notice.objects.filter(kind="to_decide")] == [erin]


@pytest.mark.parametrize(
    ("email", "website"),
    [
        ("nora@northwind.co.uk", ""),
        ("someone@northwind.co.uk", ""),
        ("someone@gmail.com", "https://shop.northwind.co.uk/x"),
    ],
)
def test_a_firm_that_is_here_keeps_its_record_and_the_applicant_does_not_hear_of_it(
    form: ApplicationForm,
    northwind: Partner,
    nora: Contact,
    rita: User,
    sink: Sink,
    client: Client,
    email: str,
    website: str,
) -> None:
    at_home = {"website": "https://www.northwind.co.uk"}
    organisations.change(northwind, at_home, by=rita, at=MONDAY)
    application = came(form, email=email, website=website)
    northwind.refresh_from_db()
    assert (application.was_known, application.partner) == (True, northwind)
    assert (Partner.objects.count(), northwind.country, Contact.objects.count()) == (1, "", 1)
    assert not Rating.objects.exists()
    address = reverse("lifecycle:application_state", args=[applying.token(application)])
    page = client.get(address).content.decode()
    assert "Northwind" not in page
    assert "Your application is with us" in page
    theirs = reverse("portal:decisions", args=[passes.token(passes.give(nora, 30, by=rita, at=MONDAY))])
    with clock.fixed(MONDAY + MINUTE):
        before = client.get(theirs).content.decode()
        decide(application, "no", rita, "We have no room.")
        after = client.get(theirs).content.decode()
    assert before.count("Nothing was decided yet") == after.count("Nothing was decided yet") == 1
    assert "Resellers" not in before + after
    assert northwind.status == "prospect"
    assert not Decision.objects.filter(visible_to_partner=True).exists()
    outbox.deliver(MONDAY + DAY)
    answer = sink.mails[-1]
    assert answer["To"] == email
    assert "We have no room." in sink.bodies[-1]
    assert "Northwind" not in sink.bodies[-1]


def test_what_nobody_confirms_is_forgotten(form: ApplicationForm) -> None:
    application, other = sent(form, address="192.0.2.7"), came(form, email="b@tailspin.example", website="")
    with pytest.raises(ApplicationRefused, match="expired"):
        applying.confirm(application, MONDAY + 4 * DAY)
    Application.objects.filter(pk=other.pk).update(address="192.0.2.8")
    sweeper.run(MONDAY + 3 * DAY, only="applications")
    assert list(Application.objects.values_list("pk", "address")) == [(other.pk, None)]


def test_no_more_than_a_person_sends(form: ApplicationForm) -> None:
    for _n in range(applying.MOST_OF_ADDRESS):
        sent(form)
    with pytest.raises(ApplicationRefused, match="Look for our mail"):
        sent(form, email="ZOE@fabrikam.example")
    for n in range(applying.MOST_OF_NETWORK):
        sent(form, email=f"p{n}@tailspin.example", address="2001:db8::1")
    with pytest.raises(ApplicationRefused, match="network"):
        sent(form, email="other@tailspin.example", address="2001:db8::1")
    sent(form, email="other@tailspin.example", address="192.0.2.9")


def test_the_mail_that_confirms_holds_no_word_of_a_stranger(form: ApplicationForm, sink: Sink) -> None:
    sent(form, organisation="BUY-PILLS http://spam.example", person="Win\r\nBcc: all@x.example")
    outbox.deliver(MONDAY + MINUTE)
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"]) == ("zoe@fabrikam.example", "Confirm your application to Acme")
    assert mail["Bcc"] is None
    assert "PILLS" not in sink.bodies[0]
    assert "Win" not in sink.bodies[0]


# --- decided ------------------------------------------------------------------------------------------


def test_a_yes_qualifies_the_prospect_and_is_told_with_the_applicants_page(
    form: ApplicationForm, rita: User, sink: Sink
) -> None:
    application = came(form)
    decide(application, "yes", rita)
    partner = Partner.objects.get()
    assert (application.state, partner.step) == (State.ACCEPTED, "qualified")
    told = Message.objects.get(direction="out")
    assert applying.address(application) in told.body


def test_a_no_declines_it_once_and_a_second_person_hears_the_appeal(
    form: ApplicationForm, rita: User, erin: User
) -> None:
    application = came(form)
    no = decide(application, "no", rita, "Nobody is trained.")
    partner = Partner.objects.get()
    assert (application.state, partner.status) == (State.DECLINED, "declined")
    assert Decision.objects.get() == no
    with pytest.raises(UndoRefused, match="Reopen it instead"):
        history.undo(Event.objects.get(kind="declined"), by=erin, at=MONDAY + 3 * MINUTE)
    appeals.contest(no, "Two are by now.", by=application.contact, at=MONDAY + DAY)
    with pytest.raises(DecisionRefused, match="second person"):
        decide(application, "yes", rita, at=MONDAY + DAY)
    decide(application, "yes", erin, at=MONDAY + DAY)
    partner.refresh_from_db()
    assert (application.state, partner.status, partner.step) == (State.ACCEPTED, "prospect", "qualified")


def test_an_appeal_comes_once_and_in_time(form: ApplicationForm, rita: User) -> None:
    no = decide(came(form), "no", rita, "Nobody is trained.")
    with pytest.raises(DecisionRefused, match="until 1 July 2026"):
        appeals.contest(no, "Late.", by=applying.BY, at=MONDAY + 31 * DAY)
    appeals.contest(no, "In time.", by=applying.BY, at=MONDAY + DAY)
    with pytest.raises(DecisionRefused, match="already"):
        appeals.contest(no, "Again.", by=applying.BY, at=MONDAY + DAY)


def test_the_draft_of_a_no_names_facts_and_no_score_weight_or_threshold(form: ApplicationForm) -> None:
    application = came(form)
    partner = Partner.objects.get()
    ratings.rate(partner, "ours", 1, "They are slow to answer.", by=form.owner, at=MONDAY + MINUTE)
    partner.refresh_from_db()
    draft = drafting.no(application)
    assert "Openness" not in draft
    assert "Trained people: no" in draft
    assert "Customers reached: 90" in draft
    assert "Employees: 12" in draft
    assert "would change" in draft
    known = {"90", "12"}
    canaries = {
        "37",
        "29",
        "31",
        "23",
        "83",
        "67",
        "41",
        "4242",
        "7321",
        str(partner.score),
        str(partner.coverage),
    }
    assert set(re.findall(r"[\d.]*\d", draft)) <= known
    assert not canaries & set(re.findall(r"[\d.]*\d", draft))
    for word in ("score", "weight", "threshold", "points", "must", "weak", "fit"):
        assert word not in draft.lower()


# --- the form is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "choices", "to", "says"),
    [
        ("text", [], "field:employees", "takes the answer to a question of the kind “Number”"),
        ("text", [], "field:nothing", "no such place"),
        ("number", [], TRAINED, "of the kind “Yes or no”"),
        ("choice", ["One"], "", "give 2 to"),
        ("choice", ["Here", "There"], "field:region", "“Here” is none of our Region"),
        ("country", [], "field:country", "goes there already"),
    ],
)
def test_a_question_that_cannot_work_is_refused(
    form: ApplicationForm, kind: str, choices: list[str], to: str, says: str
) -> None:
    with pytest.raises(FormRefused, match=says):
        asks(form, "What?", kind, to, choices=choices)


def test_questions_are_ordered_and_an_answered_form_stays(form: ApplicationForm, rita: User) -> None:
    last = form.questions.last()
    assert last is not None
    editing.raise_up(last, by=rita, at=MONDAY)
    assert list(form.questions.values_list("words", flat=True))[-2] == "What do you want?"
    sent(form)
    with pytest.raises(FormRefused, match="close it instead"):
        editing.remove(form, by=rita, at=MONDAY)
    with pytest.raises(FormRefused, match="address already"):
        editing.add("Others", "reseller", rita, by=rita, at=MONDAY)


# --- the pages ----------------------------------------------------------------------------------------


def typed(form: ApplicationForm, page: str, **other: str) -> dict[str, str]:
    """What somebody types into the page."""
    names = {each.words: f"q{each.pk}" for each in form.questions.all()}
    opened = re.search(r'name="opened" value="([^"]+)"', page)
    assert opened is not None
    return {
        "opened": opened[1],
        "organisation": "Fabrikam",
        "person": "Zoe <b>Lind</b>",
        "email": "zoe@fabrikam.example",
        names["Where are you?"]: "DE",
        names["What do you want?"]: "<script>alert(1)</script>",
        **other,
    }


def test_somebody_applies_confirms_is_declined_and_contests_it(
    client: Client, form: ApplicationForm, rita: User, sink: Sink
) -> None:
    address = reverse("lifecycle:apply", args=["reseller"])
    with clock.fixed(MONDAY):
        page = client.get(address).content.decode()
    with clock.fixed(MONDAY + MINUTE):
        assert "Look into your mailbox" in client.post(address, typed(form, page)).content.decode()
        outbox.deliver(MONDAY + MINUTE)
        link = re.search(r"/apply/a/\S+", sink.bodies[0])
        assert link is not None
        assert "Confirm the application" in client.get(link[0]).content.decode()
        assert not Partner.objects.exists()  # looking records nothing
        page = client.post(link[0], follow=True).content.decode()
        assert "You have our answer by Monday 8 June 2026" in page
        assert "<script>alert" not in page
    client.force_login(rita)
    application = Application.objects.get()
    ours = reverse("lifecycle:application_decide", args=[application.pk])
    with clock.fixed(MONDAY + DAY):
        shown = client.get(application.get_absolute_url()).content.decode()
        assert "Zoe &lt;b&gt;Lind" in shown
        assert "We say no for now" in shown
        assert "Resellers" in client.get(reverse("lifecycle:applications")).content.decode()
        assert "Fabrikam applies" in client.get(reverse("conversations:to_decide")).content.decode()
        assert client.post(ours, {"answer": "no", "seen": "1"}).status_code == 422
        client.post(ours, {"answer": "no", "seen": "1", "words": "Nobody is trained."})
        client.logout()
        page = client.get(link[0]).content.decode()
        assert "Nobody is trained." in page
        assert "Somebody else than who decided reads it" in page
        assert client.post(f"{link[0]}contest/", {"words": " "}).status_code == 422
        page = client.post(f"{link[0]}contest/", {"words": "Two are."}, follow=True).content.decode()
        assert "You have contested our answer" in page
        page = client.post(f"{link[0]}take-back/", follow=True).content.decode()
        assert "You have contested our answer" not in page
        assert "Nobody is trained." in page
        assert not Matter.objects.open().exists()
        again = client.post(f"{link[0]}take-back/")
        assert (again.status_code, "taken back meanwhile" in again.content.decode()) == (422, True)


def test_a_no_that_ends_the_talks_asks_what_it_is_kept_under(
    client: Client, form: ApplicationForm, rita: User
) -> None:
    lists.seed()
    reason = EndReason.objects.order_by("position", "pk")[1]
    application = came(form)
    with pytest.raises(DecisionRefused, match="kept under"):
        decide(application, "no", rita, "Nobody is trained.")
    matter, said = matter_of(application), {"answer": "no", "seen": "1", "words": "Nobody is trained."}
    client.force_login(rita)
    with clock.fixed(MONDAY + DAY):
        for address in (
            reverse("conversations:decide", args=[matter.pk]),
            reverse("lifecycle:application_decide", args=[application.pk]),
        ):
            refused = client.post(address, {**said, "sort": "99999999999999999999"})
            assert refused.status_code == 422
            assert reason.name in refused.content.decode()
            assert "Nobody is trained." in refused.content.decode()
        client.post(reverse("conversations:decide", args=[matter.pk]), {**said, "sort": reason.pk})
    partner = Partner.objects.get()
    assert (partner.status, partner.end_reason) == ("declined", reason)
    assert reason.name not in Decision.objects.get().reason


@pytest.mark.parametrize(
    ("after", "other", "status", "says"),
    [
        (timedelta(seconds=1), {}, 422, "very quick"),
        (2 * DAY, {}, 422, "stood open for long"),
        (MINUTE, {"opened": "2026-06-01T09:00:00+02:00"}, 422, "stood open for long"),
        (MINUTE, {"email": "zoe@fabrikam.example\nBcc: x@x.example"}, 422, "valid email"),
        (MINUTE, {"organisation": "x" * 201}, 422, "at most 200"),
        (MINUTE, {"website": "javascript:alert(1)"}, 422, "valid URL"),
        (MINUTE, {"fax_number": "1"}, 200, "Look into your mailbox"),
    ],
)
def test_what_no_person_sends_is_not_kept(
    client: Client, form: ApplicationForm, after: timedelta, other: dict[str, str], status: int, says: str
) -> None:
    address = reverse("lifecycle:apply", args=["reseller"])
    with clock.fixed(MONDAY):
        page = client.get(address).content.decode()
    with clock.fixed(MONDAY + after):
        answer = client.post(address, typed(form, page, **other))
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not Application.objects.exists()
    if says == "stood open for long":
        with clock.fixed(MONDAY + after + MINUTE):
            again = client.post(address, typed(form, answer.content.decode()))
        assert "Look into your mailbox" in again.content.decode()


def test_a_closed_form_and_a_made_up_address_lead_nowhere(
    client: Client, form: ApplicationForm, rita: User
) -> None:
    editing.switch(form, is_open=False, by=rita, at=MONDAY)
    assert client.get("/apply/reseller/").status_code == 410
    assert client.get("/apply/nothing/").status_code == 404
    assert client.get("/apply/a/made-up:signature/").status_code == 404
    assert Event.objects.filter(kind="application_form_closed").exists()


def test_the_editor_keeps_a_form(client: Client, rita: User, ravi: User, bob: User) -> None:
    client.force_login(rita)
    new = {"name": "Agencies", "slug": "Agencies", "owner": rita.pk}
    assert client.post(reverse("lifecycle:application_forms"), new).status_code == 303
    form = ApplicationForm.objects.get(slug="agencies")
    add = reverse("lifecycle:question_add", args=[form.pk])
    refused = client.post(add, {"words": "Which?", "kind": "choice", "choices": "One"})
    assert refused.status_code == 422
    assert "Which?" in refused.content.decode()
    client.post(add, {"words": "Which?", "kind": "choice", "choices": "One\nTwo", "is_required": "on"})
    assert form.questions.get().choices == ["One", "Two"]
    client.post(reverse("lifecycle:application_form_switch", args=[form.pk]), {"do": "open"})
    page = client.get("/apply/agencies/").content.decode()
    assert "Which?" in page
    client.force_login(bob)
    assert client.get(form.get_absolute_url()).status_code == 403
