"""What the road registers with the mechanisms below it."""

from conversations import decision_kinds
from lifecycle import appeals, evidence, parking, sample_appeals, sentences, stalled, tasks, transitions
from lifecycle.ending import endings, parts
from lifecycle.ending.samples import make as make_endings
from lifecycle.growth import deals, merging, registrations, reminders, renewals
from lifecycle.growth.announcing import sending
from lifecycle.growth.announcing.samples import make as make_announcements
from lifecycle.growth.helping import requests
from lifecycle.growth.helping.samples import make as make_helps
from lifecycle.growth.importing import DealImporter
from lifecycle.growth.investing import investments
from lifecycle.growth.investing.samples import make as make_investments
from lifecycle.growth.referrals import passing
from lifecycle.growth.referrals.samples import make as make_referrals
from lifecycle.growth.samples import make as make_deals
from lifecycle.growth.tiering import benefits, changing, criteria, evaluating, measuring
from lifecycle.growth.tiering import deciding as tier_deciding
from lifecycle.growth.tiering.samples import make as make_tiers
from lifecycle.onboarding import approval, first_events, kick_offs
from lifecycle.onboarding import reminders as task_reminders
from lifecycle.onboarding.integrating import integrations, obstacles, watching
from lifecycle.onboarding.integrating.samples import make as make_integrations
from lifecycle.onboarding.learning import renewing
from lifecycle.onboarding.learning.importing import ResultImporter
from lifecycle.onboarding.learning.samples import make as make_courses
from lifecycle.onboarding.samples import make as make_plans
from lifecycle.recruitment import agreements, expiry
from lifecycle.recruitment.applications import applying, deciding
from lifecycle.recruitment.applications.samples import make as make_applications
from lifecycle.recruitment.outreach import sweeping as outreach
from lifecycle.recruitment.outreach.samples import make as make_outreach
from lifecycle.recruitment.samples import make as make_agreements
from lifecycle.samples import make
from partners import history, memberships, repointing
from prm import importing, outbox, references, samples, sweeper
from team import notices, settings_pages

decision_kinds.register(appeals.DECIDES)
decision_kinds.register(registrations.DECIDES)
decision_kinds.register(requests.DECIDES)

references.register("evidence", "lifecycle.Evidence")
references.register("task", "lifecycle.Task")

notices.register(
    parking.BACK, at_once=False, why="You look after this partner.", name="A parked partner is back"
)
notices.register(
    tasks.GIVEN, True, "A colleague put you down for it.", tasks.still_given, name="A task is given to you"
)
sweeper.register("parked prospects", parking.wake)
sweeper.register("usual stays", stalled.keep_measured)

for kind, words, icon in sentences.MOVES:
    history.register(kind, words, icon, group="road", undo=transitions.take_back)
for kind, words, icon in sentences.OTHERS:
    history.register(kind, words, icon, group="road")
history.register("evidence_recorded", sentences.recorded, "file-check", group="road", undo=evidence.take_back)
history.register("task_done", sentences.done, "checkbox", group="road", undo=tasks.take_back)
history.register("task_skipped", sentences.skipped, "circle-off", group="road", undo=tasks.take_back)

history.register("task_changed", sentences.changed, "pencil", group="road", undo=tasks.change_back)

references.register("plan", "lifecycle.Plan")
references.register("kick-off", "lifecycle.KickOff")
outbox.register(kick_offs.MAIL, kick_offs.still_stands, kick_offs.compose)
references.register("plan template", "lifecycle.PlanTemplate")
sweeper.register("tasks", task_reminders.sweep, ("lifecycle.Task",))
for kind, name in (
    (task_reminders.SOON, "A task of yours is due soon"),
    (task_reminders.OVERDUE, "A task of yours is overdue"),
):
    notices.register(kind, False, "The task is yours.", task_reminders.still_stands, name=name, deadline=True)
