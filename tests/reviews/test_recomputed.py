"""Each figure of a packet, reckoned once more by plain SQL that knows nothing of the sections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from django.db import connection

from conversations import commitments, messages
from conversations.commitments import Promise
from lifecycle import tasks
from lifecycle.growth import customers, deals, phases
from lifecycle.growth.helping import requests
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import Spent
from lifecycle.growth.models import Deal, Phase
from lifecycle.growth.referrals import passing
from lifecycle.growth.referrals.passing import Opportunity
from lifecycle.models import Certificate, Course, PlanTemplate
from lifecycle.onboarding import plans, starters
from partners.models import Contact, Partner
from prm import clock
from reviews import scheduling
from reviews.issues import raising, solving
from reviews.issues.models import Cause
from reviews.meetings import actions, steps
from reviews.meetings.packet import shown
from reviews.models import Review
from reviews.planning import targets
from reviews.surveying import answering, surveys
from reviews.surveying.models import Invitation, Survey, SurveyQuestion
from reviews.surveying.surveys import Outline
from team import rates
from team.models import User
from tests.conftest import BERLIN, MONDAY
from tests.reviews.conftest import DAY

HOUR = timedelta(hours=1)
SINCE, UNTIL = date(2026, 4, 1), date(2026, 6, 1)  # the quarter up to MONDAY
NOW = datetime(2026, 6, 1, 20, tzinfo=BERLIN)


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=BERLIN)


@pytest.fixture
def quarter(
    grown: Partner, contoso: Partner, nora: Contact, alice: User, erin: User, monkeypatch: pytest.MonkeyPatch
) -> Review:
    """A quarter of history, with things beside it that do not count; the review of it is being prepared."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    scheduling.set_rhythm(grown, date(2025, 6, 30), 3, by=alice, at=at(2, 1))
    scheduling.ensure_upcoming(at(3, 1), [grown.pk])
    before = Review.objects.get()
    note = actions.note(before, "Train two", by=alice, at=at(3, 31))
    steps.hold(before, date(2026, 3, 31), by=alice, at=at(3, 31))
    wanted = actions.Wanted("Train two", "theirs", contact=nora, due_on=date(2026, 5, 4))
    commitments.keep(actions.write(note, wanted, by=alice, at=at(3, 31)).commitment, alice, at(5, 1))
    _promised(grown, contoso, nora, alice)
    _talked(grown, nora, alice)
    _sold(grown, contoso, nora, alice)
    _learnt(grown, contoso, alice)
    _went_wrong(grown, nora, alice)
    _answered(grown, erin)
    return Review.objects.ahead().get(partner=grown)


def _promised(grown: Partner, contoso: Partner, nora: Contact, alice: User) -> None:
    owed = commitments.make(
        grown, Promise("Owed", date(2026, 3, 20)), by=alice, at=at(3, 1), visible_to_partner=True
    )
    assert owed.is_open  # since before the last review
    for n, (partner, due, shared) in enumerate(
        [(grown, 10, True), (grown, 11, True), (grown, 12, False), (contoso, 13, True), (grown, 29, True)]
    ):
        told = Promise(f"Promise {n}", date(2026, 5, due))
        made = commitments.make(partner, told, by=alice, at=at(5, 1), visible_to_partner=shared)
        if n in {0, 2, 3}:
            commitments.keep(made, by=alice, at=at(5, 9))
        elif n == 1:
            commitments.break_(made, "Forgotten", by=alice, at=at(5, 12))


def _talked(grown: Partner, nora: Contact, alice: User) -> None:
    """Six questions of the time, one answered late; one of the winter."""
    for day, hours in ((2, 1), (9, 3), (16, 5), (20, 30), (21, 2), (22, 7)):
        asked = messages.receive(grown, "email", "When?", at=at(4, day), contact=nora, subject=f"On {day}")
        messages.reply(asked.conversation, "Then.", by=alice, at=at(4, day) + hours * HOUR)
    for day, answered in ((4, 5), (11, 20), (18, 0)):  # in time, late, never
        sent = messages.start(
            grown, f"Asked on {day}", "Which?", alice, at(5, day), to=nora, wanted_by=date(2026, 5, day + 3)
        )
        if answered:
            talk, when = sent.conversation, at(5, answered)
            messages.receive(grown, "email", "This one.", at=when, conversation=talk, contact=nora)
    old = messages.receive(grown, "email", "Old?", at=at(3, 2), contact=nora, subject="Old")
    messages.reply(old.conversation, "Yes.", by=alice, at=at(3, 2) + 9 * HOUR)


