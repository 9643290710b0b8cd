"""What a list costs: as many queries with 30 rows as with 3, and a ceiling. The list of partners,
the board, Today, the partner's page, the profiles, people and mails are counted beside their tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations import decisions, incoming, late_logs, messages, reply_templates, threads
from conversations.models import Conversation, Meeting, ReplyTemplate
from lifecycle import transitions
from lifecycle.growth import customers, deals, phases
from lifecycle.models import Course, PlanTemplate, Registration
from lifecycle.onboarding import plans
from lifecycle.onboarding import templates as plan_templates
from lifecycle.onboarding.learning import taking
from lifecycle.recruitment import agreements
from lifecycle.recruitment.applications import applying, editing
from lifecycle.recruitment.terms import Terms
from partners import organisations
from partners.models import Contact, EndReason, Partner
from portal import passes
from prm import clock, importing
from prm.references import Reference
from team import notices
from team.models import Grant, Role, User
from tests.conftest import MONDAY
from tests.conversations.letters import raw

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
        decisions.appeal(partner.decisions.get(), "It is not so.", who, MONDAY)
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "most"),
    [
        (applications_of, 8),
        (agreements_of, 8),
        (registrations_of, 8),
        (deals_listed, 8),
        (plan_of, 12),
        (shared_plan_of, 12),
        (offered_plans, 12),
        (courses_listed, 8),
        (certificates_of, 8),
        (learned, 10),
        (deals_on_the_board, 10),
        (unknown, 8),
        (conversation, 12),
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