decision_kinds.register(approval.DECIDES)
notices.register(
    approval.DONE, False, "You look after this partner.", name="A partner has done a task of its plan"
)
references.register("course", "lifecycle.Course")
references.register("certificate", "lifecycle.Certificate")
sweeper.register("certificates", renewing.sweep, ("lifecycle.Certificate",))
for kind, name in (
    (renewing.ENDS, "A certificate comes to its end"),
    (renewing.ENDED, "A certificate has ended"),
):
    notices.register(kind, False, "You look after this partner.", renewing.still_stands, name=name)
history.register("course_changed", lambda event: f"changed the course {event.note}", "school", group="audit")
importing.register("results", ResultImporter())
history.register("results_imported", lambda event: f"imported results {event.note}", "file-import")
samples.register(46, "courses", make_courses)
references.register("integration", "lifecycle.Integration")
references.register("obstacle", "lifecycle.Obstacle")
sweeper.register("integrations", watching.sweep, ("lifecycle.Integration",))
repointing.register("lifecycle.Integration", integrations.ways)
for kind, name in (
    (watching.NEAR, "An integration is to be live soon"),
    (watching.PASSED, "An integration is not live on its day"),
):
    notices.register(
        kind,
        False,
        "You are its technical contact, or look after the partner.",
        watching.still_stands,
        name=name,
        deadline=True,
    )
notices.register(
    watching.MISSED,
    True,
    "You look after this partner.",
    watching.is_missed,
    name="A technical contact has left",
)
notices.register(
    integrations.GIVEN,
    True,
    "A colleague named you its technical contact.",
    integrations.still_given,
    name="You are named a technical contact",
)
notices.register(
    obstacles.RAISED,
    True,
    "You are put down for it.",
    obstacles.still_stands,
    name="An obstacle of an integration",
)
for kind, words, icon in sentences.INTEGRATIONS:
    history.register(kind, words, icon, group="road")
history.register(
    "integration_live",
    sentences.integration_live,
    "plug-connected",
    group="road",
    undo=integrations.take_back,
)
samples.register(50, "integrations", make_integrations)
references.register("first event", "lifecycle.FirstEvent")
sweeper.register("first events", first_events.sweep, ("lifecycle.FirstEvent",))
notices.register(
    first_events.MISSING,
    True,
    "You look after this partner, or lead who does.",
    first_events.still_stands,
    name="Day 90 comes near without a first commercial event",
)
history.register(
    first_events.MISSING, lambda event: f"saw no first commercial event: {event.note}", "clock", group="road"
)
history.register(
    "first_event_chosen",
    lambda event: f"chose the first commercial event: {event.note}",
    "settings",
    group="audit",
)
settings_pages.register(
    "First commercial event",
    "lifecycle:first_events",
    "What has to happen within 90 days of signing.",
    icon="flag",
)
for kind, words, icon in [*sentences.TASKS, *sentences.LEARNING, *sentences.PLANS, *sentences.KICK_OFFS]:
    history.register(kind, words, icon, group="road")
history.register(
    "plan_template_changed",
    lambda event: f"changed the plan template {event.note}",
    "template",
    group="audit",
)
settings_pages.register(
    "Plan templates",
    "lifecycle:plan_templates",
    "What onboarding plans and checklists of integrations are made from.",
    icon="checklist",
)

samples.register(40, "evidence", make)
samples.register(42, "plans", make_plans)
samples.register(41, "decisions", sample_appeals.make)
history.register("evidence_read", lambda event: f"opened “{event.note}”", "eye", group="audit")

samples.register(58, "announcements", make_announcements)
references.register("announcement", "lifecycle.Announcement")
outbox.register(sending.MAIL, sending.still_stands, sending.compose, sending.sent)
for kind, words, icon in sentences.ANNOUNCEMENTS:
    history.register(kind, words, icon, group="road" if kind == sending.TOLD else "audit")