def _sold(grown: Partner, contoso: Partner, nora: Contact, alice: User) -> None:
    phases.seed()
    for month, worth in ((1, "0.9"), (6, "0.5")):  # the later one came after what was won
        rates.state(rates.Wanted("USD", date(2026, month, 1), Decimal(worth)), by=alice, at=at(6, 1))
    won, customer = Phase.objects.get(ends="won"), customers.found("Baker Foods", at(1, 5))

    def sell(partner: Partner, began: datetime, amount: int, closed: datetime | None, **more: Any) -> Deal:
        deal = deals.start(partner, f"Deal of {amount}", customer, alice, began, amount=amount, **more)
        if closed:
            deals.move(deal, won, by=alice, at=closed)
        return deal

    sell(grown, at(2, 2), 1_250_000, at(4, 1, 0))
    sell(grown, at(4, 2), 700_000, at(5, 4))
    sell(grown, at(4, 2), 990_000, at(5, 4), currency="USD")
    sell(grown, at(4, 2), 40_000, at(5, 4), role="influenced")
    sell(grown, at(2, 2), 8_888_800, at(3, 31))
    sell(contoso, at(4, 2), 7_777_700, at(5, 4))
    helped = sell(grown, at(5, 4), 300_000, None, expected_close_on=date(2026, 8, 3))
    sell(grown, at(5, 5), 200_000, None, expected_close_on=date(2026, 12, 1))
    requests.ask(helped, grown, "quote", "A quote, please.", by=nora, at=at(5, 6))
    for n, day in enumerate((3, 4)):
        what = Opportunity(customer=customer, name=f"Site {n}", amount=100_000, currency="EUR")
        referral = passing.pass_on(what, [grown], "turn", 5, by=alice, at=at(4, day))
        if n == 0:
            taken = passing.accept(referral.offers.get(), by=nora, at=at(4, 7))
            deals.move(taken, won, by=alice, at=at(5, 8))
    _invested(grown, contoso, alice)
    for measure, first, aim in (
        ("won_sourced", date(2026, 4, 1), 4_000_000),
        ("brought", date(2026, 4, 1), 9),
        ("certified", date(2026, 4, 1), 4),
        ("won_sourced", date(2026, 7, 1), 5_000_000),
    ):
        targets.set_one(grown, targets.Wanted(measure, aim, first, "EUR"), by=alice, at=MONDAY)


def _invested(grown: Partner, contoso: Partner, alice: User) -> None:
    """Of the time and shown, but for one thing each."""
    for partner, month, is_shown in (
        (grown, 4, True),
        (grown, 5, True),
        (grown, 5, False),
        (grown, 3, True),
        (contoso, 5, True),
    ):
        for kind, given in (
            ("hours", {"minutes": 95}),
            ("funds", {"amount": 120_000, "currency": "EUR"}),
            ("funds", {"amount": 80_000, "currency": "USD"}),
            ("introduction", {"to": "Baker Foods"}),
        ):
            spent = Spent(kind, date(2026, month, 4), "Words", is_shown=is_shown, **given)  # type: ignore[arg-type]
            investments.log(partner, spent, by=alice, at=at(5, 4))
    mistaken = Spent("funds", date(2026, 5, 4), "Not so", amount=100, currency="EUR", is_shown=True)
    investments.take_back(investments.log(grown, mistaken, by=alice, at=at(5, 4)), alice, at(5, 5))


def _learnt(grown: Partner, contoso: Partner, alice: User) -> None:
    course = Course.objects.create(title="Selling", published_at=at(1, 5), created_at=at(1, 5))
    for n, (partner, issued, until, withdrawn) in enumerate(
        [
            (grown, date(2026, 4, 1), None, False),
            (grown, date(2026, 5, 4), date(2026, 7, 1), False),
            (grown, date(2026, 5, 5), None, True),
            (grown, date(2026, 3, 31), date(2026, 5, 31), False),
            (contoso, date(2026, 5, 6), None, False),
        ]
    ):
        given = {"partner": partner, "issued_on": issued, "valid_until": until}
        if withdrawn:
            given |= {"withdrawn_at": at(5, 9), "withdrawn_reason": "A mistake"}
        Certificate.objects.create(number=f"{n}", course=course, name="Nora", **given)
    starters.seed(at(1, 5))
    plan = plans.make(grown, PlanTemplate.objects.earliest("pk"), date(2026, 5, 4), by=alice, at=at(5, 4))
    for task in plan.tasks.order_by("pk")[:2]:
        tasks.skip(task, "Done before", by=alice, at=at(5, 5))


