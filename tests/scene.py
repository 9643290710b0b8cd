"""One of everything: the scene that the tables of permissions, axe and page sizes play on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from conversations import (
    asks,
    commitments,
    decisions,
    drafts,
    incoming,
    late_logs,
    later,
    messages,
    reply_templates,
)
from conversations.commitments import Promise
from conversations.messages import Happening
from conversations.models import (
    BlockedSender,
    Conversation,
    Decision,
    Mailbox,
    Meeting,
    Policy,
    RawMail,
    ReplyTemplate,
    Thanks,
)
from lifecycle import evidence, tasks
from lifecycle.ending import endings
from lifecycle.growth import customers, deals, phases
from lifecycle.models import (
    Agreement,
    Application,
    ApplicationQuestion,
    Certificate,
    Course,
    Credit,
    Customer,
    Deal,
    Ending,
    Evidence,
    KickOff,
    Offer,
    PlanTemplate,
    Product,
    Referral,
    Registration,
    Sequence,
    TaskFile,
)
from lifecycle.onboarding import plans, starters
from lifecycle.recruitment import agreements
from lifecycle.recruitment.applications import applying, editing
from lifecycle.recruitment.outreach import sequences, touches
from lifecycle.recruitment.terms import Terms
from partners import links, lists, memberships, profiles
from partners.models import Contact, EndReason, Event, Partner, PartnerType, Programme, Source, Tier
from portal import digests, passes
from portal.models import Digest
from prm import clock, importing, outbox
from prm.models import BouncedAddress, Import, OutboxItem
from prm.references import Reference
from team import invitations, notices
from team.models import CalendarDay, HolidaySource, Invitation, Leave, Notice, Region, User, Vertical
from tests.conversations.letters import raw


@dataclass
class Scene:
    """People and things by the name the tables use; `of` gives a thing's key."""

    people: dict[str, User]
    things: dict[str, Any]

    def of(self, name: str) -> Any:
        thing = self.things[name]
        return getattr(thing, "pk", thing)