references.register("deal", "lifecycle.Deal")
references.register("help", "lifecycle.Help")
sweeper.register("deals", renewals.sweep, ("lifecycle.Deal",))
notices.register(
    reminders.STEP,
    False,
    "You look after this deal.",
    reminders.still_stands,
    name="The next step of a deal is overdue",
    deadline=True,
)
notices.register(
    reminders.CLOSE,
    False,
    "You look after this deal.",
    reminders.still_stands,
    name="A deal did not close when expected",
    deadline=True,
)
notices.register(renewals.KIND, False, "You look after this deal.", name="A deal is to be renewed")
for kind, words, icon, inverse in sentences.DEALS:
    history.register(kind, words, icon, group="road", undo=deals.take_back if inverse else None)
repointing.register("lifecycle.Credit", merging.credit_ways)
importing.register("deals", DealImporter())
history.register("deals_imported", lambda event: f"imported {event.note}", "file-import")
settings_pages.register(
    "Phases of deals", "lifecycle:phases", "How far deals are, and how likely then.", icon="briefcase"
)
settings_pages.register_list("Products", "lifecycle:products", "What deals are about.")
samples.register(45, "deals", make_deals)

references.register("agreement", "lifecycle.Agreement")
sweeper.register("agreements", expiry.sweep, ("lifecycle.Agreement",))
outbox.register(agreements.MAIL, agreements.still_stands, agreements.compose)
notices.register(
    expiry.ENDS,
    False,
    "You look after this partner.",
    expiry.still_stands,
    name="An agreement comes to its end",
    deadline=True,
)
notices.register(
    expiry.NOTICE,
    False,
    "You look after this partner.",
    expiry.still_stands,
    name="The last day for notice is near",
    deadline=True,
)
notices.register(expiry.ENDED, True, "You look after this partner.", name="An agreement has ended")
notices.register(
    agreements.TO_SIGN,
    True,
    "It waits for our signature.",
    agreements.waits_for_us,
    name="An agreement to sign",
)
for kind, words, icon in sentences.AGREEMENTS:
    history.register(kind, words, icon, group="road")
history.register("agreement_read", lambda event: "read an agreement", "eye", group="audit")
samples.register(43, "agreements", make_agreements)

references.register("registration", "lifecycle.Registration")
references.register("customer", "lifecycle.Customer")
sweeper.register("registrations", registrations.sweep, ("lifecycle.Registration",))
notices.register(
    registrations.NEAR,
    False,
    "You look after this partner.",
    registrations.still_stands,
    name="The protection of a deal is near its end",
    deadline=True,
)
notices.register(
    registrations.RAN_OUT, False, "You look after this partner.", name="The protection of a deal has run out"
)
for kind, words, icon in sentences.REGISTRATIONS:
    history.register(kind, words, icon, group="road")

references.register("outreach", "lifecycle.Outreach")
references.register("sequence", "lifecycle.Sequence")
sweeper.register("outreach", outreach.sweep, ("lifecycle.Outreach",))
repointing.register("lifecycle.Outreach", outreach.ways)
for kind, words, icon in sentences.OUTREACH:
    history.register(kind, words, icon, group="road")
settings_pages.register(
    "Outreach", "lifecycle:sequences", "Which touches a prospect gets, and whether mails leave.", icon="send"
)
samples.register(46, "outreach", make_outreach)

references.register("ending", "lifecycle.Ending")
sweeper.register("endings", endings.sweep, ("lifecycle.Ending",))
repointing.register("lifecycle.Ending", endings.ways)
notices.register(endings.ENDED, True, "You look after this partner.", name="A partnership has ended")
parts.register(parts.Part("deals", "Deals in flight", "hand it to another or close it", parts.deals))
parts.register(
    parts.Part("customers", "Customers", "tell them who looks after them from now on", parts.customers)
)
parts.register(parts.Part("agreements", "Agreements", "give notice, or agree its end", parts.agreements))
parts.register(parts.Part("certificates", "Certificates", "leave it, or withdraw it", parts.certificates))
parts.register(parts.Part("integrations", "Integrations", "switch it off on both sides", parts.integrations))
parts.register(parts.Part("promises", "What we still owe", "keep it, or agree to drop it", parts.promises))
parts.register(
    parts.Part(
        "protections",
        "Registrations",
        "taken back on the last day",
        parts.protections,
        parts.end_protections,
    )
)
for kind, words, icon in sentences.ENDINGS:
    history.register(kind, words, icon, group="road")
