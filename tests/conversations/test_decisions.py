"""Our yes or no: who decides, by when, in which words; contested once, before another person."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import (
    appeals,
    deciders,
    decision_kinds,
    decisions,
    figures,
    policies,
    sweeping,
    threads,
    waits,
)
from conversations.decision_kinds import Kind, KindRefused, Look, Starter
from conversations.decisions import DecisionRefused
from conversations.models import Approval, Decision, DecisionKind, Matter, Message, Wait
from dashboards import queue
from partners import contacts
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock
from prm.money import Money
from team import people
from team.models import Company, Region, Role, User
from tests.conftest import BERLIN, MONDAY, person
from tests.programs import program

FUNDS = "fund request"


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=BERLIN)


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> list[Decision]:
    """A kind with amounts, registered for the test; what it decided."""
    done: list[Decision] = []
    starter = Starter(
        "Fund requests", 24 * 3600, yes=["It fits the plan."], no=["It is not in the plan."], appeal_days=30
    )
    kind = Kind(
        FUNDS,
        starter,
        look=lambda matters: {matter.pk: Look(f"{matter.partner} asks for funds") for matter in matters},
        decided=lambda matter, decision, at: done.append(decision),
        has_amounts=True,
    )
    monkeypatch.setattr(decision_kinds, "_kinds", {**decision_kinds._kinds, FUNDS: kind})
    return done


@pytest.fixture
def matter(paid: list[Decision], nora: Contact, erin: User) -> Matter:
    return decisions.ask(FUNDS, nora.partner, nora, moment(3), words="A stand at the fair")


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


# --- asked and decided --------------------------------------------------------------------------------


def test_who_leads_the_owner_is_told_at_once_and_has_a_clock(matter: Matter, erin: User, alice: User) -> None:
    told = erin.notices.get(kind="to_decide")
    assert (told.text, told.why) == (
        "Nora Berg waits for your yes or no: Fund requests: Northwind",
        "You lead Alice.",
    )
    assert (matter.wait.metric, matter.wait.due_at) == ("decision", moment(4))
    assert not alice.notices.exists()


def test_one_press_says_the_first_yes_of_its_kind(
    matter: Matter, paid: list[Decision], erin: User, alice: User
) -> None:
    made = decisions.decide(matter, "yes", "", erin, moment(3, 15))
    assert (made.reason, made.partner, made.appeal_until) == ("It fits the plan.", matter.partner, None)
    assert paid == [made]
    assert (again(matter).wait.state, again(matter).wait.answered_by) == ("met", erin)
    assert "It fits the plan." in alice.notices.get(kind="decided").text
    with pytest.raises(DecisionRefused, match="Erin decided this already: yes"):
        decisions.decide(matter, "no", "Late", erin, moment(3, 16))


def test_a_no_needs_words_and_the_partner_reads_them(
    matter: Matter, paid: list[Decision], erin: User, nora: Contact
) -> None:
    with pytest.raises(DecisionRefused, match="Say why not"):
        decisions.decide(matter, "no", " ", erin, moment(3, 15))
    made = decisions.decide(matter, "no", "It is not in the plan.", erin, moment(3, 15))
    assert made.appeal_until == moment(3, 15) + timedelta(days=30)
    written = Message.objects.get(conversation=matter.wait.conversation)
    assert (written.contact, written.author, written.visible_to_partner) == (nora, erin, True)
    assert "A stand at the fair" in written.body
    assert "It is not in the plan." in written.body
    assert "contest this until 3 July 2026" in written.body


def test_with_a_mail_server_the_decision_goes_out_by_mail(matter: Matter, erin: User, sink: Any) -> None:
    decisions.decide(matter, "no", "It is not in the plan.", erin, moment(3, 15))
    written = Message.objects.get(conversation=matter.wait.conversation)
    assert (written.channel, written.address) == ("email", "Nora@northwind.co.uk")
    assert written.outbox is not None


def test_where_the_effect_is_refused_nothing_is_written(
    matter: Matter, erin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(matter: Matter, decision: Decision, at: datetime) -> None:
        raise DecisionRefused("There is no money left.")

    former = decision_kinds.named(FUNDS)
    broken = Kind(FUNDS, former.starter, former.look, refuse, has_amounts=True)
    monkeypatch.setitem(decision_kinds._kinds, FUNDS, broken)
    with pytest.raises(DecisionRefused, match="no money left"):
        decisions.decide(matter, "yes", "", erin, moment(3, 15))
    assert not Decision.objects.exists()
    assert again(matter).ended_at is None
    assert again(matter).wait.is_open
    assert erin.to_decide.count() == 1


def test_about_one_thing_one_decision_is_asked_at_a_time(paid: list[Decision], nora: Contact) -> None:
    about = waits.reference(Wait(pk=7))
    decisions.ask(FUNDS, nora.partner, nora, moment(3), about=about)
    with pytest.raises(DecisionRefused, match="waits for a decision already"):
        decisions.ask(FUNDS, nora.partner, nora, moment(3), about=about)


def test_only_a_decision_closes_its_wait(matter: Matter, alice: User) -> None:
    with pytest.raises(waits.WaitRefused, match="Only a decision"):
        waits.cancel(matter.wait, "Not needed", alice, moment(3, 11))
    with pytest.raises(threads.ThreadRefused, match="A decision is still to be made"):
        threads.resolve(matter.wait.conversation, alice, moment(3, 11))


def test_replies_are_counted_without_it(matter: Matter, alice: User, erin: User) -> None:
    assert queue.read(alice, "mine", moment(3, 11)).count == 0
    assert queue.read(erin, "team", moment(3, 11)).count == 0
    sweeping.sweep_waits(moment(5))
    asked = figures.Asked(moment(1), moment(30))
    assert not figures.fell_due(asked).exists()


def test_it_is_taken_back(matter: Matter, nora: Contact, erin: User) -> None:
    decisions.withdraw(matter, "We found another way.", nora, moment(3, 12))
    assert (again(matter).wait.state, again(matter).wait.cancelled_reason) == (
        "cancelled",
        "We found another way.",
    )
    assert erin.to_decide.count() == 0
    with pytest.raises(DecisionRefused, match="taken back"):
        decisions.decide(matter, "yes", "", erin, moment(3, 13))


# --- who decides --------------------------------------------------------------------------------------


def test_without_a_lead_it_is_with_the_heads(matter: Matter, alice: User, erin: User) -> None:
    User.objects.filter(pk=alice.pk).update(lead=None)
    decisions.follow(moment(3, 11))
    assert [row.why for row in matter.deciders.all()] == ["You lead Alice."]
    gina = person("Gina", Role.HEAD)
    User.objects.filter(pk=erin.pk).update(is_active=False)
    assert decisions.follow(moment(3, 12)) == 1
    assert [row.person for row in matter.deciders.all()] == [gina]
    assert gina.notices.filter(kind="to_decide").count() == 1


def test_on_leave_the_delegate_decides_beside(matter: Matter, erin: User, bob: User) -> None:
    with pytest.raises(DecisionRefused, match="for others to decide: Erin"):
        decisions.decide(matter, "yes", "", bob, moment(3, 11))
    people.go_on_leave(erin, moment(3).date(), moment(9).date(), bob)
    assert decisions.follow(moment(3, 12)) == 1
    assert bob.to_decide.get().why == "You stand in for Erin."
    assert decisions.decide(matter, "yes", "", bob, moment(3, 13)).by == bob


def test_where_the_lead_asks_for_itself_another_head_decides(
    paid: list[Decision], northwind: Partner, erin: User, ravi: User
) -> None:
    matter = decisions.ask(FUNDS, northwind, erin, moment(3))
    assert list(deciders.of(matter, moment(3))) == [ravi]
    gina = person("Gina", Role.HEAD)
    assert list(deciders.of(matter, moment(3))) == [gina]


EUR = [(Role.PROGRAM, 0, ""), (Role.HEAD, 500_000, "EUR"), (Role.ADMIN, 5_000_000, "EUR")]


@pytest.mark.parametrize(
    ("amount", "roles"),
    [
        (None, {Role.PROGRAM}),
        (Money(499_999, "EUR"), {Role.PROGRAM}),
        (Money(500_000, "EUR"), {Role.HEAD}),
        (Money(5_000_000, "EUR"), {Role.ADMIN}),
        (Money(1, "USD"), {Role.HEAD}),
    ],
)
def test_from_an_amount_on_another_role_decides(amount: Money | None, roles: set[str]) -> None:
    rows = [Approval(role=role, from_minor=minor, currency=currency) for role, minor, currency in EUR]
    assert deciders.roles_for(rows, amount)[0] == roles


def test_a_role_narrowed_to_a_region_decides_there_only(
    paid: list[Decision], northwind: Partner, nora: Contact, erin: User, company: Company
) -> None:
    kind = decision_kinds.row(FUNDS, MONDAY)
    Approval.objects.create(kind=kind, role=Role.PROGRAM, from_minor=100, currency="EUR")
    paula = person("Paula", Role.PROGRAM)
    asked = decisions.ask(FUNDS, northwind, nora, moment(3), amount=Money(100, "EUR"))
    assert list(deciders.of(asked, moment(3))) == [paula]
    paula.grants.get().regions.add(Region.objects.create(name="Elsewhere"))
    assert list(deciders.of(again(asked), moment(3))) == [erin]


# --- by when ------------------------------------------------------------------------------------------


def test_who_decides_is_warned_and_it_is_raised_not_who_answers(
    matter: Matter, alice: User, erin: User
) -> None:
    gina = person("Gina", Role.HEAD)
    User.objects.filter(pk=erin.pk).update(lead=gina)
    sweeping.sweep_waits(moment(4, 5))
    assert erin.notices.get(kind="wait_warned").text == "A decision is due soon: Fund requests: Northwind"
    sweeping.sweep_waits(moment(4, 10, 1))
    late = erin.notices.get(kind="wait_breached")
    assert (late.why, late.url) == ("You decide on this.", f"/to-decide/#m{matter.pk}")
    sweeping.sweep_waits(moment(4, 15))
    assert "late still" in gina.notices.get(kind="wait_raised").text
    assert not alice.notices.exists()
    assert decisions.decide(matter, "yes", "", gina, moment(5)).by == gina
    assert again(matter).wait.state == "met_late"


def test_the_promise_of_a_kind_is_none_of_the_replies(
    matter: Matter, ravi: User, northwind: Partner, alice: User
) -> None:
    promise = decision_kinds.promise_of(matter.kind)
    assert policies.matching(northwind) != promise
    assert promise not in policies.in_order()
    decision_kinds.change(
        matter.kind,
        ravi,
        moment(3, 11),
        name="Fund requests",
        calendar=None,
        lead_decides=True,
        roles=["head"],
        appeal_days=30,
        first_seconds=3600,
        next_seconds=3600,
    )
    assert again(matter).wait.due_at == moment(4)
    later = decisions.ask(FUNDS, northwind, alice, moment(3, 12))
    assert later.wait.due_at == moment(3, 13)
    assert Event.objects.filter(kind="policy_changed").exists()


def test_somebody_has_to_decide(matter: Matter, ravi: User) -> None:
    kept: dict[str, Any] = {"name": "Funds", "calendar": None, "appeal_days": None}
    with pytest.raises(KindRefused, match="Say who decides"):
        decision_kinds.change(matter.kind, ravi, moment(3), lead_decides=False, roles=[], **kept)
    assert DecisionKind.objects.get(pk=matter.kind.pk).name == "Fund requests"


# --- contested ----------------------------------------------------------------------------------------


@pytest.fixture
def refused(matter: Matter, erin: User) -> Decision:
    return decisions.decide(matter, "no", "It is not in the plan.", erin, moment(3, 15))


def test_another_person_decides_what_is_contested(
    refused: Decision, nora: Contact, erin: User, ravi: User
) -> None:
    gina = person("Gina", Role.HEAD)
    contested = appeals.contest(refused, "The plan was changed.", nora, moment(4))
    assert [row.person for row in contested.deciders.all()] == [gina]
    with pytest.raises(DecisionRefused, match="A second person decides what is contested: Gina"):
        decisions.decide(contested, "yes", "", erin, moment(4, 11))
    second = decisions.decide(contested, "no", "It was not.", gina, moment(4, 12))
    assert second.appeal_until is None
    with pytest.raises(DecisionRefused, match="cannot be contested"):
        appeals.contest(second, "Still", nora, moment(4, 13))


def test_where_there_is_no_second_person_the_first_one_decides_again(
    refused: Decision, nora: Contact, erin: User, alice: User, client: Client
) -> None:
    assert deciders.who_decides_anew(refused, moment(4)).endswith("there is no second one here.")
    contested = appeals.contest(refused, "The plan was changed.", nora, moment(4))
    assert [(row.person, row.why) for row in contested.deciders.all()] == [(erin, deciders.ALONE)]
    client.force_login(erin)
    assert deciders.ALONE in client.get(reverse("conversations:to_decide")).content.decode()
    assert decisions.decide(contested, "yes", "", erin, moment(4, 11)).is_yes


def test_who_contested_it_takes_that_back(
    refused: Decision, nora: Contact, alice: User, ravi: User, client: Client
) -> None:
    other = contacts.add(nora.partner, "Ove", by=alice, at=moment(4), email="ove@northwind.co.uk")
    appeals.contest(refused, "The plan was changed.", nora, moment(4))
    with clock.fixed(moment(5)):
        pages = [passes.token(passes.give(who, 30, by=alice, at=moment(4))) for who in (other, nora)]
        back = [reverse("portal:take_back_appeal", args=[token, refused.pk]) for token in pages]
        says = client.post(back[0], follow=True).content.decode()
        assert "Nora Berg contested it, and takes it back." in says
        assert "You contest it no more." in client.post(back[1], follow=True).content.decode()
        assert "taken back meanwhile" in client.post(back[1], follow=True).content.decode()
    assert not Matter.objects.open().exists()
    with pytest.raises(DecisionRefused, match="contested already"):
        appeals.contest(refused, "Again", nora, moment(6))


def test_it_is_contested_once_and_before_its_deadline(refused: Decision, nora: Contact) -> None:
    last = refused.appeal_until
    assert last is not None
    with pytest.raises(DecisionRefused, match="Say why"):
        appeals.contest(refused, "  ", nora, last)
    with pytest.raises(DecisionRefused, match="could be contested until 3 July 2026"):
        appeals.contest(refused, "Late", nora, last + timedelta(seconds=1))
    appeals.contest(refused, "In time", nora, last)
    with pytest.raises(DecisionRefused, match="contested already"):
        appeals.contest(refused, "Twice", nora, last)


# --- the page -----------------------------------------------------------------------------------------


def test_the_list_has_the_words_the_reason_it_is_there_and_the_clock(
    matter: Matter, erin: User, alice: User, client: Client
) -> None:
    client.force_login(erin)
    with clock.fixed(moment(3, 11)):
        page = client.get("/to-decide/").content.decode()
        today = client.get("/?queue=mine").content.decode()
    for words in ("Northwind asks for funds", "A stand at the fair", "You lead Alice.", "23 h left"):
        assert words in page
    assert "1 waits for your yes or no" in today
    assert today.count('href="/to-decide/"') == 3  # beside, below and in the sentence
    client.force_login(alice)
    with clock.fixed(moment(3, 11)):
        assert "/to-decide/" not in client.get("/").content.decode()
        assert "Nothing waits for your yes" in client.get("/to-decide/").content.decode()


def test_yes_is_one_press(matter: Matter, erin: User, client: Client) -> None:
    client.force_login(erin)
    with clock.fixed(moment(3, 11)):
        answer = client.post(f"/to-decide/{matter.pk}/decide/", {"answer": "yes", "seen": "1"}, follow=True)
        again_ = client.post(f"/to-decide/{matter.pk}/decide/", {"answer": "no", "seen": "1", "words": "Oh"})
    assert "Yes: Fund requests, Northwind" in answer.content.decode()
    assert again_.status_code == 422
    assert "Erin decided this already: yes." in again_.content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"answer": "no"}, "Say why not"),
        ({"answer": "no", "chosen": "It fits the plan."}, "for the other answer"),
        ({"answer": "perhaps"}, "perhaps"),
        ({"answer": "no", "words": "x" * 5001}, "5000"),
    ],
)
def test_what_cannot_be_read_comes_back_with_what_was_typed(
    matter: Matter, erin: User, client: Client, typed: dict[str, str], says: str
) -> None:
    client.force_login(erin)
    with clock.fixed(moment(3, 11)):
        answer = client.post(f"/to-decide/{matter.pk}/decide/", {"seen": "1", **typed})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert again(matter).ended_at is None


def test_who_may_not_decide_is_told_who_does(matter: Matter, bob: User, client: Client) -> None:
    client.force_login(bob)
    answer = client.post(f"/to-decide/{matter.pk}/decide/", {"answer": "yes", "seen": "1"})
    assert answer.status_code == 403
    assert "This is for others to decide: Erin." in answer.content.decode()


def test_a_colleague_writes_down_that_a_decision_is_contested(
    refused: Decision, alice: User, nora: Contact, client: Client
) -> None:
    gina = person("Gina", Role.HEAD)
    client.force_login(alice)
    with clock.fixed(moment(5)):
        assert "they contest it" in client.get(refused.partner.get_absolute_url()).content.decode()
        address = f"/decisions/{refused.pk}/contest/"
        assert client.post(address, {"words": ""}).status_code == 422
        typed = {"words": "They say the plan was changed.", "contact": nora.pk}
        says = client.post(address, typed, follow=True).content.decode()
        assert "Written down. Somebody else than who decided" in says
    contested = Matter.objects.open().get()
    assert (contested.contact, contested.asked_by) == (nora, alice)
    assert [row.person for row in contested.deciders.all()] == [gina]
    client.post(f"/to-decide/{contested.pk}/take-back/")
    assert not Matter.objects.open().exists()


# --- Settings -----------------------------------------------------------------------------------------


def test_an_admin_sets_how_it_is_decided(matter: Matter, ravi: User, client: Client) -> None:
    client.force_login(ravi)
    listed = client.get("/settings/decisions/").content.decode()
    assert all(name in listed for name in ("Fund requests", "Replies reported late", "Declined prospects"))
    here = f"/settings/decisions/{matter.kind.pk}/"
    assert client.get(here).status_code == 200
    typed = {
        "name": "Funds",
        "mode": "working_days",
        "hours": "48",
        "warn_percent": "50",
        "lead_hours": "4",
        "head_after_days": "",
        "roles": ["program", "head"],
        "appeal_days": "14",
    }
    assert "Saved" in client.post(here, typed, follow=True).content.decode()
    kind = DecisionKind.objects.get(pk=matter.kind.pk)
    promise = decision_kinds.promise_of(kind)
    assert (kind.name, kind.appeal_days, kind.lead_decides) == ("Funds", 14, False)
    assert (promise.first_seconds, promise.next_seconds, promise.head_after_days) == (
        48 * 3600,
        48 * 3600,
        None,
    )
    assert {each.role for each in kind.approvals.all()} == {"program", "head"}
    nobody = client.post(here, {**typed, "roles": []})
    assert nobody.status_code == 422
    assert "Say who decides" in nobody.content.decode()


def test_an_admin_keeps_the_words_and_the_amounts(matter: Matter, ravi: User, client: Client) -> None:
    client.force_login(ravi)
    here = f"/settings/decisions/{matter.kind.pk}/"
    client.post(f"{here}words/", {"answer": "no", "words": "Ask again in spring."})
    assert client.post(f"{here}words/", {"answer": "no", "words": "Ask again in spring."}).status_code == 422
    yes = matter.kind.reasons.get(answer="yes")
    kept = client.post(f"/settings/decisions/words/{yes.pk}/remove/", follow=True).content.decode()
    assert "A yes needs words, too" in kept
    assert matter.kind.reasons.filter(answer="yes").exists()
    client.post(f"{here}amounts/", {"amount": "5000", "currency": "EUR", "role": "head"})
    threshold = matter.kind.approvals.get(currency="EUR")
    assert (threshold.from_minor, str(threshold)) == (500_000, "Head of partnerships from EUR 5,000")
    fine = client.post(f"{here}amounts/", {"amount": "0.001", "currency": "EUR", "role": "head"})
    assert fine.status_code == 422
    client.post(f"/settings/decisions/amounts/{threshold.pk}/remove/")
    assert not matter.kind.approvals.filter(currency="EUR").exists()


# --- other programs -----------------------------------------------------------------------------------


def test_a_program_takes_back_what_waits_for_a_decision(matter: Matter, alice: User, bob: User) -> None:
    here = f"/api/v1/waits/{matter.wait_id}/withdraw-matter/"
    assert program(bob).send(here).status_code == 403
    assert program(alice).send(here).json()["state"] == "cancelled"
    assert not Matter.objects.open().exists()
    assert program(alice).send(here).status_code == 409