@pytest.fixture
def scene(
    alice: User,
    bob: User,
    erin: User,
    ravi: User,
    northwind: Partner,
    contoso: Partner,
    nora: Contact,
    programme: Programme,
) -> Scene:
    at = clock.now()
    roleless = User.objects.create_user("rolf@acme.example", "a long enough phrase", name="Rolf")
    lists.seed()
    reply_templates.seed()
    asked = messages.receive(northwind, "email", "When?", at=at, contact=nora, subject="Dates")
    logged = messages.log(northwind, Happening("call", "A call."), by=alice, at=at)
    mailed = incoming.accept(
        raw("omar@contoso.com", at=at, id="<mailed@x>", html="<p>Hello</p>", files={"a.pdf": b"%PDF-1.4"}), at
    ).message
    assert mailed is not None
    incoming.accept(raw("Stranger <who@nowhere.example>", at=at, id="<unknown@x>"), at)
    due = (at + timedelta(days=3)).date()
    phases.seed()
    deal = deal_of(northwind, alice, at)
    about = Reference("person", alice.pk)
    matter = decisions.ask(late_logs.KIND, northwind, alice, at, about=about, conversation=asked.conversation)
    sequences.seed()
    reached = touches.begin(northwind, Sequence.objects.get(), nora, by=alice, at=at)
    agreement = agreed_with(northwind, nora, alice, at)
    starters.seed(at)
    plan = plans.make(northwind, PlanTemplate.objects.get(), at.date(), by=alice, at=at)
    application = applied(alice, at)
    signed = ContentFile(b"%PDF-1.4\n%%EOF\n", name="agreement.pdf")
    return Scene(
        people={"roleless": roleless, "bob": bob, "alice": alice, "erin": erin, "ravi": ravi},
        things={
            "partner": northwind,
            "other": contoso,
            "contact": nora,
            "conversation": asked.conversation,
            "matter": matter,
            "decision kind": matter.kind,
            "reason": matter.kind.reasons.first(),
            "approval": matter.kind.approvals.first(),
            "decision": Decision.objects.create(
                partner=northwind,
                kind="prospect declined",
                answer="no",
                reason="Too small.",
                appeal_until=at + timedelta(days=30),
                by=erin,
                at=at,
            ),
            "message": logged,
            "mailbox": Mailbox.objects.create(
                name="Partners",
                address="partners@acme.example",
                host="imap.acme.example",
                username="partners",
                next_check_at=at,
                created_at=at,
                last_error="imap.acme.example does not answer on port 993.",
            ),
            "meeting": Meeting.objects.create(
                person=alice,
                partner=northwind,
                title="Quarterly talk",
                starts_at=at - timedelta(hours=2),
                ends_at=at - timedelta(hours=1),
                uid="quarterly",
                created_at=at,
            ),
            "mail_in": mailed,
            "attachment": mailed.attachments.get(),
            "unknown": RawMail.objects.unknown().get(),
            "blocked": BlockedSender.objects.create(pattern="spam@nowhere.example", by=ravi, at=at),
            "wait": asked.conversation.waits.for_reply().get(),
            "typed": drafts.keep(
                drafts.reply_in(asked.conversation.pk), {"body": ["Soon."]}, by=alice, at=at
            ),
            "later": later.schedule(
                asked.conversation, "On Monday.", at + timedelta(days=3), by=alice, at=at, holding=True
            ),
            "template": ReplyTemplate.objects.shared().first(),
            "own template": reply_templates.add("Mine", "en", "Hello.", by=alice, at=at, mine=True),
            "policy": Policy.objects.get(decides=""),
            "promise": commitments.make(northwind, Promise("Send it", due), by=alice, at=at),
            "membership": memberships.join(northwind, programme, by=alice, at=at, is_main=True),
            "link": links.link(northwind, contoso, "delivers_with", by=alice, at=at),
            "assignment": northwind.assignments.get(),
            "evidence": evidence.record(
                northwind, Evidence.Kind.KICK_OFF_HELD, on=at.date(), by=alice, at=at, file=signed
            ),
            "task": tasks.add(northwind, "Train two", by=alice, at=at, owner=alice, due_on=due),
            "plan": plan,
            "their task": (theirs := plan.tasks.filter(side="theirs").earliest("pk")),
            "task file": TaskFile.objects.create(task=theirs, file=signed, name="plan.pdf", at=at),
            "kick-off": KickOff.objects.create(
                partner=northwind,
                title="Kick-off: Acme and Northwind",
                organiser=alice,
                starts_at=at - timedelta(hours=2),
                ends_at=at - timedelta(hours=1),
                agenda="1. Targets\n2. People",
                uid="kick-off@acme.example",
                created_at=at - timedelta(days=7),
            ),
            "course": (course := Course.objects.create(title="Selling", published_at=at, created_at=at)),
            "lesson": course.lessons.create(title="Why", body="Words", file=signed, file_name="a.pdf"),
            "quiz question": course.questions.create(text="Which?", choices=["A", "B"], right=[1]),
            "certificate": (
                certificate := Certificate.objects.create(
                    number="2345-6789-ABCD", course=course, partner=northwind, name="Nora", issued_on=due
                )
            ),
            "number": certificate.number,
            "plan template": plan.template,
            "plan task key": plan.tasks.earliest("pk").key,
            "agreement": agreement,
            "application": application,
            "application token": applying.token(application),
            "application form": application.form,
            "application slug": application.form.slug,
            "question": application.form.questions.get(),
            "agreement version": agreement.current,
            "agreement token": agreements.token(agreement.current),
            "deal": deal,
            "referral": (referred := referral_of(northwind, deal.customer, alice, at)),
            "offer": referred.offers.get(),
            "ending": (ends := ending_of(northwind, alice, at)),
            "loose end": ends.loose_ends.first(),
            "sequence": reached.sequence,
            "step": reached.sequence.steps.first(),
            "outreach": reached,
            "touch": reached.touches.first(),
            "customer": deal.customer,
            "registration": Registration.objects.create(
                partner=northwind, customer=deal.customer, name="Roll-out", amount=500, asked_at=at
            ),
            "credit": deals.credit(deal, contoso, Credit.Role.DELIVERED, by=alice, at=at),
            "phase": deal.phase,
            "product": Product.objects.create(name="Platform"),
            "event": Event.objects.filter(partner=northwind).earliest("pk"),
            "draft": profiles.start_draft(None, by=ravi, at=at, starter="general"),
            "import": imported(alice, at),
            "import of deals": imported(alice, at, "deals"),
            "notice": notice(alice, asked.conversation, at),
            "mail": mail(ravi, at),
            "address": BouncedAddress.objects.create(
                email="gone@acme.example",
                bounces=3,
                last_bounced_at=at,
                suppressed_until=at + timedelta(days=60),
            ),
            "leave": Leave.objects.create(user=alice, starts_on=due, ends_on=due),
            "calendar": alice.company.calendar,
            "source": HolidaySource.objects.create(
                calendar=alice.company.calendar, country="DE", subdivision="BY", through=2026
            ),
            "day": CalendarDay.objects.create(calendar=alice.company.calendar, on=due, label="Closed"),
            "phrase": Thanks.objects.create(name="many thanks"),
            "region": Region.objects.create(name="Somewhere"),
            "vertical": Vertical.objects.create(name="Something"),
            "type": PartnerType.objects.first(),
            "came by": Source.objects.first(),
            "end_reason": EndReason.objects.first(),
            "programme": programme,
            "tier": Tier.objects.first(),
            "roleless": roleless,
            "bob": bob,
            "token": "no-such-link",
            "invitation": Invitation.objects.get(),
            "ask": (
                asked_of := asks.make(
                    asked.conversation.waits.for_reply().get(),
                    "Legal",
                    "legal@acme.example",
                    "May we?",
                    due,
                    by=alice,
                    at=at,
                )
            ),
            "ask token": asks.token(asked_of),
            "pass": (given := passes.give(nora, 30, by=alice, at=at)),
            "pass token": passes.token(given),
            "digest token": digests.token(Digest.objects.create(contact=nora)),
        },
    )


