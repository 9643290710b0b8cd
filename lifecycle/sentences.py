"""How the road's events read, after the name of whoever did it, and the icon of each."""

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format

from lifecycle.models import Evidence, Integration, Task
from partners import changes
from partners.models import Event

Words = Callable[[Event], str]


def _day(event: Event, column: str) -> str:
    kept = event.changes[column]
    value = kept[1] if isinstance(kept, list) else kept
    return date_format(date.fromisoformat(value), "j F Y") if value else "no day"


def _because(event: Event) -> str:
    return f": {event.note}" if event.note else ""


def moved(event: Event) -> str:
    """Like: moved it from Negotiating to Onboarding, overriding “Agreement is signed”: Legal confirmed."""
    former, now = event.changes["place"]
    overridden = event.changes.get("overridden")
    if overridden:
        return f"moved it from {former} to {now}, overriding “{'; '.join(overridden)}”{_because(event)}"
    return f"moved it from {former} to {now}{_because(event)}"


def parked(event: Event) -> str:
    return f"parked it until {_day(event, 'parked_until')}{_because(event)}"


def declined(event: Event) -> str:
    by_them = event.changes.get("side") == "them"
    return f"noted that they declined{_because(event)}" if by_them else f"declined it{_because(event)}"


def signed(event: Event) -> str:
    day = f" on {_day(event, 'signed_on')}" if "signed_on" in event.changes else ""
    return f"signed it{day}"


def recorded(event: Event) -> str:
    kind = str(Evidence.Kind(event.changes["kind"]).label)
    return f"recorded “{kind}” on {_day(event, 'on')}"


def withdrawn(event: Event) -> str:
    kind = str(Evidence.Kind(event.changes["kind"]).label)
    return f"withdrew “{kind}” of {_day(event, 'on')}{_because(event)}"


def done(event: Event) -> str:
    return f"did “{event.changes['text']}”"


def skipped(event: Event) -> str:
    return f"left out “{event.changes['text']}”{_because(event)}"


def certified(event: Event) -> str:
    """The person got it; one of us, or a file, brought word of it."""
    return f"{'got' if event.by_contact_id else 'recorded'} the certificate {event.note}"


def sent_back(event: Event) -> str:
    return f"sent “{event.changes['text']}” back{_because(event)}"


def changed(event: Event) -> str:
    pairs = {field: pair for field, pair in event.changes.items() if field != "task"}
    return f"changed the task “{event.changes['task']}”: {changes.in_words(Task, pairs)}"


def changed_integration(event: Event) -> str:
    return f"changed the integration {event.note}: {changes.in_words(Integration, event.changes)}"


def announced(event: Event) -> str:
    title, _colon, told = event.note.rpartition(": ")
    return f"sent the announcement “{title}” to {told} {'person' if told == '1' else 'people'}"


def integration_live(event: Event) -> str:
    return f"saw the integration {event.note} live on {_day(event, 'live_on')}"


MOVES: list[tuple[str, Words, str]] = [
    ("moved", moved, "arrow-right"),
    ("parked", parked, "player-pause"),
    ("unparked", lambda event: f"took it up again{_because(event)}", "player-play"),
    ("declined", declined, "circle-x"),
    ("reopened", lambda event: f"reopened it{_because(event)}", "rotate"),
    ("ended", lambda event: f"ended the partnership{_because(event)}", "flag-off"),
]

OTHERS: list[tuple[str, Words, str]] = [
    ("taken_back", lambda event: f"took back: {event.note}", "arrow-back-up"),
    ("signed", signed, "signature"),
    ("unsigned", lambda event: "took the signing back", "signature-off"),
    ("evidence_withdrawn", withdrawn, "file-x"),
    ("task_added", lambda event: f"added the task “{event.changes['text']}”", "square-plus"),
    ("task_reopened", lambda event: f"took up “{event.changes['text']}” again", "square"),
]

TASKS: list[tuple[str, Words, str]] = [
    ("task_handed_in", lambda event: f"handed in “{event.changes['text']}”", "send"),
    ("task_sent_back", sent_back, "arrow-back-up"),
]

LEARNING: list[tuple[str, Words, str]] = [
    ("enrolled", lambda event: f"enrolled {event.note}", "school"),
    ("certificate_issued", certified, "certificate"),
    ("certificate_withdrawn", lambda event: f"withdrew the certificate {event.note}", "certificate-off"),
]

