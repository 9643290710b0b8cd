"""Both sides put a name under the minutes. A side that stays silent is not answered, never agreed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import Contact
from reviews.meetings import steps
from reviews.models import Minutes, Review, SignedMinutes
from team.models import User

State = Review.State
Side = Review.Side


@transaction.atomic
def sign(
    version: Minutes, side: str, name: str, by: User | Contact, at: datetime, address: str | None = None
) -> SignedMinutes:
    """Put a typed name under the newest version; the second side's makes it signed by both."""
    name = " ".join(name.replace("\0", "").split())
    if len(name) < 2:
        raise steps.StepRefused(_("Name: type your full name."))
    held = steps.locked(version.review, State.MINUTES)
    if current(held) != version:
        raise steps.StepRefused(_("There is a newer version of the minutes. Read that one."))
    if version.signatures.filter(side=side).exists():
        raise steps.StepRefused(_("This side has signed already."))
    signature = SignedMinutes.objects.create(
        version=version,
        side=side,
        name=name[:120],
        user=by if isinstance(by, User) else None,
        contact=by if isinstance(by, Contact) else None,
        at=at,
        address=address,
        fingerprint=version.fingerprint,
    )
    if version.signatures.count() == len(Side.choices):
        steps.signed(held, by, at)
    return signature


def current(review: Review) -> Minutes | None:
    """The newest version that was sent."""
    return review.versions.order_by("-number").first()


@dataclass(frozen=True)
class Change:
    """A line of a version beside the one before: "+" came, "-" went, " " stayed."""

    sign: str
    text: str


@dataclass(frozen=True)
class Version:
    """Minutes as they were sent, with what differs from the version before."""

    minutes: Minutes
    differs: list[Change]


def versions(review: Review) -> list[Version]:
    """All that were sent, the newest first."""
    rows = list(review.versions.order_by("number").prefetch_related("signatures"))
    before = [None, *rows]
    told = [
        Version(each, difference(former, each) if former else [])
        for former, each in zip(before, rows, strict=False)
    ]
    return told[::-1]


def has_signed(version: Minutes | None, side: str) -> bool:
    return version is not None and version.signatures.filter(side=side).exists()


@dataclass(frozen=True)
class Signed:
    """How one side stands to the newest version, in words."""

    side: str
    words: str
    tone: str
    signature: SignedMinutes | None


def standing(review: Review, version: Minutes, today: date) -> list[Signed]:
    """Both sides: signed, still asked, or not answered."""
    names = {each.side: each for each in version.signatures.all()}
    is_over = review.is_over or (review.sign_by is not None and today > review.sign_by)
    open_word = (_("not answered"), "warn") if is_over else (_("not signed yet"), "")
    return [
        Signed(str(side.label), *((_("signed"), "ok") if side in names else open_word), names.get(side))
        for side in Side
    ]


def difference(former: Minutes, later: Minutes) -> list[Change]:
    """What differs in words and promises, line by line."""
    before, after = ([*each.text.splitlines(), *each.promises] for each in (former, later))
    found = difflib.ndiff(before, after)
    return [Change(each[0], each[2:]) for each in found if each[0] in "+- "]
