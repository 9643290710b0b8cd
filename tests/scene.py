"""One of everything: the scene that the tables of permissions, axe and page sizes play on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
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
from lifecycle.growth.announcing import writing
from lifecycle.growth.announcing.writing import Outline as AnnouncementOutline
from lifecycle.growth.helping import requests
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.investments import Spent
from lifecycle.growth.tiering import recording
from lifecycle.models import (
    Agreement,
    Announcement,
    Application,
    ApplicationQuestion,
    Benefit,
    Certificate,
    Course,
    Credit,
    Customer,
    Deal,
    Ending,
    Entitlement,
    Evidence,
    Integration,
    Investment,
    KickOff,
    Offer,
    OwnMeasure,
    PlanTemplate,
    Product,
    Referral,
    Registration,
    Requirement,
    Sequence,
    Standing,
    TaskFile,
    TierChange,
    TierRules,
)
from lifecycle.onboarding import plans, starters, templates
from lifecycle.onboarding.integrating import environments, integrations, obstacles
from lifecycle.onboarding.integrating.integrations import Wanted
from lifecycle.onboarding.learning import taking
from lifecycle.recruitment import agreements
from lifecycle.recruitment.applications import applying, editing
from lifecycle.recruitment.outreach import sequences, touches
from lifecycle.recruitment.terms import Terms
from partners import links, lists, memberships, profiles
from partners.coverage import wanting
from partners.models import (
    Contact,
    EndReason,
    Event,
    Fit,
    Membership,
    Partner,
    PartnerType,
    Profile,
    Programme,
    Segment,
    Source,
    Tier,
)
from portal import digests, passes
from portal.models import Digest
from prm import clock, importing, outbox
from prm.models import BouncedAddress, Import, ImportRow, OutboxItem
from prm.references import Reference
from reviews import scheduling
from reviews.health import formulas
from reviews.issues import addresses as issue_addresses
from reviews.issues import raising, solving
from reviews.issues.models import Cause, Issue, Severity
from reviews.meetings import sharing
from reviews.models import CompanyObjective, Feed, HealthRun, Review, ReviewInvitation, Snapshot, Survey
from reviews.planning import goals, objectives, targets
from reviews.surveying import addresses as survey_addresses
from reviews.surveying import answering, drawing, surveys
from reviews.surveying.surveys import Outline
from team import invitations, notices, rates, tokens
from team.companies import working_days
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
            "asked for": matter.wait,
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
            "membership": (joined := memberships.join(northwind, programme, by=alice, at=at, is_main=True)),
            "tier change": (change := tier_change_of(joined, at)),
            "requirement": Requirement.objects.get(),
            "benefit": Benefit.objects.create(tier=change.to, text="A joint event"),
            "tier measure": (staff := OwnMeasure.objects.create(name="Dedicated staff")),
            "measurement": recording.record(northwind, staff, 3, at.date(), by=alice, at=at),
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
            "enrolment": taking.enrol(course, nora, by=alice, at=at),
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
            "review": (review := review_of(northwind, at)),
            "review invitation": ReviewInvitation.objects.create(
                review=review,
                title="Business review: Acme and Northwind",
                organiser=alice,
                starts_at=at + timedelta(days=30),
                ends_at=at + timedelta(days=30, hours=1),
                uid="review@acme.example",
            ),
            "issue": (wrong := issue_of(northwind, nora, at)),
            "issue cause": Cause.objects.create(name="Fault in the server"),
            "issue token": issue_addresses.token(wrong, nora, clock.now()),
            "review action": review.actions.create(text="Train two", created_by=alice, created_at=at),
            "topic": review.topics.create(text="Prices", by_contact=nora, at=at),
            **planned_with(northwind, alice, at),
            "feed key": Feed.objects.create(user=alice).key,
            "review token": sharing.token(review, nora, clock.now()),
            "integration": (integration := integration_of(northwind, alice, at)),
            "environment": integration.environments.get(),
            "obstacle": integration.obstacles.get(),
            "agreement": agreement,
            "application": application,
            "application token": applying.token(application),
            "application form": application.form,
            "application slug": application.form.slug,
            "question": application.form.questions.get(),
            "agreement version": agreement.current,
            "agreement token": agreements.token(agreement.current),
            "deal": deal,
            "announcement": announced(northwind, alice, at),
            "referral": (referred := referral_of(northwind, deal.customer, alice, at)),
            "offer": referred.offers.get(),
            "investment": investment_of(northwind, alice, at),
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
            "help": requests.ask(deal, northwind, "quote", "For three sites.", by=alice, at=at),
            "credit": deals.credit(deal, contoso, Credit.Role.DELIVERED, by=alice, at=at),
            "phase": deal.phase,
            "product": Product.objects.create(name="Platform"),
            "event": Event.objects.filter(partner=northwind).earliest("pk"),
            "draft": profiles.start_draft(None, by=ravi, at=at, starter="general"),
            "import": (handed_in := imported(alice, at)),
            "import row": ImportRow.objects.create(of=handed_in, number=2, cells=[], outcome="new"),
            "import of deals": imported(alice, at, "deals"),
            "import of results": imported(alice, at, "results"),
            "notice": notice(alice, asked.conversation, at),
            "mail": mail(ravi, at),
            "address": BouncedAddress.objects.create(
                email="gone@acme.example",
                bounces=3,
                last_bounced_at=at,
                suppressed_until=at + timedelta(days=60),
            ),
            "segment": wanting.want({(None, None, None): wanting.Numbers(3, 2)}, "The plan.", by=ravi, at=at),
            "rate": rates.state(rates.Wanted("GBP", at.date(), Decimal("1.1873")), by=ravi, at=at),
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
            "wanted segment": Segment.objects.get(),
            "programme": programme,
            "tier": Tier.objects.first(),
            "roleless": roleless,
            "bob": bob,
            "resource": "partners",
            "figure": "in_time",
            "api token": tokens.make(alice, "Our CRM", at)[0],
            "visit": northwind.visits.get(),
            "fit": fit_of(northwind, at),
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
            "survey": (asked_all := survey_of(nora, alice, at)),
            "survey token": survey_addresses.token(asked_all.invitations.get()),
            "measure": read_twice(northwind, at),
            "health": Snapshot.objects.latest("pk"),
            "formula": formulas.current(at),
        },
    )


def fit_of(partner: Partner, at: Any) -> Fit:
    """A score against a version that was retired since."""
    retired = {"state": Profile.State.RETIRED, "created_at": at, "written_at": at, "retired_at": at}
    version = Profile.objects.create(family="Earlier", number=1, **retired)
    asked = version.criteria.create(key="size", name="Size", kind="rating", weight=10)
    fit = Fit.objects.create(partner=partner, profile=version, coverage=0, is_current=False, scored_at=at)
    fit.lines.create(criterion=asked, answer=None, points=None)
    return fit


def tier_change_of(membership: Membership, at: Any) -> TierChange:
    """A membership that misses what its tier wants, and is to be told."""
    gold, silver = membership.programme.tiers.order_by("rank")
    published = {"state": "published", "published_at": at, "why": "A first set."}
    rules = TierRules.objects.create(programme=membership.programme, number=1, begun_at=at, **published)
    wanted = Requirement.objects.create(rules=rules, tier=gold, criterion="certified", wanted=2)
    found = {"rules": rules, "to": silver, "values": {str(wanted.pk): 0}}
    Standing.objects.create(membership=membership, day=at.date(), since=at.date(), **found)
    return TierChange.objects.create(
        membership=membership,
        before=gold,
        is_rise=False,
        state=TierChange.State.NOTICE,
        found_at=at,
        found_on=at.date(),
        **found,
    )


def planned_with(partner: Partner, by: User, at: Any) -> dict[str, Any]:
    """A joint plan, with something of everything."""
    who = {"owner": by, "created_by": by, "created_at": at}
    serves = CompanyObjective.objects.create(text="Grow", year=at.year, **who)
    until = (at + timedelta(days=700)).date()
    wanted = objectives.Wanted("Lead the region", at.date(), until, serves=serves, note="Ours alone.")
    objective = objectives.add(partner, wanted, by=by, at=at)
    trial = objectives.Wanted(
        "A joint desk", at.date(), until, is_experiment=True, trying="A desk.", how_we_know="Ten leads."
    )
    objectives.add(partner, trial, by=by, at=at)
    quarter = targets.offered(at, "UTC")[1]
    aim = targets.Wanted("won_sourced", 5_000_000, quarter.first, "EUR", objective)
    return {
        "goal": goals.add(partner, "Two more engineers", by=by, at=at, ours="Places in our course."),
        "objective": objective,
        "year mark": objectives.add_mark(objective, until, "The first in the region", by=by, at=at),
        "target": targets.set_one(partner, aim, by=by, at=at),
        "company objective": serves,
    }


def review_of(partner: Partner, at: Any) -> Review:
    """A review that is planned."""
    on = at.date() + timedelta(days=30)
    review = Review(partner=partner, slot_on=on, since_on=on - timedelta(days=90), created_at=at)
    scheduling.lay(review, on, working_days())
    review.save()
    return review


def issue_of(partner: Partner, person: Contact, at: Any) -> Issue:
    """An issue that somebody there raised, escalated, solved and opened again."""
    issue = raising.raise_one(partner, "No licences", "None at all.", Severity.CRITICAL, person, at)
    owner = issue.owner
    assert owner is not None
    assert owner.lead is not None
    raising.escalate(issue, owner.lead, "It stands still.", owner, at)
    cause = Cause.objects.get_or_create(name="Late answer")[0]
    solving.solve(issue, "They are back.", cause, owner, at)
    return solving.open_again(issue, "Not for bundles.", person, at)


def survey_of(person: Contact, by: User, at: Any) -> Survey:
    """A round that asks one person, answered."""
    survey = surveys.make(Outline("Would you recommend us?", Survey.Kind.NPS), by, at)
    Survey.objects.filter(pk=survey.pk).update(drawn_at=at, closes_at=at + timedelta(days=30))
    invitation = drawing.invitation(survey, person, "", at)
    invitation.save()
    answering.answer(invitation, {survey.questions.get().pk: 9}, "", at)
    return survey


def read_twice(partner: Partner, at: Any) -> str:
    """The health of three days, with another colour on each; a measure of it."""
    lines = {"answers": [300, 500, 3, at.date()], "ours": [250, 500, 2, None]}
    for days, score, stands in ((200, 640, "watch"), (1, 720, "healthy"), (0, 550, "watch")):
        day = (at - timedelta(days=days)).date()
        run = HealthRun.objects.create(day=day, formula=formulas.current(at), at=at, ended_at=at)
        Snapshot.objects.create(
            partner=partner,
            day=day,
            formula=run.formula,
            score=score,
            coverage=80,
            colour=stands,
            stands=stands,
            lines=lines,
        )
    Partner.objects.filter(pk=partner.pk).update(health=550, health_colour="watch")
    return "answers"


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


def announced(partner: Partner, by: User, at: Any) -> Announcement:
    """What is out, and the partner is entitled to."""
    pdf = SimpleUploadedFile("prices.pdf", b"%PDF-1.4\n%%EOF\n")
    made = writing.write(AnnouncementOutline("New prices", "From July on.", file=pdf), by, at)
    Announcement.objects.filter(pk=made.pk).update(state="sent", sent_by=by, sent_at=at)
    Entitlement.objects.create(announcement=made, partner=partner, since=at)
    return made


def referral_of(partner: Partner, customer: Customer, by: User, at: Any) -> Referral:
    """A referral that was offered."""
    referral = Referral.objects.create(
        customer=customer, name="Two sites", rule="turn", rule_words="By turn.", made_by=by, made_at=at
    )
    Offer.objects.create(referral=referral, partner=partner, offered_at=at, answer_by=at + timedelta(days=3))
    return referral


def investment_of(partner: Partner, by: User, at: Any) -> Investment:
    """Funds that the partner reads of."""
    spent = Spent(
        "funds", at.date() - timedelta(days=1), "A stand", amount=500, currency="EUR", is_shown=True
    )
    investments.log(partner, spent, by=by, at=at)
    return Investment.objects.get()


def integration_of(partner: Partner, by: User, at: Any) -> Integration:
    """An integration with a checklist, an environment and an obstacle."""
    checklist = templates.add("Connect", None, None, at, product=Product.objects.create(name="Connect"))
    templates.latest(checklist).tasks.create(text="Build it", side="theirs", offset_days=5)
    templates.publish(checklist, None, at)
    begun = integrations.begin(partner, checklist, at.date(), Wanted(by), by=by, at=at)
    sandbox = {"name": "Sandbox", "address": "https://sandbox.northwind.example/"}
    environments.keep(begun, None, sandbox, by=by, at=at)
    obstacles.raise_one(begun, "It answers with 503.", True, by=by, at=at)
    return begun


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
