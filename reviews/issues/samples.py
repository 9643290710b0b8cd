"""Issues of the sample company: one critical that runs, one that is late, one solved and opened again."""

from __future__ import annotations

from datetime import timedelta

from conversations import messages, sweeping
from partners.models import Contact, Partner, Stage
from prm.samples import Sample
from reviews.issues import causes, raising, solving
from reviews.issues.models import Cause, Severity
from team.models import User

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def make(sample: Sample) -> None:
    causes.seed()
    maya: User = sample.made["users"]["maya"]
    mine = Partner.objects.filter(owner=maya, stage=Stage.GROWTH, merged_into=None).order_by("pk")
    people = [Contact.objects.current().filter(partner=each).exclude(email="").first() for each in mine[:4]]
    told = [each for each in people if each is not None]
    for contact, make_one in zip(told, (_critical, _late, _opened_again), strict=False):
        make_one(contact, maya, sample)


def _critical(contact: Contact, maya: User, sample: Sample) -> None:
    words = "Since this morning no licence can be activated. Two customers wait to go live."
    at = sample.at - 3 * HOUR
    raising.raise_one(contact.partner, "Licences cannot be activated", words, Severity.CRITICAL, contact, at)


def _late(contact: Contact, maya: User, sample: Sample) -> None:
    at = sample.at - 9 * DAY
    words = "The rebate of the last quarter is not on the credit note."
    issue = raising.raise_one(
        contact.partner, "Rebate missing on the credit note", words, Severity.SERIOUS, contact, at
    )
    messages.reply(issue.conversation, "I am asking our finance team.", maya, at + 2 * HOUR, to=contact)
    why = "Finance does not answer; please ask there."
    sweeping.check_wait(issue.wait, sample.at - 2 * DAY)
    raising.escalate(issue, sample.made["users"]["ingrid"], why, by=maya, at=sample.at - 2 * DAY)


def _opened_again(contact: Contact, maya: User, sample: Sample) -> None:
    at = sample.at - 30 * DAY
    issue = raising.raise_one(
        contact.partner,
        "Wrong price in the portal",
        "Tier prices are not shown.",
        Severity.MINOR,
        maya,
        at,
        contact,
    )
    unclear, wrong = Cause.objects.order_by("position")[2:4]
    solving.solve(issue, "The prices of your tier are shown now.", wrong, maya, at + 2 * DAY, tell=contact)
    solving.open_again(issue, "For bundles they are still the old ones.", contact, at + 5 * DAY)
    issue.refresh_from_db()
    told_at, day = at + 5 * DAY + HOUR, (at + 7 * DAY).date()
    thread = issue.conversation
    messages.reply(thread, "For which bundles?", maya, told_at, to=contact, wanted_by=day)
    messages.receive(
        contact.partner, "email", "All of them.", at + 6 * DAY, issue.conversation, contact=contact
    )
    solving.solve(issue, "Bundles follow your tier now, too.", unclear, maya, at + 8 * DAY, tell=contact)