KICK_OFFS: list[tuple[str, Words, str]] = [
    ("kick_off_planned", lambda event: f"asked to the kick-off on {event.note}", "calendar-plus"),
    ("kick_off_changed", lambda event: f"changed the kick-off, now {event.note}", "calendar-due"),
    ("kick_off_called_off", lambda event: f"called the kick-off off{_because(event)}", "calendar-off"),
    ("kick_off_held", lambda event: f"held the kick-off of {event.note}", "users"),
]

PLANS: list[tuple[str, Words, str]] = [
    ("plan_made", lambda event: f"made the plan {event.note}", "calendar-plus"),
    ("plan_moved", lambda event: f"moved the plan {event.note}", "calendar-due"),
    ("plan_changed", lambda event: f"changed the plan {event.note}", "template"),
    ("plan_stopped", lambda event: f"stopped the plan {event.note}", "calendar-off"),
]

INTEGRATIONS: list[tuple[str, Words, str]] = [
    ("integration_begun", lambda event: f"began the integration {event.note}", "plug"),
    ("integration_changed", changed_integration, "pencil"),
    ("integration_not_live", lambda event: f"took back that {event.note} is live", "arrow-back-up"),
    ("integration_stopped", lambda event: f"ended the integration {event.note}", "circle-x"),
    ("integration_environment", lambda event: f"wrote down an environment: {event.note}", "server"),
    ("obstacle_raised", lambda event: f"named an obstacle of {event.note}", "bug"),
    ("obstacle_changed", lambda event: f"changed an obstacle of {event.note}", "bug"),
    ("obstacle_solved", lambda event: f"solved an obstacle of {event.note}", "check"),
    ("obstacle_reopened", lambda event: f"opened an obstacle again: {event.note}", "bug"),
    ("integration_contact_gone", lambda event: f"missed a technical contact: {event.note}", "user-minus"),
]


def invested(event: Event) -> str:
    return f"logged an investment: {event.note}"


INVESTMENTS: list[tuple[str, Words, str]] = [
    ("investment_withdrawn", lambda event: f"withdrew an investment: {event.note}", "arrow-back-up"),
    ("investment_shown", lambda event: f"lets the partner read an investment: {event.note}", "eye"),
    ("investment_hidden", lambda event: f"keeps an investment internal: {event.note}", "eye-off"),
]

DEALS: list[tuple[str, Words, str, bool]] = [
    ("deal_started", lambda event: f"opened the deal {event.note}", "briefcase", False),
    ("deal_changed", lambda event: f"changed the deal {event.note}", "pencil", True),
    ("deal_moved", lambda event: f"moved the deal {event.note}", "arrow-right", True),
    ("deal_credited", lambda event: f"gave a credit in {event.note}", "affiliate", False),
    ("deal_credit_ended", lambda event: f"took a credit back in {event.note}", "x", False),
    ("deal_primary_changed", lambda event: f"changed the primary credit of {event.note}", "star", False),
    ("deal_step_overdue", lambda event: f"saw the next step of “{event.note}” overdue", "clock", False),
    ("help_asked", lambda event: f"asked for help: {event.note}", "lifebuoy", False),
    ("price_decided", lambda event: f"decided on a special price: {event.note}", "gavel", False),
    ("deal_renews", lambda event: f"opened a renewal: {event.note}", "rotate", False),
    ("deal_close_passed", lambda event: f"saw “{event.note}” not close as expected", "clock", False),
]

REGISTRATIONS: list[tuple[str, Words, str]] = [
    ("registration_protected", lambda event: f"protected the deal {event.note}", "shield-check"),
    ("registration_extended", lambda event: f"extended a protection until {event.note}", "shield-check"),
    ("registration_withdrawn", lambda event: f"took a registration back{_because(event)}", "shield-off"),
    ("registration_ends", lambda event: f"saw a protection near its end: {event.note}", "clock"),
    ("customer_ours", lambda event: f"wrote down whether we sell at {event.note} ourselves", "briefcase"),
    ("registration_ran_out", lambda event: f"saw a protection run out: {event.note}", "shield-off"),
]