samples.register(47, "endings", make_endings)
decision_kinds.register(deciding.DECIDES)
references.register("application", "lifecycle.Application")
references.register("applicationform", "lifecycle.ApplicationForm")
sweeper.register("applications", applying.sweep, ("lifecycle.Application",))
outbox.register(applying.CONFIRM, applying.still_stands, applying.compose)
outbox.register(deciding.ANSWERED, deciding.still_stands, deciding.compose)
history.register("application_came", lambda event: "applied to become a partner", "forms", group="road")
for kind, words, icon in sentences.APPLICATIONS:
    history.register(kind, words, icon, group="record")
settings_pages.register(
    "Application forms",
    "lifecycle:application_forms",
    "Where firms apply to become partners.",
    icon="forms",
    action="edit application forms",
)
samples.register(48, "applications", make_applications)
samples.register(48, "help on deals", make_helps)

references.register("referral", "lifecycle.Referral")
references.register("offer", "lifecycle.Offer", url=lambda offer: offer.referral.get_absolute_url())
sweeper.register("offers of referrals", passing.sweep, ("lifecycle.Offer",))
for kind, name in (
    (passing.ANSWERED, "A partner answered on a referral"),
    (passing.NEAR, "A partner has not answered on a referral yet"),
    (passing.LAPSED, "A partner did not answer on a referral"),
):
    notices.register(kind, False, "You passed it on.", name=name)
for kind, words, icon in sentences.REFERRALS:
    history.register(kind, words, icon, group="road")
samples.register(49, "referrals", make_referrals)

references.register("investment", "lifecycle.Investment")
history.register("investment_logged", sentences.invested, "coins", group="road", undo=investments.take_back)
for kind, words, icon in sentences.INVESTMENTS:
    history.register(kind, words, icon, group="road")
history.register("funds_read", lambda event: "read amounts of funds", "eye", group="audit")
samples.register(49, "investments", make_investments)

criteria.register(measuring.REVENUE)
criteria.register(measuring.REGISTRATIONS)
criteria.register(measuring.CERTIFIED)
criteria.register_own(measuring.OWN)
memberships.by_decision(changing.why_not_by_hand)
decision_kinds.register(tier_deciding.DECIDES_RISE)
decision_kinds.register(tier_deciding.DECIDES_KEEP)
references.register("tier change", "lifecycle.TierChange")
sweeper.register("tiers", evaluating.sweep, ("lifecycle.TierCheck",))
sweeper.register("changes of tiers", changing.sweep, ("lifecycle.Standing", "lifecycle.TierChange"))
sweeper.register("benefits of tiers", benefits.sweep, ("lifecycle.GivenBenefit",))
notices.register(
    changing.MISSED,
    True,
    "You look after this partner.",
    changing.still_missed,
    name="A partner misses what its tier wants",
)
notices.register(
    changing.EARNED,
    False,
    "You look after this partner.",
    changing.still_earned,
    name="A partner has earned another tier",
)
notices.register(
    changing.LIFTED, False, "You look after this partner.", name="A partner meets what its tier wants again"
)
for kind, words, icon in sentences.TIERS:
    history.register(kind, words, icon, group="road")
history.register(
    "tier_rules_changed", lambda event: f"changed the rules of tiers: {event.note}", "medal", group="audit"
)
history.register(
    "tier_benefit_changed", lambda event: f"changed what a tier gives: {event.note}", "gift", group="audit"
)
settings_pages.register(
    "Tiers", "lifecycle:tier_programmes", "What each tier wants and gives.", icon="medal", action="edit tiers"
)
settings_pages.register_list(
    "Numbers for tiers", "lifecycle:tier_measures", "What tiers can want beside what is counted."
)
samples.register(50, "tiers", make_tiers)
