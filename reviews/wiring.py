"""What reviews, issues and surveys plug into the mechanisms below."""

from conversations import commitments, corrections
from lifecycle import tasks
from lifecycle.ending import parts
from lifecycle.growth.tiering import criteria
from partners import history, repointing
from prm import jobs, outbox, references, samples, sweeper
from reviews.health import drawn as health_section
from reviews.health import samples as health_samples
from reviews.health import snapshots, telling
from reviews.issues import drawn, forgetting, raising
from reviews.issues import samples as issue_samples
from reviews.issues import sentences as issue_sentences
from reviews.issues import showing as issues
from reviews.meetings import calls, moments, repairing, sentences, sharing, steps, sweeping
from reviews.meetings import samples as meeting_samples
from reviews.meetings.merging import review_besides, review_ways
from reviews.meetings.packet import announced, confirming, sections, standard
from reviews.planning import company, goals
from reviews.planning import moments as plan_moments
from reviews.planning import packet as plan_packet
from reviews.planning import samples as plan_samples
from reviews.planning import sweeping as plan_sweeping
from reviews.surveying import comments, following, mailing, satisfaction, surveys, tiers
from reviews.surveying import samples as survey_samples
from reviews.surveying import sentences as survey_sentences
from team import notices, settings_pages

references.register("review", "reviews.Review")
tasks.also(repairing.task_changed)
commitments.also(repairing.promise_changed)
sweeper.register("reviews", sweeping.sweep, ("reviews.Review",))
repointing.register("reviews.Review", review_ways, review_besides)
for kind, name in (
    (moments.DUE, "A step of a review is due"),
    (moments.OVERDUE, "A step of a review is overdue"),
    (moments.AGAIN, "A repair is to be looked at again"),
):
    notices.register(
        kind, False, "You look after this partner.", sweeping.still_stands, name=name, deadline=True
    )
notices.register(
    steps.MOVED_TWICE, False, "You lead who looks after this partner.", name="A review was moved twice by us"
)
for kind, words, icon in sentences.EVENTS:
    history.register(kind, words, icon, group="road")
history.register(
    confirming.KIND,
    lambda event: "confirmed the definitions of the review",
    "checks",
    group="road",
    undo=confirming.take_back,
)
history.register(
    "cadence_changed", lambda event: f"changed how often there are reviews: {event.note}", "calendar-cog"
)
settings_pages.register(
    "Reviews", "reviews:cadences", "How often partners of each tier are reviewed.", icon="calendar-stats"
)
outbox.register(calls.MAIL, calls.still_stands, calls.compose)
outbox.register(sharing.MAIL, sharing.still_stands, sharing.compose)
for place, section in enumerate(standard.SECTIONS):
    sections.register(10 * place, section)
sections.register(65, drawn.SECTION)
sections.register(64, announced.SECTION)
parts.register(parts.Part("issues", "Open issues", "solve it, or agree to leave it", issues.open_with))
samples.register(60, "reviews", meeting_samples.make)

references.register("objective", "reviews.Objective")
references.register("goal", "reviews.Goal")
notices.register(
    goals.WRITTEN, False, "You look after this partner.", name="A partner wrote down a goal of its own"
)
for place, section in plan_packet.SECTIONS:
    sections.register(place, section)
sweeper.register("objectives", plan_sweeping.sweep, ("reviews.Objective",))
for kind, name in (
    (plan_moments.ENDS, "An objective or an experiment ends"),
    (plan_moments.MARK, "A yearly mark is due"),
):
    notices.register(
        kind, False, "You look after this partner.", plan_sweeping.still_stands, name=name, deadline=True
    )
history.register(
    goals.CHANGED, lambda event: f"changed the joint plan: {event.note}", "target-arrow", group="road"
)
history.register(
    company.CHANGED,
    lambda event: f"changed an objective of the company: {event.note}",
    "target",
    group="audit",
)
samples.register(62, "joint plans", plan_samples.make)

references.register("survey", "reviews.Survey")
corrections.also_forget(comments.forget)
sections.register(66, satisfaction.SECTION)
criteria.register(tiers.CRITERION)
sweeper.register("surveys", surveys.sweep, ("reviews.Survey",))
sweeper.register("survey invitations", mailing.sweep, ("reviews.Invitation",))
sweeper.register("surveys after what ended", following.sweep)
outbox.register(mailing.MAIL, mailing.still_stands, mailing.compose)
outbox.register(mailing.REMINDER, mailing.still_stands, mailing.compose)
for kind, words, icon in survey_sentences.SURVEYS:
    history.register(kind, words, icon, group="audit")
for kind, words, icon in survey_sentences.PEOPLE:
    history.register(kind, words, icon, group="road")
settings_pages.register(
    "Satisfaction",
    "reviews:following",
    "After what partners are asked how it went.",
    icon="heart-handshake",
)
samples.register(61, "surveys", survey_samples.make)

sections.register(67, health_section.SECTION)
sweeper.register("health", snapshots.sweep)
jobs.register(snapshots.JOB, snapshots.work)
repointing.leave("reviews.Snapshot")
history.register(telling.CHANGED, telling.event_words, "heartbeat", group="road")
history.register(
    "health_formula_changed", lambda event: f"changed how health is read: {event.note}", "heartbeat"
)
notices.register(
    telling.CHANGED, False, "You look after this partner.", name="The health of a partner changed its colour"
)
settings_pages.register(
    "Health",
    "reviews:health_formula",
    "What the health of a partner is made of, and where its colours begin.",
    icon="heartbeat",
    action="edit health",
)
samples.register(68, "health", health_samples.make)

references.register("issue", "reviews.Issue")
corrections.also_forget(forgetting.forget)
notices.register(
    raising.RAISED,
    True,
    "You see to this issue.",
    raising.still_open,
    name="An issue is raised",
)
notices.register(
    raising.ESCALATED,
    True,
    "A colleague wants you on it.",
    raising.still_open,
    name="An issue is escalated",
)
for kind, words, icon in issue_sentences.EVENTS:
    history.register(kind, words, icon, group="road")
history.hide("issue", issues.hidden_from)
history.register(
    "issue_rules_changed",
    lambda event: f"lets solved issues be opened again for {event.note} days",
    "settings",
)
settings_pages.register(
    "Issues", "reviews:issue_promises", "How soon issues of each severity are solved.", icon="alert-circle"
)
settings_pages.register_list("Causes of issues", "reviews:issue_causes", "Why issues come about.")
samples.register(59, "issues", issue_samples.make)
