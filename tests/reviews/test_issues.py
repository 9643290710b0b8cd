"""Issues: raised by either side, their clock, escalated, solved, opened again, counted by cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import ahead, corrections, messages, moving, pauses, sweeping, threads, waits
from conversations.models import Pause, Policy, Wait
from lifecycle.ending import parts
from partners import merging
from partners.models import Contact, Event, Partner
from portal import passes
from prm import clock, outbox
from reviews.issues import addresses, causes, figures, listing, promises, raising, solving
from reviews.issues.models import Cause, Issue, Severity
from reviews.issues.raising import IssueRefused
from reviews.meetings import sharing, steps
from reviews.meetings.packet import shown
from reviews.meetings.packet.shown import Part
from reviews.models import Review
from team.models import Notice, User
from tests.conftest import BERLIN, MONDAY
from tests.sink import Sink

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CANARY = "canary"


@pytest.fixture(autouse=True)
def _on_monday(company: Any) -> Iterator[None]:
    causes.seed()
    with clock.fixed(MONDAY):
        yield


@pytest.fixture
def cause(db: None) -> Cause:
    return Cause.objects.create(name="Fault in the licence server")


@pytest.fixture
def issue(northwind: Partner, nora: Contact) -> Issue:
    """Raised by Nora; a serious one is promised within three working days."""
    return raising.raise_one(northwind, "No licences", "None at all.", Severity.SERIOUS, nora, MONDAY)


def kinds(issue: Issue) -> list[str]:
    wait = issue.wait
    found = Event.objects.filter(about_kind="wait", about_id=wait.pk).order_by("pk")
    return list(found.values_list("kind", flat=True))


def told(issue: Issue) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(cause_kind="wait", cause_id=issue.wait_id).order_by("pk")
    return [(each.kind, each.person.name) for each in rows.select_related("person")]


# --- its clock ------------------------------------------------------------------------------------------


def test_each_severity_has_its_promise_and_open_ones_keep_theirs(
    issue: Issue, northwind: Partner, alice: User, ravi: User
) -> None:
    assert (issue.wait.metric, issue.wait.due_at) == ("issue", MONDAY + 3 * DAY)
    assert issue.owner == alice
    hours = {each: promises.Promise(Policy.Mode.BUSINESS_HOURS, 4 * 3600) for each in Severity.values}
    promises.change(hours, 7, by=ravi, at=MONDAY)
    later = raising.raise_one(northwind, "Slow", "", Severity.MINOR, alice, MONDAY)
    assert later.wait.due_at == MONDAY + 4 * HOUR
    issue.wait.refresh_from_db()
    assert issue.wait.due_at == MONDAY + 3 * DAY
    assert promises.reopen_days() == 7


def test_it_reminds_breaches_and_rises_through_the_one_sweep_each_once(issue: Issue) -> None:
    for _ in range(3):
        for at in (issue.wait.warn_at, issue.wait.due_at, issue.wait.lead_at, issue.wait.head_at):
            assert at is not None
            sweeping.sweep_waits(at)
    assert told(issue) == [("wait_warned", "Alice"), ("wait_breached", "Alice"), ("wait_raised", "Erin")]
    assert kinds(issue) == ["wait_warned", "wait_breached", "wait_raised", "wait_raised_higher"]
    notice = Notice.objects.filter(cause_kind="wait", cause_id=issue.wait_id).earliest("pk")
    assert "An issue with Northwind is due to be solved: No licences" in notice.text
    assert notice.url == reverse("reviews:issue_in", args=[issue.wait.conversation_id])


def test_only_its_resolution_ends_the_clock(issue: Issue, nora: Contact, alice: User, cause: Cause) -> None:
    messages.reply(issue.conversation, "We look.", alice, MONDAY + HOUR, to=nora)
    issue.wait.refresh_from_db()
    assert issue.wait.is_open
    with pytest.raises(waits.WaitRefused, match="resolution"):
        waits.cancel(issue.wait, "Never mind", alice, MONDAY + HOUR)
    with pytest.raises(threads.ThreadRefused, match="An issue is still open"):
        threads.resolve(issue.conversation, alice, MONDAY + HOUR)
    until = MONDAY + DAY
    pauses.pause(issue.wait, Pause.Ground.WE_ASKED, until, alice, MONDAY + HOUR)
    issue.wait.refresh_from_db()
    assert issue.wait.due_at > MONDAY + 3 * DAY
    solving.solve(issue, "The server is back.", cause, alice, MONDAY + 2 * HOUR, tell=nora)
    issue.wait.refresh_from_db()
    assert (issue.wait.state, issue.wait.answered_by) == ("met", alice)
    issue.conversation.refresh_from_db()
    assert issue.conversation.state == "done"


def test_another_severity_keeps_its_promise_from_the_beginning_or_from_now(issue: Issue, alice: User) -> None:
    raising.regrade(issue, Severity.CRITICAL, "All stand still.", alice, MONDAY + HOUR)
    issue.wait.refresh_from_db()
    assert issue.wait.due_at == MONDAY + DAY
    raising.regrade(issue, Severity.MINOR, "A way around.", alice, MONDAY + HOUR)
    raising.regrade(issue, Severity.CRITICAL, "It is gone.", alice, MONDAY + 2 * DAY)
    issue.wait.refresh_from_db()
    assert issue.wait.due_at == MONDAY + 3 * DAY
    sweeping.sweep_waits(MONDAY + 4 * DAY)
    raising.regrade(issue, Severity.MINOR, "Too late.", alice, MONDAY + 4 * DAY)
    issue.wait.refresh_from_db()
    assert (issue.wait.state, issue.wait.due_at) == ("late", MONDAY + 3 * DAY)
    with pytest.raises(IssueRefused, match="minor already"):
        raising.regrade(issue, Severity.MINOR, "Again.", alice, MONDAY + 4 * DAY)


def test_it_goes_along_when_its_conversation_is_merged(
    issue: Issue, northwind: Partner, nora: Contact, alice: User, cause: Cause
) -> None:
    other = messages.receive(northwind, "email", "And more.", MONDAY, contact=nora, subject="More")
    moving.merge(issue.conversation, other.conversation, by=alice, at=MONDAY)
    found = Issue.objects.get()
    assert found.conversation == other.conversation
    solving.solve(found, "Both are solved.", cause, alice, MONDAY + HOUR)
    assert Issue.objects.get().state == "solved"


# --- who ------------------------------------------------------------------------------------------------


def test_who_has_its_conversation_sees_to_it(
    issue: Issue, northwind: Partner, nora: Contact, alice: User, bob: User, erin: User
) -> None:
    assert Notice.objects.filter(kind="issue_raised", person=alice).count() == 1
    raising.hand_over(issue, bob, "They need it today.", alice, MONDAY)
    found = Issue.objects.get()
    assert found.owner == bob
    ours = raising.raise_one(northwind, "Ours", "Words", Severity.MINOR, alice, MONDAY, owner=bob)
    assert Issue.objects.get(pk=ours.pk).owner == bob
    assert Notice.objects.filter(kind="issue_raised", person=bob).count() == 1
    with pytest.raises(IssueRefused, match="open in this conversation"):
        raising.raise_one(
            northwind, "Twice", "", Severity.MINOR, alice, MONDAY, conversation=issue.conversation
        )
    raising.escalate(issue, erin, "Licensing does not answer.", alice, MONDAY)
    assert Notice.objects.get(kind="issue_escalated").person == erin
    kept = issue.escalations.get()
    assert (kept.to, kept.by, kept.why, kept.at) == (erin, alice, "Licensing does not answer.", MONDAY)
    with pytest.raises(IssueRefused, match="stands before Erin"):
        raising.escalate(issue, erin, "Still.", alice, MONDAY + HOUR)


# --- solved, and opened again ---------------------------------------------------------------------------


def test_they_are_told_open_it_again_by_their_address_and_the_history_is_kept(
    client: Client, issue: Issue, nora: Contact, alice: User, cause: Cause, sink: Sink
) -> None:
    solving.solve(issue, "The server is back.", cause, alice, MONDAY + HOUR, tell=nora)
    with clock.fixed(MONDAY + 2 * HOUR):
        outbox.deliver(MONDAY + 2 * HOUR)
    mail = sink.bodies[-1]
    assert "The server is back." in mail
    assert "canary" not in mail
    address = re.search(r"/issues/read/\S+", mail)
    assert address is not None
    path = address.group()
    assert "Open it again" in client.get(path).content.decode()
    assert Issue.objects.get().state == "solved"  # looking changes nothing
    assert client.post(path, {"why": ""}).status_code == 422
    assert client.post(path, {"why": "Not for bundles."}).status_code == 303
    again = Issue.objects.get()
    assert (again.state, again.wait.is_open, again.wait.opened_at) == ("open", True, MONDAY)
    assert again.wait_id != issue.wait_id
    former = again.resolutions.get()
    assert (former.words, former.reopened_by_contact, former.reopened_why) == (
        "The server is back.",
        nora,
        "Not for bundles.",
    )
    assert again.conversation.messages.filter(direction="in", body="Not for bundles.").count() == 1
    solving.solve(again, "Bundles, too.", cause, alice, MONDAY + 2 * DAY, tell=nora)
    assert again.resolutions.count() == 2
    with clock.fixed(MONDAY + 20 * DAY):
        late = client.post(path, {"why": "Once more."})
    assert late.status_code == 422
    assert "could be opened again until 17 June 2026" in late.content.decode()
    solving.open_again(again, "We saw it ourselves.", alice, MONDAY + 20 * DAY)
    assert Issue.objects.get().state == "open"


def test_an_address_opens_one_issue_of_one_person(
    client: Client, issue: Issue, nora: Contact, omar: Contact
) -> None:
    foreign = reverse("reviews:shared_issue", args=[addresses.token(issue, omar, MONDAY)])
    assert client.get(foreign).status_code == 410
    forged = client.get(reverse("reviews:shared_issue", args=["1-1-1:forged"]))
    assert (forged.status_code, "leads nowhere" in forged.content.decode()) == (404, True)
    mine = reverse("reviews:shared_issue", args=[addresses.token(issue, nora, MONDAY)])
    assert client.get(mine).status_code == 200
    with clock.fixed(MONDAY + 130 * DAY):
        assert client.get(mine).status_code == 410


def test_the_partner_raises_it_in_the_portal_and_reads_no_inside_word(
    client: Client, northwind: Partner, nora: Contact, omar: Contact, alice: User, erin: User, cause: Cause
) -> None:
    token = passes.token(passes.give(nora, 30, by=alice, at=MONDAY))
    typed = {"title": "No licences", "words": "None at all.", "severity": "critical"}
    assert client.post(reverse("portal:issue_raise", args=[token]), {**typed, "title": ""}).status_code == 422
    assert client.post(reverse("portal:issue_raise", args=[token]), typed).status_code == 303
    issue = Issue.objects.get()
    assert (issue.contact, issue.is_theirs, issue.severity) == (nora, True, "critical")
    assert issue.conversation.waits.open().count() == 2  # we answer, and we solve it
    raising.escalate(issue, erin, f"{CANARY} of an escalation", alice, MONDAY)
    raising.hand_over(issue, erin, f"{CANARY} of a note", alice, MONDAY)
    Cause.objects.filter(pk=cause.pk).update(name=f"{CANARY} of a cause")
    solving.solve(Issue.objects.get(), "It is back.", Cause.objects.get(pk=cause.pk), alice, MONDAY + HOUR)
    page = reverse("portal:issue", args=[token, issue.pk])
    with clock.fixed(MONDAY + 2 * HOUR):
        pages = [client.get(each).content.decode() for each in (page, reverse("portal:issues", args=[token]))]
    assert "It is back." in pages[0]
    assert "No licences" in pages[1]
    assert CANARY not in "".join(pages)
    assert client.post(page, {"why": "Not all of them."}).status_code == 303
    assert Issue.objects.get().state == "open"
    other = passes.token(passes.give(omar, 30, by=alice, at=MONDAY))
    assert client.get(reverse("portal:issue", args=[other, issue.pk])).status_code == 404


# --- pages ----------------------------------------------------------------------------------------------


def test_it_is_raised_from_a_conversation_and_solved_on_its_page(
    client: Client, northwind: Partner, nora: Contact, alice: User, bob: User, cause: Cause
) -> None:
    asked = messages.receive(northwind, "email", "All is down.", MONDAY, contact=nora, subject="Down")
    client.force_login(bob)
    page = reverse("reviews:issue_raise", args=[northwind.pk]) + f"?conversation={asked.conversation_id}"
    assert 'value="Down"' in client.get(page).content.decode()
    assert client.get(f"{page}9{'9' * 30}").status_code == 200
    done = client.post(page, {"title": "Down", "severity": "critical"})
    issue = Issue.objects.get()
    assert (done.status_code, done.headers["Location"]) == (303, issue.get_absolute_url())
    assert issue.conversation == asked.conversation
    there = client.get(reverse("reviews:issue_in", args=[asked.conversation_id]))
    assert there.headers["Location"] == issue.get_absolute_url()
    solve = reverse("reviews:issue_solve", args=[issue.pk])
    assert client.get(solve).status_code == 403
    client.force_login(alice)
    assert client.post(solve, {"words": "", "cause": cause.pk}).status_code == 422
    assert client.post(solve, {"words": "Up.", "cause": "9" * 30}).status_code == 422
    assert client.post(solve, {"words": "Up.", "cause": cause.pk}).status_code == 303
    shown = client.get(issue.get_absolute_url()).content.decode()
    assert "Up." in shown
    assert cause.name in shown


def test_the_list_narrows_and_its_figure_opens_onto_what_it_counts(
    client: Client, northwind: Partner, contoso: Partner, alice: User, bob: User, cause: Cause
) -> None:
    for n in range(6):
        at = MONDAY - 30 * DAY
        made = raising.raise_one(northwind, f"Issue {n}", "", Severity.MINOR, alice, at)
        late = n == 0
        solving.solve(made, "Done.", cause, alice, at + (25 if late else 1) * DAY)
    raising.raise_one(contoso, "Open one", "", Severity.CRITICAL, alice, MONDAY - 5 * DAY, owner=bob)
    client.force_login(alice)

    def titles(**query: Any) -> list[str]:
        return [row.title for row in client.get(reverse("reviews:issues"), query).context["rows"]]

    assert titles(show="open") == titles(show="overdue") == titles(owner=bob.pk) == ["Open one"]
    assert titles(severity="critical", state="open") == titles(q="contoso") == ["Open one"]
    assert titles(owner="nobody") == titles(partner="9" * 18) == titles(show="escalated") == []
    wrong = client.get(reverse("reviews:issues"), {"cause": "9" * 30, "solved": "x", "owner": "9" * 30})
    assert len(wrong.context["faults"]) == 3
    page = client.get(reverse("reviews:issues"))
    share = page.context["in_time"]
    assert (share.k, share.n) == (5, 7)
    for name, count in (("kept_url", 5), ("due_url", 7)):
        url = reverse("reviews:issues") + page.context[name]
        assert client.get(url).context["count"] == count
    assert figures.IN_TIME.words in page.content.decode()


def test_recurring_causes_are_counted_and_open_onto_their_issues(
    client: Client, northwind: Partner, contoso: Partner, alice: User, cause: Cause
) -> None:
    other = Cause.objects.create(name="Late answer")
    for n, (partner, why) in enumerate([(northwind, cause)] * 2 + [(contoso, cause), (contoso, other)]):
        made = raising.raise_one(partner, f"Issue {n}", "", Severity.MINOR, alice, MONDAY - 10 * DAY)
        solving.solve(made, "Done.", why, alice, MONDAY - 9 * DAY)
    solving.open_again(made, "Not at all.", alice, MONDAY - DAY)
    rows = figures.causes(listing.of_year(alice, MONDAY), 365)
    assert [(each.cause, each.n, each.partners, each.again, each.reopened) for each in rows] == [
        (cause, 3, 2, 1, 0),
        (other, 0, 0, 0, 1),
    ]
    assert [each.is_recurring for each in rows] == [True, False]
    client.force_login(alice)
    page = client.get(reverse("reviews:causes"))
    for each in page.context["rows"]:
        opened = client.get(reverse("reviews:issues") + each.url)
        assert opened.context["count"] == each.n


def test_a_private_thread_hides_its_issue(
    client: Client, issue: Issue, nora: Contact, bob: User, alice: User, northwind: Partner
) -> None:
    type(issue.conversation).objects.filter(pk=issue.wait.conversation_id).update(private_since=MONDAY)
    for person, sees in ((bob, False), (alice, True)):
        client.force_login(person)
        there = client.get(reverse("dashboards:partner", args=[northwind.pk])).content.decode()
        assert ("raised an issue" in there) is sees
    client.force_login(bob)
    assert client.get(issue.get_absolute_url()).status_code == 404
    assert client.get(reverse("reviews:issues")).context["count"] == 0
    assert addresses.behind(addresses.token(issue, nora, MONDAY)) is None
    assert Wait.objects.visible_to(alice).filter(pk=issue.wait_id).exists()


def test_a_line_of_the_minutes_becomes_an_issue_and_stands_in_the_packet(
    client: Client, review: Review, nora: Contact, alice: User, cause: Cause
) -> None:
    for n, days in enumerate((60, 500)):
        made = raising.raise_one(
            review.partner, f"Old {n}", CANARY, Severity.MINOR, alice, MONDAY - days * DAY
        )
        solving.solve(made, f"{CANARY} words", cause, alice, MONDAY - (days - 1) * DAY)
    client.force_login(alice)
    page = reverse("reviews:minutes", args=[review.pk])
    once = str(client.get(page).context["page"].form["once"].value())
    typed = {"minutes": "We talked.", "on": "2026-06-01", "issue": "Roll-out, Baker Foods", "once": once}
    for _twice in range(2):
        assert client.post(page, typed).status_code == 303
    issue = Issue.objects.get(review=review)
    assert (issue.title, issue.severity) == ("Roll-out, Baker Foods", "serious")
    assert issue.title in client.get(page).content.decode()
    steps.hold(review, MONDAY.date(), by=alice, at=MONDAY)

    def part(at: datetime) -> Part:
        return next(each for each in shown.parts(review, at) if each.key == "issues")

    told = {row["key"]: row["value"] for row in part(MONDAY).values["figures"]}
    assert told == {"open": 1, "raised": 2, "solved": 1, "in_time": "1 of 1"}
    assert [row["text"] for row in part(MONDAY).values["lines"]] == ["Roll-out, Baker Foods", "Old 0"]
    assert CANARY not in str(part(MONDAY).values)
    solving.open_again(Issue.objects.get(title="Old 0"), "Not really.", alice, MONDAY + DAY)
    restated = [(each.name, each.was, each.now) for each in part(MONDAY + DAY).restated]
    assert ("Open issues", "1", "2") in restated


def test_the_partner_raises_one_from_the_page_of_its_review(
    client: Client, review: Review, nora: Contact, alice: User
) -> None:
    address = reverse("reviews:shared", args=[sharing.token(review, nora, MONDAY)])
    assert client.post(address, {"do": "issue", "title": ""}).status_code == 422
    assert client.post(address, {"do": "issue", "title": "Slow", "severity": "minor"}).status_code == 303
    assert (Issue.objects.get().contact, Issue.objects.get().review) == (nora, review)


def test_it_stands_on_today_and_on_the_page_of_its_partner(
    client: Client, issue: Issue, alice: User, bob: User, erin: User
) -> None:
    client.force_login(bob)
    assert client.get(reverse("dashboards:today")).context["issues"] == []
    raising.escalate(issue, bob, "You know licensing.", alice, MONDAY)
    for person in (alice, bob):
        client.force_login(person)
        assert client.get(reverse("dashboards:today")).context["issues"] == [issue]
    page = client.get(reverse("dashboards:partner", args=[issue.partner_id]))
    assert page.context["issues"] == [issue]
    assert {each["wait"].metric for each in page.context["waits"]} == {"first", "issue"}
    talk = client.get(issue.conversation.get_absolute_url()).content.decode()
    assert reverse("reviews:issue_in", args=[issue.wait.conversation_id]) in talk


def test_words_that_an_admin_deletes_are_gone_from_the_issue(
    issue: Issue, nora: Contact, alice: User, ravi: User, cause: Cause
) -> None:
    solving.solve(issue, "A secret of ours.", cause, alice, MONDAY + HOUR, tell=nora)
    solving.open_again(issue, "A secret of hers.", nora, MONDAY + 2 * HOUR)
    for message in issue.conversation.messages.order_by("pk"):
        corrections.erase(message, "Asked for by law", ravi, MONDAY + DAY)
    found = Issue.objects.get()
    former = found.resolutions.get()
    kept = [found.title, found.words, former.words, former.reopened_why]
    assert kept == ["Deleted", "", "Deleted", "Deleted"]
    notes = Event.objects.filter(about_kind="issue").values_list("note", flat=True)
    assert set(notes) == {""}


def test_it_stays_with_its_partner_goes_along_when_partners_are_merged_and_stands_at_an_end(
    issue: Issue, northwind: Partner, contoso: Partner, alice: User, ravi: User, cause: Cause
) -> None:
    with pytest.raises(moving.MoveRefused, match="stays with its partner"):
        moving.give(issue.conversation, contoso, by=alice, at=MONDAY)
    endings_part = next(each for each in parts.all_parts() if each.key == "issues")
    assert list(endings_part.find(northwind)) == [issue]
    merging.merge_partners(contoso, northwind, {}, by=ravi, at=MONDAY)
    found = Issue.objects.get()
    assert (found.partner, found.wait.partner) == (contoso, contoso)
    solving.solve(found, "Solved there.", cause, alice, MONDAY + HOUR)
    assert Issue.objects.get().state == "solved"


def test_a_colleague_is_asked_for_it_and_who_sleeps_is_warned_before(
    client: Client, issue: Issue, alice: User
) -> None:
    client.force_login(alice)
    page = client.get(issue.get_absolute_url()).content.decode()
    ask = reverse("conversations:ask_for_wait", args=[issue.wait_id])
    assert ask in page
    typed = {"name": "Lee", "email": "l@x.example", "question": "Why?", "wanted_by": "2026-06-03"}
    assert client.post(ask, typed).status_code == 303
    evening = datetime(2026, 6, 1, 19, 50, tzinfo=BERLIN)
    night = {"warn_at": evening + 2 * HOUR, "due_at": evening + 13 * HOUR}
    Wait.objects.filter(pk=issue.wait_id).update(**night)
    ahead.warn_ahead(evening)
    assert told(issue) == [("wait_warned", "Alice")]
    assert "to be solved" in Notice.objects.get(kind="wait_warned", cause_id=issue.wait_id).text
