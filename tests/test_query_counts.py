"""What a list costs: as many queries with 30 rows as with 3, and a ceiling. The list of partners,
the board, Today, the partner's page, the profiles, people and mails are counted beside their tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import (
    appeals,
    commitments,
    decisions,
    incoming,
    late_logs,
    messages,
    reply_templates,
    threads,
)
from conversations.commitments import Promise
from conversations.models import Conversation, Meeting, ReplyTemplate
from lifecycle import evidence, tasks, transitions
from lifecycle.growth import customers, deals, phases
from lifecycle.growth.announcing import writing as announcing
from lifecycle.growth.announcing.writing import Outline as AnnouncementOutline
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import Spent
from lifecycle.models import (
    Announcement,
    Course,
    Deal,
    Evidence,
    Integration,
    Phase,
    PlanTemplate,
    Product,
    Registration,
    Standing,
    TierChange,
    TierRules,
)
from lifecycle.onboarding import plans
from lifecycle.onboarding import templates as plan_templates
from lifecycle.onboarding.integrating import environments, integrations, obstacles
from lifecycle.onboarding.integrating.integrations import Wanted
from lifecycle.onboarding.learning import taking
from lifecycle.recruitment import agreements
from lifecycle.recruitment.applications import applying, editing
from lifecycle.recruitment.terms import Terms
from partners import contacts, lists, memberships, organisations
from partners.models import Contact, EndReason, Partner, PartnerType, Programme, Stage, Status, Tier
from portal import passes
from prm import clock, importing
from prm.references import Reference
from reviews import scheduling
from reviews.health import formulas
from reviews.issues import raising, solving
from reviews.issues.models import Cause, Issue, Severity
from reviews.meetings import actions
from reviews.meetings.packet import arranging
from reviews.models import CompanyObjective, Goal, HealthRun, Review, Snapshot, Survey
from reviews.planning import objectives, targets
from reviews.planning.measures import MEASURES
from reviews.surveying import answering, drawing, surveys
from reviews.surveying.surveys import Outline
from team import notices, rates
from team.models import Grant, Role, User
from tests.conftest import MONDAY
from tests.conversations.letters import raw
from tests.reviews.conftest import living

HOUR = timedelta(hours=1)
Make = Callable[[int, User], str]


def conversation(count: int, alice: User) -> str:
    """A conversation of many messages, each of another person."""
    partner = organisations.add(f"Firm of {count}", by=alice, at=MONDAY, owner=alice)
    about: Conversation | None = None
    for n in range(count):
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        asked = messages.receive(
            partner, "email", "Hello?", MONDAY + n * HOUR, about, contact=who, subject="Dates"
        )
        about = asked.conversation
    assert about is not None
    return about.get_absolute_url()


def notices_of(count: int, alice: User) -> str:
    for n in range(count):
        partner = organisations.add(f"Notice {n} of {count}", by=alice, at=MONDAY, owner=alice)
        asked = messages.receive(partner, "email", "Hello?", at=MONDAY, subject="Dates")
        cause, url = Reference("conversation", asked.conversation_id), asked.conversation.get_absolute_url()
        notices.give(alice, "wait_warned", cause, MONDAY, MONDAY, "They wait.", url)
    return "/notices/"


def imports(count: int, alice: User) -> str:
    for n in range(count):
        file = ContentFile(f"Name\nFirm {n}\n".encode(), name="list.csv")
        importing.receive("partners", file, f"list {n} of {count}.csv", alice, MONDAY)
    return "/partners/import/"


def choices(count: int, alice: User) -> str:
    for n in range(count):
        organisations.add(f"Choice {n} of {count}", by=alice, at=MONDAY, owner=alice)
    return "/log/"


def unknown(count: int, alice: User) -> str:
    """Mail of unknown senders, each of which names another thread."""
    for n in range(count):
        partner = organisations.add(f"Named {n} of {count}", by=alice, at=MONDAY, owner=alice)
        id = f"<named-{partner.pk}@x>"
        messages.receive(partner, "email", "Hello?", MONDAY, subject="Dates", external_id=id)
        mail = raw(f"who{n}@nowhere.example", id=f"<{partner.pk}@x>", at=MONDAY, In_Reply_To=id)
        incoming.accept(mail, MONDAY)
    return "/mail/unknown/"


def to_decide(count: int, alice: User) -> str:
    """Partners that contest that they were declined, and reports of colleagues, each of another one."""
    gina, _ = User.objects.get_or_create(email="gina@acme.example", defaults={"name": "Gina"})
    too_small, _ = EndReason.objects.get_or_create(name="Too small")
    for n in range(count):
        email = f"colleague{User.objects.count()}@acme.example"
        asker = User.objects.create(email=email, name=f"Colleague {n}", lead=alice)
        partner = organisations.add(f"Contests {n} of {count}", by=alice, at=MONDAY, owner=asker)
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        transitions.decline(partner, "us", too_small, "", by=gina, at=MONDAY)
        appeals.contest(partner.decisions.get(), "It is not so.", who, MONDAY)
        decisions.ask(late_logs.KIND, partner, asker, MONDAY, about=Reference("person", asker.pk))
    return "/to-decide/"


def search(count: int, alice: User) -> str:
    """Messages that are found, each of another partner and another person."""
    for n in range(count):
        partner = organisations.add(f"Found {n} of {count}", by=alice, at=MONDAY)
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        messages.receive(partner, "email", f"Word{count} there?", at=MONDAY, contact=who, subject="Dates")
    return f"/conversations/search/?q=word{count}"


def deals_of(count: int, alice: User) -> Partner:
    """Deals of one partner, each with another customer; their partner."""
    phases.seed()
    partner = organisations.add(f"Seller of {count}", by=alice, at=MONDAY, owner=alice)
    for n in range(count):
        customer = customers.found(f"Customer {n} of {count}", MONDAY)
        deals.start(partner, f"Deal {n}", customer, by=alice, at=MONDAY, amount=100)
    return partner


def deals_listed(count: int, alice: User) -> str:
    return f"/deals/?partner={deals_of(count, alice).pk}"


def deals_on_the_board(count: int, alice: User) -> str:
    return f"/deals/board/?partner={deals_of(count, alice).pk}"


def deals_in_two_currencies(count: int, alice: User) -> str:
    """Won deals of many days, told in one currency."""
    partner = deals_of(count, alice)
    won = {"phase": Phase.objects.get(ends="won"), "state": "won", "amount": 500}
    for n, deal in enumerate(partner.deals.all()):
        day, currency = MONDAY.date() - n * timedelta(days=1), "GBP" if n % 2 else "EUR"
        Deal.objects.filter(pk=deal.pk).update(closed_on=day, currency=currency, **won)
        if n % 2:
            wanted = rates.Wanted("GBP", day - timedelta(days=count), Decimal("1.2"))
            rates.state_all([wanted], "", by=alice, at=MONDAY)
    return f"/deals/?state=won&partner={partner.pk}"


def rates_of(count: int, alice: User) -> str:
    """Rates that were stated, every other one corrected."""
    days = [MONDAY.date() - timedelta(days=count + n) for n in range(count)]
    rates.state_all([rates.Wanted("GBP", day, Decimal("1.1")) for day in days], "So.", alice, MONDAY)
    rates.state_all([rates.Wanted("GBP", day, Decimal("1.2")) for day in days[::2]], "So.", alice, MONDAY)
    return "/settings/rates/"


def inbox(count: int, alice: User) -> str:
    """Conversations, each with another partner, person and colleague, half of them answered."""
    for n in range(count):
        partner = organisations.add(f"Talks {n} of {count}", by=alice, at=MONDAY, owner=alice)
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        asked = messages.receive(partner, "email", "Hello?", at=MONDAY, contact=who, subject="Dates")
        if n % 2:
            by = User.objects.create_user(f"{partner.pk}@acme.example", "a phrase", name=f"Colleague {n}")
            threads.take_over(asked.conversation, by=by, at=MONDAY)
            messages.reply(asked.conversation, "Yes.", by=by, at=MONDAY + HOUR)
    return "/inbox/?view=team"


def agreements_of(count: int, alice: User) -> str:
    for n in range(count):
        partner = organisations.add(f"Agreed {n} of {count}", by=alice, at=MONDAY, owner=alice)
        agreements.draft(partner, Terms(kind="reseller"), by=alice, at=MONDAY)
    return f"/agreements/?q={count}"


def meetings(count: int, alice: User) -> str:
    """Meetings to log and ahead, each with another partner."""
    for n in range(count):
        partner = organisations.add(f"Met {n} of {count}", by=alice, at=MONDAY, owner=alice)
        for days in (-1, 1):
            begins = clock.now() + timedelta(days=days)
            Meeting.objects.create(
                person=alice,
                partner=partner,
                title="Talk",
                starts_at=begins,
                ends_at=begins + HOUR,
                uid=f"{partner.pk}/{days}",
                created_at=MONDAY,
            )
    return "/meetings/"


def private(count: int, alice: User) -> str:
    """Conversations private to others, each with another person; Alice is a head."""
    Grant.objects.get_or_create(user=alice, role=Role.HEAD)
    partner = organisations.add(f"Private firm of {count}", by=alice, at=MONDAY)
    for n in range(count):
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        messages.receive(partner, "email", "Hello?", at=MONDAY, contact=who, subject="Dates")
    partner.conversations.update(private_since=MONDAY)
    return f"/partners/{partner.pk}/private/"


def registrations_of(count: int, alice: User) -> str:
    partner = organisations.add(f"Registers {count}", by=alice, at=MONDAY, owner=alice)
    for n in range(count):
        customer = customers.found(f"Registered {n} of {count}", MONDAY)
        Registration.objects.create(partner=partner, customer=customer, name="Roll-out", asked_at=MONDAY)
    return f"/registrations/?partner={partner.pk}"


def investments_in(count: int, alice: User) -> str:
    partner = organisations.add(f"Invested in {count}", by=alice, at=MONDAY, owner=alice)
    for n in range(count):
        spent = Spent("funds", MONDAY.date(), f"Stand {n}", amount=100, currency="EUR")
        investments.log(partner, spent, by=alice, at=MONDAY)
    return reverse("lifecycle:investments", args=[partner.pk])


def plan_of(count: int, alice: User) -> str:
    """A plan of so many tasks, each after the one before."""
    partner = organisations.add(f"Planned {count}", by=alice, at=MONDAY, owner=alice)
    template = plan_templates.add(f"Of {count}, {PlanTemplate.objects.count()}", None, by=alice, at=MONDAY)
    keys: list[str] = []
    for n in range(count):
        facts = {"text": f"Step {n}", "side": "ours", "offset_days": n, "waits_for": keys[-1:]}
        keys.append(str(plan_templates.save(template, None, facts, by=alice, at=MONDAY).key))
    plan_templates.publish(template, by=alice, at=MONDAY)
    return plans.make(partner, template, MONDAY.date(), by=alice, at=MONDAY).get_absolute_url()


def plans_listed(count: int, alice: User) -> str:
    """So many plans, each of another partner and with tasks late and ahead."""
    template = plan_templates.add(f"Listed {count}, {PlanTemplate.objects.count()}", None, alice, MONDAY)
    for offset in (1, 5):
        facts = {"text": "Step", "side": "ours", "offset_days": offset}
        plan_templates.save(template, None, facts, by=alice, at=MONDAY)
    plan_templates.publish(template, by=alice, at=MONDAY)
    for n in range(count):
        partner = organisations.add(f"Listed {n} of {count}", by=alice, at=MONDAY, owner=alice)
        plans.make(partner, template, MONDAY.date(), by=alice, at=MONDAY)
    return f"/plans/?state=running&template={template.pk}&sort=-start"


def integration_of(count: int, alice: User, n: int = 1) -> Integration:
    """An integration with so many tasks, environments and obstacles."""
    name = f"Product {Product.objects.count()}"
    checklist = plan_templates.add(name, None, by=alice, at=MONDAY, product=Product.objects.create(name=name))
    for step in range(count):
        facts = {"text": f"Step {step}", "side": "theirs", "offset_days": step, "waits_for": []}
        plan_templates.save(checklist, None, facts, by=alice, at=MONDAY)
    plan_templates.publish(checklist, by=alice, at=MONDAY)
    partner = organisations.add(f"Integrates {n} of {count}", by=alice, at=MONDAY, owner=alice)
    who = Contact.objects.create(partner=partner, name="Nora", roles=["technical"], created_at=MONDAY)
    wanted = Wanted(alice, who)
    begun = integrations.begin(partner, checklist, MONDAY.date(), wanted, by=alice, at=MONDAY)
    for step in range(min(count, 20)):
        environments.keep(begun, None, {"name": f"Place {step}"}, by=alice, at=MONDAY)
        obstacles.raise_one(begun, f"Obstacle {step}", True, by=who, at=MONDAY)
    return begun


def integration_page(count: int, alice: User) -> str:
    return integration_of(count, alice).get_absolute_url()


def integrations_of(count: int, alice: User) -> str:
    """Integrations of one product each, each of another partner."""
    for n in range(count):
        integration_of(1, alice, n)
    return "/integrations/?state=running"


def shared_integration(count: int, alice: User) -> str:
    """The same as somebody there reads it."""
    begun = integration_of(count, alice)
    assert begun.their_contact is not None
    key = passes.token(passes.give(begun.their_contact, 300, by=alice, at=clock.now()))
    return reverse("portal:integration", args=[key, begun.pk])


def courses_of(count: int, alice: User) -> Contact:
    """Somebody who passed so many courses."""
    partner = organisations.add(f"Learns {count}", by=alice, at=MONDAY, owner=alice)
    person = Contact.objects.create(partner=partner, name="Nora", created_at=MONDAY)
    for n in range(count):
        title = f"Course {n} of {count}, {Course.objects.count()}"
        course = Course.objects.create(title=title, published_at=MONDAY, created_at=MONDAY)
        taking.finish(course, by=person, at=MONDAY)
    return person


def courses_listed(count: int, alice: User) -> str:
    courses_of(count, alice)
    return "/courses/"


def certificates_of(count: int, alice: User) -> str:
    return f"/certificates/?partner={courses_of(count, alice).partner_id}"


def learned(count: int, alice: User) -> str:
    person = courses_of(count, alice)
    return reverse("portal:learn", args=[passes.token(passes.give(person, 300, by=alice, at=clock.now()))])


def offered_plans(count: int, alice: User) -> str:
    """Plans made from the version before the newest."""
    template = plan_templates.add(f"Offered {count}, {PlanTemplate.objects.count()}", None, alice, MONDAY)
    for n in range(2):
        facts = {"text": f"Step {n}", "side": "ours", "offset_days": n, "waits_for": []}
        plan_templates.save(template, None, facts, by=alice, at=MONDAY)
        plan_templates.publish(template, by=alice, at=MONDAY)
        for m in range(count if n == 0 else 0):
            partner = organisations.add(f"Offered {m} of {count}", by=alice, at=MONDAY, owner=alice)
            plans.make(partner, template, MONDAY.date(), by=alice, at=MONDAY)
    Grant.objects.get_or_create(user=alice, role=Role.ADMIN)
    return f"/settings/plan-templates/{template.pk}/offer/"


def shared_plan_of(count: int, alice: User) -> str:
    """The same plan as somebody there reads it."""
    address = plan_of(count, alice)
    partner = Partner.objects.get(plans=int(address.split("/")[2]))
    person = Contact.objects.create(partner=partner, name="Nora", created_at=MONDAY)
    return reverse("portal:plan", args=[passes.token(passes.give(person, 300, by=alice, at=clock.now()))])


def templates(count: int, alice: User) -> str:
    for n in range(count):
        name = f"Words {n} of {count}, {ReplyTemplate.objects.count()}"
        reply_templates.add(name, "en", "Hello.", by=alice, at=MONDAY, mine=True)
    return "/settings/me/templates/"


def templates_for(count: int, alice: User) -> str:
    """Templates to choose from in a reply."""
    templates(count, alice)
    partner = organisations.add(f"Answered {count}", by=alice, at=MONDAY, owner=alice)
    asked = messages.receive(partner, "email", "Hello?", at=MONDAY, subject="Dates")
    return f"/conversations/{asked.conversation_id}/templates/"


def applications_of(count: int, alice: User) -> str:
    """Applications by forms of their own, each of another firm."""
    began = Partner.objects.count()
    for n in range(began, began + count):
        slug = f"form-{n}"
        form = editing.add(slug, slug, alice, by=alice, at=MONDAY)
        editing.switch(form, is_open=True, by=alice, at=MONDAY)
        email = f"zoe@firm-{n}.example"
        applying.confirm(applying.send(form, f"Firm {n}", "Zoe", email, {}, MONDAY), MONDAY)
    return "/applications/?state=asked"


def tiers_listed(count: int, alice: User) -> str:
    """Memberships that would rise, each with a change under way."""
    programme = programme_with_rules()
    gold, silver = programme.tiers.order_by("rank")
    rules = programme.tier_rules.get()
    moving = {"rules": rules, "to": gold}
    for n in range(count):
        partner = organisations.add(f"Member {n} of {count}", by=alice, at=MONDAY, owner=alice)
        joined = memberships.join(partner, programme, by=alice, at=MONDAY, tier=silver)
        day = MONDAY.date()
        Standing.objects.create(membership=joined, day=day, since=day, direction="rise", **moving)
        asked = {"before": silver, "is_rise": True, "state": "asked", "found_at": MONDAY, "found_on": day}
        TierChange.objects.create(membership=joined, **asked, **moving)
    return "/tiers/?show=rise"


def tier_page(count: int, alice: User) -> str:
    """One membership that changed its tier many times."""
    programme = programme_with_rules()
    gold, silver = programme.tiers.order_by("rank")
    partner = organisations.add(f"Changing {count}", by=alice, at=MONDAY, owner=alice)
    joined = memberships.join(partner, programme, by=alice, at=MONDAY, tier=silver)
    changed = {"before": silver, "to": gold, "is_rise": True, "state": "done", "found_at": MONDAY}
    for _n in range(count):
        TierChange.objects.create(membership=joined, found_on=MONDAY.date(), **changed)
    return f"/memberships/{joined.pk}/tier/"


def programme_with_rules() -> Programme:
    kind, _new = PartnerType.objects.get_or_create(name="Reseller")
    programme, is_new = Programme.objects.get_or_create(name="Measured", kind=kind)
    if is_new:
        gold = Tier.objects.create(programme=programme, name="Gold", rank=1)
        Tier.objects.create(programme=programme, name="Silver", rank=2)
        rules = TierRules.objects.create(programme=programme, number=1, begun_at=MONDAY)
        rules.requirements.create(tier=gold, criterion="certified", wanted=2)
    return programme


def reviews_of(count: int, alice: User) -> str:
    """Planned reviews of this month, each with another partner."""
    for n in range(count):
        partner = organisations.add(f"Reviewed {n} of {count}", by=alice, at=MONDAY, owner=alice)
        living(partner, signed_on=MONDAY.date())
    scheduling.ensure_upcoming(MONDAY)
    return "/reviews/"


def reviews_of_a_month(count: int, alice: User) -> str:
    reviews_of(count, alice)
    return "/reviews/calendar/?month=2027-06"


def survey_of(count: int, alice: User) -> Survey:
    """A round answered, with a comment, by so many people of partners of their own."""
    made = surveys.make(Outline(f"Round of {count}", Survey.Kind.NPS), alice, MONDAY)
    Survey.objects.filter(pk=made.pk).update(drawn_at=clock.now())
    for n in range(count):
        partner = organisations.add(f"Asked {n} of {made.pk}", by=alice, at=MONDAY, owner=alice)
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        invitation = drawing.invitation(made, who, "", clock.now())
        invitation.save()
        answering.answer(invitation, {made.questions.get().pk: n % 11}, "Well.", clock.now())
    return made


def surveys_listed(count: int, alice: User) -> str:
    for n in range(count):
        surveys.make(Outline(f"Round {n} of {count}", Survey.Kind.CSAT), alice, MONDAY)
    return "/surveys/"


def survey_broken_down(count: int, alice: User) -> str:
    return f"{survey_of(count, alice).get_absolute_url()}?by=partner"


def survey_answers(count: int, alice: User) -> str:
    return f"{survey_of(count, alice).get_absolute_url()}answers/"


def survey_asked(count: int, alice: User) -> str:
    return f"{survey_of(count, alice).get_absolute_url()}asked/"


def survey_comments(count: int, alice: User) -> str:
    survey_of(count, alice)
    return "/surveys/comments/?show=all"


def health_of(count: int, alice: User) -> str:
    """A partner whose health was read on so many days, with another colour on each."""
    partner = organisations.add(f"Read {count} times", by=alice, at=MONDAY, owner=alice)
    formula = formulas.current(MONDAY)
    for n in range(count):
        day, stands = (MONDAY - timedelta(days=n)).date(), "watch" if n % 2 else "healthy"
        HealthRun.objects.get_or_create(day=day, defaults={"formula": formula, "at": MONDAY})
        score = {"score": 600 + 10 * n, "coverage": 80, "colour": stands, "stands": stands}
        lines = {"contact": [600 + 10 * n, 1000, n, day]}
        Snapshot.objects.create(partner=partner, day=day, formula=formula, lines=lines, **score)
        messages.receive(partner, "email", "Hello?", MONDAY - timedelta(days=n), subject=f"Number {n}")
    return f"/partners/{partner.pk}/health/"


def health_rows(count: int, alice: User) -> str:
    return f"{health_of(count, alice)}contact/"


def issues_of(count: int, alice: User, state: str = "open") -> str:
    """Issues of one partner, each with a person there."""
    partner = organisations.add(f"Troubled {count} {state}", by=alice, at=MONDAY, owner=alice)
    for n in range(count):
        who = Contact.objects.create(partner=partner, name=f"Person {n}", created_at=MONDAY)
        made = raising.raise_one(partner, f"Issue {n}", "Words", Severity.MINOR, who, clock.now())
        if state == "solved":
            cause = Cause.objects.get_or_create(name=f"Cause {n}")[0]
            solving.solve(made, "Done.", cause, alice, clock.now())
    return f"/issues/?partner={partner.pk}"


def issue_page(count: int, alice: User) -> str:
    """One issue, solved and opened again so many times."""
    issues_of(1, alice)
    made = Issue.objects.latest("pk")
    cause = Cause.objects.get_or_create(name="Cause")[0]
    for _n in range(count):
        solving.solve(made, "Done.", cause, alice, clock.now())
        made = solving.open_again(made, "No.", alice, clock.now())
    return made.get_absolute_url()


def causes_of_issues(count: int, alice: User) -> str:
    issues_of(count, alice, "solved")
    return "/issues/causes/"


def shared_issues(count: int, alice: User) -> str:
    """The same issues as somebody there reads them."""
    issues_of(count, alice)
    person = Contact.objects.latest("pk")
    return reverse("portal:issues", args=[passes.token(passes.give(person, 300, by=alice, at=clock.now()))])


def retention_of(count: int, alice: User) -> str:
    """Partners of as many years, half of them ended."""
    reason = EndReason.objects.get_or_create(name="Closed down")[0]
    for n in range(count):
        partner = organisations.add(f"Firm {n} of {count}", by=alice, at=MONDAY, owner=alice)
        living(partner, signed_on=date(2024 - n, 5, 1))
        if n % 2:
            transitions.end(partner, reason, "", by=alice, at=MONDAY)
    return "/health-of-partners/retention/?since=2026-01-01&until=2026-07-01"


def who_stayed(count: int, alice: User) -> str:
    return retention_of(count, alice).replace("/?", "/who/?show=start&")


def back_tested(count: int, alice: User) -> str:
    """So many partners read half a year ago, half of them lost since."""
    day, formula = (clock.now() - timedelta(days=200)).date(), formulas.current(MONDAY)
    HealthRun.objects.get_or_create(day=day, defaults={"formula": formula, "at": MONDAY, "ended_at": MONDAY})
    reason = EndReason.objects.get_or_create(name="Closed down")[0]
    for n in range(count):
        partner = living(organisations.add(f"Tested {n} of {count}", by=alice, at=MONDAY, owner=alice))
        if n % 2:
            transitions.end(partner, reason, "", by=alice, at=clock.now() - timedelta(days=100))
        Snapshot.objects.create(partner=partner, day=day, formula=formula, score=10 * n, coverage=80)
    return "/health-of-partners/back-test/"


def readings_of(count: int, alice: User) -> str:
    return f"{back_tested(count, alice)}readings/"


def packet_of(count: int, alice: User) -> str:
    """A review with so many open deals, promises and actions."""
    partner = living(deals_of(count, alice), signed_on=MONDAY.date())
    scheduling.ensure_upcoming(MONDAY, [partner.pk])
    review = Review.objects.get(partner=partner)
    who = Contact.objects.create(partner=partner, name="Nora", created_at=MONDAY)
    for n in range(count):
        promise = Promise(f"Promise {n}", MONDAY.date(), "theirs", contact=who)
        commitments.make(partner, promise, by=alice, at=MONDAY, visible_to_partner=True)
        arranging.add_topic(review, f"Topic {n}", by=who, at=MONDAY)
    return review.get_absolute_url()


def minutes_of(count: int, alice: User) -> str:
    address = packet_of(count, alice)
    review = Review.objects.get(pk=address.split("/")[2])
    for n in range(count):
        actions.note(review, f"Action {n}", by=alice, at=MONDAY)
    return f"{address}minutes/"


def joint_plan_of(count: int, alice: User) -> str:
    """So many goals, objectives with a mark, targets, and deals behind them."""
    partner = deals_of(count, alice)
    today, quarters = clock.now().date(), targets.offered(clock.now(), "UTC")
    for n in range(count):
        until, who = today + timedelta(days=400 + n), {"by_user": alice, "created_at": MONDAY}
        goal = Goal.objects.create(partner=partner, text=f"Goal {n}", **who)
        wanted = objectives.Wanted(f"Lead {n}", today, until, goal=goal)
        objective = objectives.add(partner, wanted, by=alice, at=MONDAY)
        objectives.add_mark(objective, until, "There", by=alice, at=MONDAY)
        measure, first = list(MEASURES)[n % 5], quarters[1 + n // 5].first
        aim = targets.Wanted(measure, 50, first, "EUR", objective)
        targets.set_one(partner, aim, by=alice, at=clock.now())
    return f"/partners/{partner.pk}/joint-plan/"


def experiments_of(count: int, alice: User) -> str:
    for n in range(count):
        partner = organisations.add(f"Lab {n} of {count}", by=alice, at=MONDAY, owner=alice)
        trial = objectives.Wanted(
            f"Try {n}", MONDAY.date(), MONDAY.date() + timedelta(days=90), None, None, True, "This.", "So."
        )
        objectives.add(partner, trial, by=alice, at=MONDAY)
    return "/experiments/"


def company_objectives_of(count: int, alice: User) -> str:
    who = {"owner": alice, "created_by": alice, "created_at": MONDAY}
    for n in range(count):
        CompanyObjective.objects.create(text=f"Grow {n}", year=2026, **who)
    return "/objectives/"


@pytest.mark.django_db
def insights(rows: int, alice: User) -> str:
    much(rows, alice)
    return reverse("dashboards:insights")


def behind_a_figure(rows: int, alice: User) -> str:
    much(rows, alice)
    return reverse("dashboards:behind", args=["promises_made"])


def announcement_to(count: int, alice: User) -> Announcement:
    """Told to so many partners with a person each; as many have nobody."""
    for n in range(count):
        for name in ("Told", "Silent"):
            partner = organisations.add(f"{name} {n} of {count}", by=alice, at=MONDAY, owner=alice)
            live = {"status": Status.LIVE, "stage": Stage.GROWTH, "step": ""}
            Partner.objects.filter(pk=partner.pk).update(**live)
            if name == "Told":
                contacts.add(partner, "Tom", by=alice, at=MONDAY, email=f"tom{n}@told{count}.example")
    made = announcing.write(AnnouncementOutline(f"News for {count}", "There is some."), alice, MONDAY)
    announcing.send(made, alice, MONDAY)
    return made


def announced_to(count: int, alice: User) -> str:
    return announcement_to(count, alice).get_absolute_url()


def partners_announced_to(count: int, alice: User) -> str:
    return f"{announcement_to(count, alice).get_absolute_url()}partners/"


def announcements_of(count: int, alice: User) -> str:
    for n in range(count):
        announcing.write(AnnouncementOutline(f"News {n} of {count}", "There is some."), alice, MONDAY)
    return "/announcements/"


def announcements_read_by_a_partner(count: int, alice: User) -> str:
    partner = organisations.add(f"Reader of {count}", by=alice, at=MONDAY, owner=alice)
    Partner.objects.filter(pk=partner.pk).update(status=Status.LIVE, stage=Stage.GROWTH, step="")
    person = contacts.add(partner, "Tom", by=alice, at=MONDAY, email=f"tom@reader{count}.example")
    for n in range(count):
        made = announcing.write(AnnouncementOutline(f"News {n} of {count}", "Some."), alice, MONDAY)
        announcing.send(made, alice, MONDAY)
    token = passes.token(passes.give(person, 30, by=alice, at=clock.now()))
    return f"/p/{token}/announcements/"


@pytest.mark.parametrize(
    ("make", "most"),
    [
        (announced_to, 12),
        (partners_announced_to, 12),
        (announcements_of, 10),
        (announcements_read_by_a_partner, 10),
        (joint_plan_of, 8),
        (experiments_of, 8),
        (company_objectives_of, 8),
        (issues_of, 9),
        (issue_page, 12),
        (causes_of_issues, 9),
        (shared_issues, 8),
        (packet_of, 7),
        (minutes_of, 18),
        (reviews_of, 8),
        (reviews_of_a_month, 8),
        (surveys_listed, 9),
        (survey_broken_down, 10),
        (survey_answers, 9),
        (survey_asked, 8),
        (survey_comments, 10),
        (health_of, 8),
        (health_rows, 13),
        (retention_of, 8),
        (who_stayed, 8),
        (back_tested, 13),
        (readings_of, 10),
        (investments_in, 10),
        (applications_of, 8),
        (tiers_listed, 10),
        (tier_page, 14),
        (agreements_of, 8),
        (registrations_of, 8),
        (deals_listed, 6),
        (plan_of, 6),
        (plans_listed, 9),
        (shared_plan_of, 12),
        (offered_plans, 12),
        (integration_page, 13),
        (integrations_of, 10),
        (shared_integration, 16),
        (courses_listed, 8),
        (certificates_of, 8),
        (learned, 10),
        (deals_on_the_board, 8),
        (deals_in_two_currencies, 9),
        (rates_of, 9),
        (unknown, 8),
        (conversation, 6),
        (notices_of, 8),
        (imports, 8),
        (choices, 8),
        (search, 10),
        (to_decide, 10),
        (inbox, 10),
        (private, 11),
        (templates, 8),
        (templates_for, 12),
        (meetings, 8),
        (insights, 12),
        (behind_a_figure, 8),
    ],
)
def test_it_costs_the_same_with_3_rows_and_with_30(
    client: Client, alice: User, make: Make, most: int
) -> None:
    client.force_login(alice)
    client.get(make(3, alice))
    counts = []
    for rows in (3, 30):
        address = make(rows, alice)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[1] <= most, [query["sql"][:120] for query in asked.captured_queries]


def much(count: int, alice: User) -> None:
    """Partners with a contact, an open wait, a promise, a task, a deal, a visit and so on each."""
    at = clock.now()
    phases.seed()
    lists.seed()
    for n in range(count):
        partner = organisations.add(f"Told {n} of {count}", by=alice, at=at, owner=alice)
        contacts.add(partner, f"Person {n}", by=alice, at=at, email=f"p{n}@told{count}.example")
        messages.receive(partner, "email", "Hello?", at=at, subject="Dates")
        commitments.make(partner, Promise("Send it", at.date() + timedelta(days=3)), by=alice, at=at)
        tasks.add(partner, "Train two", by=alice, at=at)
        deals.start(partner, "Roll-out", customers.found(f"Customer {n} of {count}", at), by=alice, at=at)
        memberships.join(partner, Programme.objects.earliest("pk"), by=alice, at=at)
        evidence.record(partner, Evidence.Kind.KICK_OFF_HELD, on=at.date(), by=alice, at=at)