def ending_of(partner: Partner, by: User, at: Any) -> Ending:
    """The planned end of a partnership with a promise to keep."""
    ending = Ending.objects.create(
        partner=partner,
        kind=Ending.Kind.OURS,
        end_reason=EndReason.objects.earliest("pk"),
        last_on=at.date() + timedelta(days=30),
        settle_by=at.date() + timedelta(days=20),
        made_by=by,
        made_at=at,
    )
    endings.look_again(ending, by=by, at=at)
    return ending


def referral_of(partner: Partner, customer: Customer, by: User, at: Any) -> Referral:
    """A referral that was offered."""
    referral = Referral.objects.create(
        customer=customer, name="Two sites", rule="turn", rule_words="By turn.", made_by=by, made_at=at
    )
    Offer.objects.create(referral=referral, partner=partner, offered_at=at, answer_by=at + timedelta(days=3))
    return referral


def deal_of(partner: Partner, by: User, at: Any) -> Deal:
    """A deal of which all is known, its next step overdue."""
    customer = customers.found("Baker Foods", at, website="https://baker.example", country="DE")
    facts = {"amount": 1_250_000, "expected_close_on": at.date(), "probability": 40}
    step = {"next_step": "Send the offer", "next_step_on": (at - timedelta(days=2)).date()}
    return deals.start(partner, "Roll-out", customer, by=by, at=at, **facts, **step)


def agreed_with(partner: Partner, to: Contact, by: User, at: Any) -> Agreement:
    """An agreement that was sent, changed, and sent again, with a file."""
    file = SimpleUploadedFile("contract.pdf", b"%PDF-1.4\n%%EOF\n")
    terms = Terms(kind="reseller", term_months=12, words="One.\nTwo.")
    agreement = agreements.draft(partner, terms, by, at, file=file)
    agreements.send(agreement, to, by, at)
    agreements.revise(agreement, replace(terms, words="One.\nThree."), by, at)
    agreements.send(agreement, to, by, at)
    return agreement


def applied(by: User, at: Any) -> Application:
    """An application of somebody at Contoso, confirmed and not decided."""
    form = editing.add("Resellers", "resellers", by, by=by, at=at)
    editing.ask(ApplicationQuestion(form=form), "What do you want?", "long", by=by, at=at)
    editing.switch(form, is_open=True, by=by, at=at)
    answers = {form.questions.get().pk: "To sell."}
    sent = applying.send(form, "Contoso Ltd", "Olga Ray", "olga@contoso.com", answers, at)
    return applying.confirm(sent, at)


def imported(by: User, at: Any, noun: str = "partners") -> Import:
    file = ContentFile(b"Name,Website\nLitware,https://litware.example\n", name="list.csv")
    return importing.receive(noun, file, "list.csv", by, at)


def notice(person: User, conversation: Conversation, at: Any) -> Notice:
    cause = Reference("conversation", conversation.pk)
    notices.give(person, "wait_warned", cause, at, at, "They wait.", conversation.get_absolute_url())
    return Notice.objects.get(kind="wait_warned")


def mail(by: User, at: Any) -> OutboxItem:
    invitations.invite("ines@acme.example", "Ines", ["growth"], by=by, at=at)
    outbox.deliver(at)
    return OutboxItem.objects.latest("pk")