def _went_wrong(grown: Partner, nora: Contact, alice: User) -> None:
    cause = Cause.objects.create(name="A release")
    spans = ((at(3, 3), at(3, 5)), (at(3, 9), at(4, 9)), (at(5, 4), at(5, 4, 13)))
    for n, (raised, solved) in enumerate(spans):
        issue = raising.raise_one(grown, f"Issue {n}", "Words", "critical", by=nora, at=raised)
        solving.solve(issue, "Mended", cause, by=alice, at=solved)
    raising.raise_one(grown, "Open one", "Words", "critical", by=nora, at=at(5, 28))


def _answered(grown: Partner, erin: User) -> None:
    for n in range(7):
        email = f"{n}@northwind.example"
        Contact.objects.create(partner=grown, name=f"P{n}", email=email, created_at=at(1, 5))
    survey = surveys.make(Outline("Spring", Survey.Kind.NPS, "One question."), erin, at(4, 20))
    surveys.draw(survey, erin, at(4, 20))
    question = SurveyQuestion.objects.get(survey=survey, place=0)
    for invitation, mark in zip(Invitation.objects.asked(), (10, 9, 3, 8, 10, 0), strict=False):
        answering.answer(invitation, {question.pk: mark}, "", at(4, 21) + mark * HOUR)


# --- once more ----------------------------------------------------------------------------------------------


