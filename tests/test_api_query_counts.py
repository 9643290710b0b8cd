"""What each list of the API costs: as many queries with 30 rows as with 3. Who asks is one query, the rows
are another; what stands in other tables is one more of each kind. A list that stands nowhere here fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from conversations import asks, drafts, later, messages, policies
from conversations.meetings import calling
from conversations.models import Attachment, Message
from lifecycle.growth import deals
from lifecycle.growth.helping import requests
from lifecycle.growth.tiering import benefits, recording
from lifecycle.models import (
    ApplicationForm,
    Course,
    Deal,
    Ending,
    Offer,
    OwnMeasure,
    Phase,
    Product,
    Referral,
    Sequence,
    Task,
    TaskFile,
    TierRules,
)
from lifecycle.onboarding import templates
from lifecycle.onboarding.kick_offs import plan as plan_kick_off
from lifecycle.recruitment.outreach import touches
from partners import links, organisations
from partners.models import (
    Contact,
    EndReason,
    Fit,
    Partner,
    PartnerType,
    Profile,
    Programme,
    Segment,
    Source,
    Tier,
)
from prm.api.resources import Reads, every
from prm.models import Import, ImportRow
from reviews.health.models import HealthFormula
from reviews.issues.models import Cause
from reviews.models import CompanyObjective, Review, ReviewInvitation
from team.models import Calendar, Grant, Leave, Notice, Region, Role, User, Vertical
from tests import test_query_counts as pages
from tests.conftest import MONDAY
from tests.programs import Program, program

MOST = 6
Make = Callable[[int, User], Any]


def named(model: type[Model], **more: Any) -> Make:
    """So many entries of a list that is kept under Settings."""

    def make(count: int, alice: User) -> None:
        began = model._default_manager.count()
        rows = [model(name=f"Entry {began + n}", **more) for n in range(count)]
        model._default_manager.bulk_create(rows)

    return make


def programmes(count: int, alice: User) -> None:
    for n in range(count):
        kind = PartnerType.objects.create(name=f"Type {PartnerType.objects.count()}")
        programme = Programme.objects.create(name=f"Programme {n} of {count}", kind=kind)
        Tier.objects.create(programme=programme, name="Gold", rank=1)


def cadences(count: int, alice: User) -> None:
    """Tiers, read by who says how often their partners are reviewed."""
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    programmes(count, alice)


def requirements(count: int, alice: User) -> None:
    programmes(count, alice)
    for tier in Tier.objects.filter(programme__tier_rules=None):
        published = {"state": "published", "published_at": MONDAY, "why": "So."}
        rules = TierRules.objects.create(programme=tier.programme, number=1, begun_at=MONDAY, **published)
        rules.requirements.create(tier=tier, criterion="won", wanted=100, currency="EUR")


def given(count: int, alice: User) -> None:
    """What the tiers of as many programmes give, and numbers of our own of as many partners."""
    programmes(count, alice)
    for tier in Tier.objects.filter(benefits=None):
        benefits.add(tier, "A joint event", 30, "once", by=alice, at=MONDAY)
    for n in range(count):
        staff = OwnMeasure.objects.create(name=f"Staff {OwnMeasure.objects.count()}")
        partner = organisations.add(f"Counted {n} of {count}", by=alice, at=MONDAY)
        recording.record(partner, staff, 3, MONDAY.date(), by=alice, at=MONDAY)


def profiles(count: int, alice: User) -> None:
    """Versions with a criterion, and partners scored against them."""
    began = Profile.objects.count()
    for n in range(began, began + count):
        stood = {"state": "retired", "created_at": MONDAY, "written_at": MONDAY, "retired_at": MONDAY}
        version = Profile.objects.create(family=f"Family {n}", number=1, **stood)
        asked = version.criteria.create(key="size", name="Size", kind="rating", weight=10)
        partner = organisations.add(f"Scored {n}", by=alice, at=MONDAY, owner=alice)
        fit = Fit.objects.create(partner=partner, profile=version, is_current=False, scored_at=MONDAY)
        fit.lines.create(criterion=asked, answer=None, points=None)


def linked(count: int, alice: User) -> None:
    for n in range(count):
        of, to = (organisations.add(f"{end} {n} of {count}", by=alice, at=MONDAY) for end in ("Up", "Down"))
        links.link(of, to, "delivers_with", by=alice, at=MONDAY)


def drafted(count: int, alice: User) -> None:
    """What alice writes to as many partners."""
    for n in range(count):
        partner = organisations.add(f"Hears of it {n} of {count}", by=alice, at=MONDAY)
        drafts.keep(drafts.mail_to(partner.pk), {"body": ["Hello"]}, by=alice, at=MONDAY)


def applied(count: int, alice: User) -> None:
    """Applications by as many forms, each with a question."""
    pages.applications_of(count, alice)
    for form in ApplicationForm.objects.filter(questions=None):
        form.questions.create(words="Why?", kind="long")


def plan_templates(count: int, alice: User) -> None:
    """Each with a task, read by who keeps them; and files of as many tasks."""
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    pages.much(count, alice)
    for n in range(count):
        template = templates.add(f"Template {n} of {count}", None, by=alice, at=MONDAY)
        facts = {"text": "Meet", "side": "ours", "offset_days": 1, "waits_for": []}
        templates.save(template, None, facts, by=alice, at=MONDAY)
    TaskFile.objects.bulk_create(
        TaskFile(task=task, name="a.pdf", at=MONDAY) for task in Task.objects.filter(files=None)
    )


def attachments(count: int, alice: User) -> None:
    """Files that could not be kept, each of another message of another partner."""
    pages.much(count, alice)
    Attachment.objects.bulk_create(
        Attachment(message=message, name="a.exe", size=1, refused="It is a program.")
        for message in Message.objects.filter(attachments=None)
    )


def asked_and_later(count: int, alice: User) -> None:
    """Colleagues asked for what holds up an answer that goes out later, in as many conversations."""
    day = MONDAY.date() + timedelta(days=2)
    for n in range(count):
        partner = organisations.add(f"Waits {n} of {count}", by=alice, at=MONDAY, owner=alice)
        said = messages.receive(partner, "portal", "When?", at=MONDAY)
        wait = said.conversation.waits.get()
        asks.make(wait, "Legal", "legal@acme.example", "May we?", day, by=alice, at=MONDAY)
        later.schedule(said.conversation, "On Monday.", MONDAY + timedelta(days=1), by=alice, at=MONDAY)


def kick_offs(count: int, alice: User) -> None:
    """Each with another partner, a person of theirs and one of ours."""
    for n in range(count):
        partner = organisations.add(f"Begins {n} of {count}", by=alice, at=MONDAY, owner=alice)
        who = Contact.objects.create(partner=partner, name="Nora", email="n@x.example", created_at=MONDAY)
        begins = MONDAY + timedelta(days=7)
        asked = calling.Wanted(begins, begins + timedelta(hours=1), (who,), (alice,))
        plan_kick_off(partner, asked, by=alice, at=MONDAY)


def coursework(count: int, alice: User) -> None:
    """A page and a question in each of so many courses."""
    pages.courses_of(count, alice)
    for course in Course.objects.filter(lessons=None):
        course.lessons.create(title="Why")
        course.questions.create(text="Which?", choices=["A", "B"], right=[1])


def outreach(count: int, alice: User) -> None:
    """Each to another prospect, by a sequence of its own, read by who keeps them."""
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    for n in range(count):
        by = Sequence.objects.create(name=f"Sequence {Sequence.objects.count()}")
        by.steps.create(position=0, kind="call", text="Call them.")
        partner = organisations.add(f"Hears {n} of {count}", by=alice, at=MONDAY)
        touches.begin(partner, by, None, by=alice, at=MONDAY)


def ended(count: int, alice: User) -> None:
    """Ends that are planned, each with something to settle."""
    reason = EndReason.objects.get_or_create(name="Strategy changed")[0]
    for n in range(count):
        partner = organisations.add(f"Ends {n} of {count}", by=alice, at=MONDAY, owner=alice)
        who = {"end_reason": reason, "made_by": alice, "made_at": MONDAY}
        ends = Ending.objects.create(partner=partner, kind="ours", last_on=MONDAY, settle_by=MONDAY, **who)
        ends.loose_ends.create(part="tasks", about_kind="task", about_id=n, words="Train two", outcome="Left")


def invited(count: int, alice: User) -> None:
    """A meeting of each of so many reviews, with a person of theirs and one of ours."""
    pages.reviews_of(count, alice)
    for review in Review.objects.filter(invitation=None):
        who = Contact.objects.create(partner=review.partner, name="Nora", created_at=MONDAY)
        when = {"starts_at": MONDAY, "ends_at": MONDAY + timedelta(hours=1)}
        made = ReviewInvitation.objects.create(review=review, organiser=alice, uid=str(review.pk), **when)
        made.contacts.add(who)
        made.colleagues.add(alice)


def decided(count: int, alice: User) -> None:
    """Partners that were declined."""
    pages.to_decide(count, alice)


def helps(count: int, alice: User) -> None:
    for _n in range(count):
        deal = pages.deals_of(1, alice).deals.select_related("partner").get()
        requests.ask(deal, deal.partner, "quote", "For three sites.", by=alice, at=MONDAY)


def credits(count: int, alice: User) -> None:
    """Deals in which another partner has a part."""
    other = organisations.add(f"Delivers {count}", by=alice, at=MONDAY)
    for deal in pages.deals_of(count, alice).deals.select_related("partner__owner"):
        deals.credit(deal, other, "delivered", by=alice, at=MONDAY)


def referrals(count: int, alice: User) -> None:
    for deal in Deal.objects.filter(partner=pages.deals_of(count, alice)).select_related(
        "customer", "partner"
    ):
        made = Referral.objects.create(
            customer=deal.customer, name="Sites", rule="turn", amount=100, made_by=alice, made_at=MONDAY
        )
        until = MONDAY + timedelta(days=3)
        Offer.objects.create(referral=made, partner=deal.partner, offered_at=MONDAY, answer_by=until)


def checked_rows(count: int, alice: User) -> None:
    pages.imports(1, alice)
    of = Import.objects.latest("pk")
    ImportRow.objects.bulk_create(
        ImportRow(of=of, number=n + 2, cells=["Firm"], outcome="new") for n in range(count)
    )


def noted(count: int, alice: User) -> None:
    """A topic and an action in each of so many reviews, every action with an owner."""
    pages.reviews_of(count, alice)
    who = {"created_by": alice, "created_at": MONDAY, "owner": alice}
    for review in Review.objects.filter(topics=None):
        review.topics.create(text="Prices", by_user=alice, at=MONDAY)
        review.actions.create(text="Train two", due_on=MONDAY.date(), **who)


def joint_plans(count: int, alice: User) -> None:
    for n in range(count):
        plan = pages.joint_plan_of(1, alice)
        assert Partner.objects.filter(pk=int(plan.split("/")[2])).update(name=f"Plans {n} of {count}")


def company_objectives(count: int, alice: User) -> None:
    who = {"owner": alice, "created_by": alice, "created_at": MONDAY}
    CompanyObjective.objects.bulk_create(
        CompanyObjective(text=f"Grow {n}", year=2026, **who) for n in range(count)
    )


def people(count: int, alice: User) -> None:
    began = User.objects.count()
    for n in range(began, began + count):
        Grant.objects.create(
            user=User.objects.create(email=f"p{n}@acme.example", name="Pat"), role=Role.GROWTH
        )


def calendars(count: int, alice: User) -> None:
    """Each with a day that differs and holidays that follow, and somebody who works by it."""
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    for n in range(count):
        made = Calendar.objects.create(name=f"Calendar {n} of {count}", zone="Europe/Berlin")
        made.days.create(on=MONDAY.date(), label="Closed")
        made.holiday_sources.create(country="DE", through=2026)
        User.objects.create(email=f"c{n}of{count}@acme.example", name="Pat", calendar=made)


def promised(count: int, alice: User) -> None:
    """Each for another tier, type and region, read by who keeps them."""
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    programmes(count, alice)
    for tier in Tier.objects.order_by("-pk")[:count]:
        region = Region.objects.create(name=f"Region of {tier.pk}")
        scope = {"tiers": [tier], "kinds": [tier.programme.kind], "regions": [region]}
        policies.add(alice, MONDAY, name=f"Promise {tier.pk}", **scope)


def own(count: int, alice: User) -> None:
    """Days that she is away, and what she was told."""
    days = [MONDAY.date() + timedelta(days=alice.leaves.count() + n) for n in range(count)]
    Leave.objects.bulk_create(Leave(user=alice, starts_on=day, ends_on=day) for day in days)
    began = Notice.objects.count()
    told = {
        "person": alice,
        "kind": "wait_warned",
        "cause_kind": "wait",
        "due_at": MONDAY,
        "created_at": MONDAY,
    }
    Notice.objects.bulk_create(Notice(cause_id=began + n, text="Due", **told) for n in range(count))


def health(count: int, alice: User) -> None:
    pages.health_of(count, alice)


def formulas(count: int, alice: User) -> None:
    began = HealthFormula.objects.count()
    stood = {"state": "retired", "why": "So.", "by": alice, "begun_at": MONDAY, "published_at": MONDAY}
    HealthFormula.objects.bulk_create(HealthFormula(number=began + n + 1, **stood) for n in range(count))


def segments(count: int, alice: User) -> None:
    """Each of another region."""
    for n in range(count):
        region = Region.objects.create(name=f"Region {n} of {count}")
        Segment.objects.create(region=region, partners=3)


def issues(count: int, alice: User) -> None:
    pages.issues_of(count, alice, "solved")


ROWS: list[tuple[Make, str]] = [
    (asked_and_later, "asks later-replies"),
    (attachments, "attachments"),
    (calendars, "calendars calendar-days holidays"),
    (checked_rows, "import-rows"),
    (company_objectives, "company-objectives"),
    (credits, "credits"),
    (decided, "decisions"),
    (health, "health"),
    (segments, "coverage-wanted"),
    (formulas, "health-formulas"),
    (ended, "endings loose-ends"),
    (drafted, "drafts"),
    (plan_templates, "plan-templates task-files"),
    (helps, "help-requests"),
    (issues, "issues"),
    (joint_plans, "goals objectives targets year-marks"),
    (invited, "review-invitations"),
    (linked, "links"),
    (outreach, "outreach sequence-steps sequences touches"),
    (named(Cause), "issue-causes"),
    (named(EndReason), "end-reasons"),
    (named(PartnerType), "partner-types"),
    (named(Phase, probability=10), "deal-phases"),
    (named(Product), "products"),
    (named(Region), "regions"),
    (named(Source), "sources"),
    (named(Vertical), "verticals"),
    (noted, "review-actions review-topics"),
    (coursework, "course-pages course-questions"),
    (pages.integrations_of, "environments integrations obstacles"),
    (kick_offs, "kick-offs"),
    (pages.agreements_of, "agreements"),
    (pages.announcements_of, "announcements"),
    (applied, "applications application-forms application-questions"),
    (pages.courses_of, "certificates courses enrolments"),
    (pages.imports, "imports"),
    (pages.investments_in, "investments"),
    (pages.much, "assignments commitments contacts conversations customers deals evidence memberships"),
    (pages.much, "events messages partners tasks visits waits"),
    (pages.plans_listed, "plans"),
    (pages.rates_of, "rates"),
    (pages.registrations_of, "registrations"),
    (pages.reviews_of, "reviews"),
    (pages.surveys_listed, "surveys"),
    (pages.templates, "reply-templates"),
    (own, "leaves notices"),
    (people, "people"),
    (promised, "policies"),
    (profiles, "fits profiles"),
    (programmes, "programmes tiers"),
    (referrals, "offers referrals"),
    (requirements, "tier-requirements tier-rules"),
    (given, "tier-benefits tier-measurements tier-measures"),
    (cadences, "review-cadences"),
    (pages.meetings, "meetings"),
    (pages.tiers_listed, "tier-changes"),
]


def test_every_list_is_counted() -> None:
    counted = {noun for _make, nouns in ROWS for noun in nouns.split()}
    assert counted == {each.noun for each in every() if issubclass(each.resource, Reads)}


@pytest.mark.parametrize(("make", "nouns"), ROWS, ids=[nouns for _make, nouns in ROWS])
def test_a_list_costs_the_same_with_3_rows_and_with_30(make: Make, nouns: str, alice: User) -> None:
    Grant.objects.create(user=alice, role=Role.HEAD)
    told = program(alice)
    told.get("/api/v1/people/")
    few, many = (counted(told, make, most, nouns.split(), alice) for most in (3, 30))
    assert few == many
    assert max(many.values()) <= MOST


def counted(told: Program, make: Make, most: int, nouns: list[str], alice: User) -> dict[str, int]:
    """How many queries each of the lists takes with so many rows and more."""
    make(most, alice)
    found = {}
    for noun in nouns:
        with CaptureQueriesContext(connection) as asked:
            answer = told.get(f"/api/v1/{noun}/?limit=200")
        assert len(answer.json()["results"]) >= most, noun
        found[noun] = len(asked)
    return found


@pytest.mark.parametrize(("make", "nouns"), ROWS, ids=[nouns for _make, nouns in ROWS])
def test_a_list_is_walked_page_by_page_in_each_of_its_orders(make: Make, nouns: str, alice: User) -> None:
    Grant.objects.create(user=alice, role=Role.HEAD)
    make(3, alice)
    told = program(alice)
    told.get("/api/v1/people/")
    for noun in nouns.split():
        for sort in orders(noun):
            whole = ids(told.get(f"/api/v1/{noun}/?limit=200&sort={sort}"))
            limit = 1 + len(whole) // 4
            pages = [told.get(f"/api/v1/{noun}/?limit={limit}&sort={sort}")]
            while following := pages[-1].json()["next"]:
                pages.append(told.get(following))
            assert [pk for page in pages for pk in ids(page)] == whole, (noun, sort)
            assert len(pages) > 1, (noun, sort)
            before = told.get(pages[-1].json()["previous"])
            assert ids(before) == ids(pages[-2]), (noun, sort)


def orders(noun: str) -> list[str]:
    """What a list can be sorted by, both ways."""
    listed: Any = next(each.resource for each in every() if each.noun == noun and each.is_told)
    return [f"{way}{sort}" for sort in listed.sorts for way in ("", "-")]


def ids(answer: Any) -> list[int]:
    """Of the rows of a page."""
    return [each["id"] for each in answer.json()["results"]]
