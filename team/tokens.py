"""API tokens: made once, told once, known afterwards by their digest alone.

A token is 40 random letters behind a prefix, so that its digest needs no salt and no slow hash: nobody
guesses 238 bits.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet, Subquery
from django.utils.crypto import get_random_string

from prm.refusals import Refused
from team.models import ApiToken, Company, User

PREFIX, LENGTH, HINT = "prm_", 40, 8
MOST = 50
USED_EVERY = timedelta(minutes=5)  # how exactly it is known when it was used last


class TokenRefused(Refused):
    """The token cannot be made or taken back like this."""


def make(
    user: User, name: str, at: datetime, scope: str = ApiToken.Scope.READ, until: date | None = None
) -> tuple[ApiToken, str]:
    """A new token of this person, valid to the end of the day `until` in its zone (None: until revoked),
    and its text, which is told nowhere again."""
    if not user.is_active:
        raise TokenRefused(f"{user} is switched off and can have no token.")
    if not name.strip():
        raise TokenRefused("Say what the token is for.")
    if ApiToken.objects.valid(at).filter(user=user).count() >= MOST:
        raise TokenRefused(f"These are {MOST} tokens already. Revoke those that nothing uses.")
    ends = _end_of(until, user.zone) if until else None
    if ends is not None and ends <= at:
        raise TokenRefused("The last day has passed. Choose a later one, or none.")
    text = PREFIX + get_random_string(LENGTH)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=digest(text),
        hint=text[:HINT],
        scope=scope,
        created_at=at,
        expires_at=ends,
    )
    return token, text


def revoke(token: ApiToken, by: User, at: datetime) -> None:
    """Take a token back: from now on it lets nobody in. It stays in the list."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        raise TokenRefused("This token is revoked already.")
    token.revoked_at, token.revoked_by = at, by


def holder_of(text: str, at: datetime) -> ApiToken | None:
    """The valid token of this text, with its person, the person's roles and the company; one query."""
    company = Company.objects.all()
    found = ApiToken.objects.valid(at).filter(digest=digest(text)).select_related("user").order_by()
    asked: QuerySet[ApiToken] = found.annotate(
        role=F("user__grants__role"),
        company_id=Subquery(company.values("pk")[:1]),
        company_name=Subquery(company.values("name")[:1]),
        company_reading=Subquery(company.values("reading")[:1]),
    )
    rows = list(asked)
    if not rows:
        return None
    token, person = rows[0], rows[0].user
    person.roles = frozenset(role for row in rows if (role := getattr(row, "role", None)))
    told = [getattr(token, f"company_{name}") for name in ("id", "name", "reading")]
    person.company = Company.from_db("default", ["id", "name", "reading"], told) if told[0] else None
    return token


def used(token: ApiToken, at: datetime) -> None:
    """Keep in mind when it was used last, to a few minutes: most requests write nothing."""
    if token.last_used_at is None or token.last_used_at < at - USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=at)


def digest(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def _end_of(day: date, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