AGREEMENTS: list[tuple[str, Words, str]] = [
    ("agreement_drafted", lambda event: "drafted an agreement", "file-text"),
    ("agreement_revised", lambda event: "changed the terms of an agreement", "pencil"),
    ("agreement_sent", lambda event: "sent an agreement to be signed", "send"),
    ("agreement_signed_by", lambda event: "signed an agreement", "signature"),
    ("agreement_signed", lambda event: "brought an agreement into force", "file-check"),
    ("agreement_notice", lambda event: f"gave notice of an agreement for {event.note}", "flag-off"),
    ("agreement_ends", lambda event: f"saw an agreement come to its end on {event.note}", "clock"),
    ("agreement_notice_due", lambda event: f"saw the last day for notice near: {event.note}", "clock"),
    ("agreement_renewed", lambda event: f"renewed an agreement {event.note}", "rotate"),
    ("agreement_ended", lambda event: f"ended an agreement{_because(event)}", "file-x"),
]

OUTREACH: list[tuple[str, Words, str]] = [
    ("outreach_begun", lambda event: f"planned outreach: {event.note}", "send"),
    ("outreach_approved", lambda event: "approved the mails of the outreach", "checks"),
    ("outreach_ended", lambda event: f"ended the outreach{_because(event)}", "send-off"),
    ("touch_done", lambda event: f"did a touch: {event.note}", "check"),
    ("touch_skipped", lambda event: f"left a touch out: {event.note}", "circle-off"),
    ("sequence_changed", lambda event: f"changed the sequence {event.note}", "pencil"),
    ("sequence_switched", lambda event: f"switched sending by itself: {event.note}", "power"),
]

ENDINGS: list[tuple[str, Words, str]] = [
    ("ending_planned", lambda event: f"planned the end: {event.note}", "flag-off"),
    ("ending_called_off", lambda event: f"called the end off{_because(event)}", "flag"),
]

APPLICATIONS: list[tuple[str, Words, str]] = [
    ("application_form_added", lambda event: f"began the application form {event.note}", "forms"),
    ("application_form_changed", lambda event: f"changed the application form {event.note}", "forms"),
    ("application_form_opened", lambda event: f"opened the application form {event.note}", "forms"),
    ("application_form_closed", lambda event: f"closed the application form {event.note}", "forms"),
    ("application_form_removed", lambda event: f"removed the application form {event.note}", "forms"),
]

TIERS: list[tuple[str, Words, str]] = [
    ("tier_earned", lambda event: f"found another tier earned: {event.note}", "trending-up"),
    ("tier_missed", lambda event: f"found a tier missed: {event.note}", "trending-down"),
    ("tier_proposed", lambda event: f"proposed another tier: {event.note}", "medal"),
    ("tier_notice_given", lambda event: f"gave notice of a lower tier: {event.note}", "bell"),
    ("tier_lifted", lambda event: f"ended a change of tier that is not due: {event.note}", "arrow-back-up"),
    ("tier_number_recorded", lambda event: f"recorded {event.note}", "pencil"),
]

REFERRALS: list[tuple[str, Words, str]] = [
    ("referral_offered", lambda event: f"offered the referral {event.note}", "arrow-forward-up"),
    ("referral_accepted", lambda event: f"took the referral {event.note}", "circle-check"),
    ("referral_met", lambda event: f"said that they met the customer: {event.note}", "users"),
    ("referral_declined", lambda event: f"declined the referral {event.note}", "circle-x"),
    ("referral_pulled_back", lambda event: f"pulled the referral back: {event.note}", "arrow-back-up"),
    ("referral_lapsed", lambda event: f"saw no answer on the referral {event.note}", "clock"),
]

ANNOUNCEMENTS: list[tuple[str, Words, str]] = [
    ("announcement_written", lambda event: f"began the announcement “{event.note}”", "speakerphone"),
    ("announcement_changed", lambda event: f"changed the announcement “{event.note}”", "pencil"),
    ("announcement_removed", lambda event: f"threw the announcement “{event.note}” away", "trash"),
    ("announcement_sent", announced, "send"),
    ("announcement_withdrawn", lambda event: f"withdrew the announcement “{event.note}”", "circle-off"),
    ("announced", lambda event: f"announced “{event.note}”", "speakerphone"),
]