def ask(sql: str, **more: Any) -> list[tuple[Any, ...]]:
    """Rows of plain SQL, of Northwind from the first moment of its time up to the end of its last day."""
    begin, end = (datetime(d.year, d.month, d.day, tzinfo=BERLIN) for d in (SINCE, UNTIL + DAY))
    given = {
        "since": SINCE.isoformat(),
        "until": UNTIL.isoformat(),
        "begin": f"{begin.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "end": f"{end.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def one(sql: str, **more: Any) -> Any:
    return ask(sql, **more)[0][0]


PARTNER = "(SELECT id FROM partners_partner WHERE name = 'Northwind')"
PART = f"""FROM lifecycle_deal d JOIN lifecycle_credit c ON c.deal_id = d.id
    AND c.to_at IS NULL AND c.partner_id = {PARTNER}"""
WON = f"{PART} WHERE d.state = 'won' AND d.closed_on BETWEEN %(since)s AND %(until)s"
OPEN = f"""FROM lifecycle_deal d WHERE d.state = 'open' AND EXISTS (SELECT 1 FROM lifecycle_credit c
    WHERE c.deal_id = d.id AND c.to_at IS NULL AND c.partner_id = {PARTNER})"""
DUE = f"""FROM conversations_commitment p WHERE p.partner_id = {PARTNER} AND p.status <> 'withdrawn'
    AND (p.visible_to_partner AND p.promised_for <= %(until)s
            AND (p.promised_for >= %(since)s OR p.status = 'open')
         OR p.id IN (SELECT a.commitment_id FROM reviews_action a JOIN reviews_review r ON r.id = a.review_id
                     WHERE r.partner_id = {PARTNER} AND r.held_on IS NOT NULL))"""
ISSUES = f"FROM reviews_issue i WHERE i.partner_id = {PARTNER} AND i.raised_at < %(end)s"
SOLVED = f"{ISSUES} AND i.solved_at >= %(begin)s AND i.solved_at < %(end)s"


def money(minor: int, currency: str) -> str:
    return f"{currency} {minor // 100:,}"


def again() -> Iterator[tuple[tuple[str, str], str]]:
    """(section, key) and value of every figure the packet should show."""
    for side in ("ours", "theirs"):
        kept = one(f"SELECT count(*) {DUE} AND p.side = %(side)s AND p.status = 'kept'", side=side)
        over = "(p.status <> 'open' OR p.promised_for < %(until)s)"
        due = one(f"SELECT count(*) {DUE} AND p.side = %(side)s AND {over}", side=side)
        moved = one(f"SELECT count(*) {DUE} AND p.side = %(side)s AND p.status = 'renegotiated'", side=side)
        every = one(f"SELECT count(*) {DUE} AND p.side = %(side)s", side=side)
        yield ("promises", f"{side}_open"), str(every - due)
        if due:
            yield ("promises", side), f"{kept} of {due}"
            yield ("promises", f"{side}_moved"), f"{moved} of {due}"
            yield ("promises", f"{side}_failed"), f"{due - kept - moved} of {due}"
    yield from _exchanged()
    for role, n in ask(f"SELECT c.role, count(*) {WON} GROUP BY c.role"):
        yield ("results", role), str(n)
    for role, currency, total in ask(f"SELECT c.role, d.currency, sum(d.amount) {WON} GROUP BY 1, 2"):
        yield ("results", f"{role}_{currency}"), money(int(total), currency)
    worth = """d.amount * CASE d.currency WHEN 'EUR' THEN 1 ELSE (SELECT r.worth FROM team_rate r
        WHERE r.currency = d.currency AND r.since_on <= d.closed_on ORDER BY r.since_on DESC LIMIT 1) END"""
    for role, total in ask(
        f"SELECT c.role, sum({worth}) {WON} GROUP BY c.role HAVING count(DISTINCT d.currency) > 1"
    ):
        yield ("results", f"{role}_all"), f"≈ {money(int(total), 'EUR')} at 1 USD = 0.9 EUR of 1 Jan 2026"
    yield ("deals", "open"), str(one(f"SELECT count(*) {OPEN}"))
    for currency, total in ask(f"SELECT d.currency, sum(d.amount) {OPEN} GROUP BY 1"):
        yield ("deals", f"open_{currency}"), money(int(total), currency)
    yield from _waited()
    yield from _wanted()
    yield from _trained()
    yield from _aimed()
    left = one(f"SELECT count(*) {ISSUES} AND (i.solved_at IS NULL OR i.solved_at >= %(end)s)")
    yield ("issues", "open"), str(left)
    yield ("issues", "raised"), str(one(f"SELECT count(*) {ISSUES} AND i.raised_at >= %(begin)s"))
    solved = one(f"SELECT count(*) {SOLVED}")
    yield ("issues", "solved"), str(solved)
    waits = "(SELECT w.id FROM conversations_wait w WHERE w.answered_at <= w.due_at)"
    in_time = one(f"SELECT count(*) {SOLVED} AND i.wait_id IN {waits}")
    yield ("issues", "in_time"), f"{in_time} of {solved}"
    yield from _said()


def _exchanged() -> Iterator[tuple[tuple[str, str], str]]:
    offered = f"""FROM lifecycle_offer o JOIN lifecycle_referral r ON r.id = o.referral_id
        WHERE o.partner_id = {PARTNER} AND o.offered_at >= %(begin)s AND o.offered_at < %(end)s"""
    yield ("exchange", "referrals"), str(one(f"SELECT count(*) {offered}"))
    won = "o.state = 'accepted' AND r.deal_id IN (SELECT id FROM lifecycle_deal WHERE state = 'won')"
    yield ("exchange", "referrals_won"), str(one(f"SELECT count(*) {offered} AND {won}"))
    issued = f"""SELECT count(*) FROM lifecycle_certificate WHERE partner_id = {PARTNER}
        AND issued_on BETWEEN %(since)s AND %(until)s AND withdrawn_at IS NULL"""
    yield ("exchange", "trained"), str(one(issued))
    asked = f"""SELECT count(*) FROM lifecycle_help WHERE partner_id = {PARTNER}
        AND asked_at >= %(begin)s AND asked_at < %(end)s"""
    yield ("exchange", "helped"), str(one(asked))
    given = f"""FROM lifecycle_investment WHERE partner_id = {PARTNER} AND is_shown
        AND withdrawn_at IS NULL AND "on" BETWEEN %(since)s AND %(until)s"""
    introduced = one(f"SELECT count(*) {given} AND kind = 'introduction'")
    yield ("exchange", "introduced"), str(introduced)
    hours, minutes = divmod(int(one(f"SELECT sum(minutes) {given}")), 60)
    yield ("exchange", "hours"), f"{hours} h {minutes} min"
    for currency, total in ask(f"SELECT currency, sum(amount) {given} AND kind = 'funds' GROUP BY 1"):
        yield ("exchange", f"funds_{currency}"), money(int(total), currency)
    opened = f"{PART} WHERE c.role = 'sourced' AND d.created_at >= %(begin)s AND d.created_at < %(end)s"
    yield ("exchange", "brought"), str(one(f"SELECT count(DISTINCT d.id) {opened}"))
    sums = ask(f"SELECT d.currency, sum(d.amount) {WON} AND c.role = 'sourced' GROUP BY 1")
    for currency, total in sums:
        yield ("exchange", f"sourced_{currency}"), money(int(total), currency)


def _waited() -> Iterator[tuple[tuple[str, str], str]]:
    of = f"FROM conversations_wait w WHERE w.partner_id = {PARTNER} AND w.metric IN ('first', 'next')"
    due = f"{of} AND w.due_at >= %(begin)s AND w.due_at < %(end)s AND w.state IN ('met', 'met_late', 'late')"
    in_time = one(f"SELECT count(*) {due} AND w.answered_at <= w.due_at")
    yield ("responses", "in_time"), f"{in_time} of {one(f'SELECT count(*) {due}')}"
    rows = ask(
        f"SELECT w.opened_at, w.answered_at {of} AND w.answered_at >= %(begin)s AND w.answered_at < %(end)s"
    )
    took = [(_moment(answered) - _moment(opened)) / HOUR for opened, answered in rows]
    hours, minutes = divmod(round(median(took) * 60), 60)
    yield ("responses", "median"), f"{hours} h" + (f" {minutes} min" if minutes else "")


def _wanted() -> Iterator[tuple[tuple[str, str], str]]:
    """Of their answers: the first thing they wrote in the thread after a message that named a day."""
    rows = ask(
        f"""SELECT w.ends_at, (SELECT min(a.occurred_at) FROM conversations_message a
            WHERE a.conversation_id = m.conversation_id AND a.direction = 'in'
            AND a.occurred_at > m.occurred_at)
        FROM conversations_wanted w JOIN conversations_message m ON m.id = w.message_id
        WHERE m.partner_id = {PARTNER} AND w.ends_at >= %(begin)s AND w.ends_at < %(end)s"""
    )
    in_time = sum(answered is not None and _moment(answered) < _moment(ends) for ends, answered in rows)
    yield ("responses", "their_in_time"), f"{in_time} of {len(rows)}"


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def _trained() -> Iterator[tuple[tuple[str, str], str]]:
    of = f"""FROM lifecycle_task t JOIN lifecycle_plan p ON p.id = t.plan_id
        WHERE p.partner_id = {PARTNER} AND p.finished_at IS NULL"""
    done = one(f"SELECT count(*) {of} AND (t.done_at IS NOT NULL OR t.skipped_at IS NOT NULL)")
    yield ("plan", "done"), f"{done} of {one(f'SELECT count(*) {of}')}"
    held = f"""SELECT count(*) FROM lifecycle_certificate WHERE partner_id = {PARTNER}
        AND withdrawn_at IS NULL AND (valid_until IS NULL OR valid_until >= %(until)s)"""
    yield ("plan", "certificates"), str(one(held))


def _aimed() -> Iterator[tuple[tuple[str, str], str]]:
    """Of the one quarter that the time touches, as it begins with it."""
    rows = ask(
        f"SELECT id, measure, wanted FROM reviews_target WHERE partner_id = {PARTNER}"
        " AND first_on = '2026-04-01'"
    )
    reached = dict(_exchanged())
    for pk, measure, wanted in rows:
        if measure == "won_sourced":
            words = f"{reached['exchange', 'sourced_EUR']} of {money(wanted, 'EUR')}"
        elif measure == "brought":
            words = f"{reached['exchange', 'brought']} of {wanted} deals"
        else:
            words = f"{reached['exchange', 'trained']} of {wanted} certificates"
        yield ("targets", f"target_{pk}"), words


def _said() -> Iterator[tuple[tuple[str, str], str]]:
    marks = [
        value
        for (value,) in ask(
            f"""SELECT m.value FROM reviews_mark m JOIN reviews_answer a ON a.id = m.answer_id
            JOIN reviews_invitation i ON i.id = a.invitation_id WHERE i.partner_id = {PARTNER}
            AND a.at >= %(begin)s AND a.at < %(end)s ORDER BY a.at"""
        )
    ][:5]
    score = 20 * (sum(mark > 8 for mark in marks) - sum(mark < 7 for mark in marks))
    yield ("satisfaction", "nps"), f"{score:+d}"
    asked = f"SELECT count(*) FROM reviews_invitation WHERE partner_id = {PARTNER} AND left_out = ''"
    yield ("satisfaction", "asked_nps"), str(one(asked))


@pytest.mark.django_db
def test_every_figure_of_the_packet_is_what_plain_sql_says(quarter: Review) -> None:
    assert (quarter.since_on, shown.asked(quarter, NOW).until) == (SINCE, UNTIL)
    drawn = {
        (part.key, row["key"]): str(row["value"])
        for part in shown.parts(quarter, NOW)
        for row in [*part.values.get("figures", []), *part.values.get("got", [])]
    }
    nps = drawn["satisfaction", "nps"]
    drawn["satisfaction", "nps"] = nps.split(" ")[0]  # its interval is prm.stats' own test
    assert drawn == {key: value for key, value in again() if value != "0"}
    assert len(drawn) > 25
