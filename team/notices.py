"""Notices: what we tell a person, once for each cause, kind, due time and person.

`give` writes the row, in the transaction of its cause. The sweep `bind_all` gathers a person's
unmailed notices under one outbox row: notices and mail are bound in one transaction, so that a
worker may die anywhere and each notice still stands in exactly one mail. What the mail says is
composed when it is sent, from the notices bound to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.references import Reference
from team.models import Notice, User

MAIL = "notices"
DIGEST_AT = time(8, 30)


@dataclass(frozen=True)
class NoticeKind:
    """How notices of a kind travel, and why a person gets them."""

    at_once: bool
    why: str
    still_stands: Callable[[Notice], bool]


_kinds: dict[str, NoticeKind] = {}


def register(
    kind: str, at_once: bool, why: str, still_stands: Callable[[Notice], bool] = lambda notice: True
) -> None:
    """Register a kind of notice.

    `at_once`: mailed with the next sweep, else with the digest of 08:30 in the person's zone.
    `why` ends the mail ("You look after this partner."). `still_stands` is asked when the mail
    is composed: a notice whose cause is gone is left out of it.
    """
    _kinds[kind] = NoticeKind(at_once, why, still_stands)


def give(
    person: User,
    kind: str,
    cause: Reference,
    due_at: datetime,
    at: datetime,
    text: str,
    url: str = "",
    why: str = "",
    at_once: bool | None = None,
) -> bool:
    """Give `person` a notice about `cause`; False when it was given before.

    `url` is a path of ours; `why` and `at_once` replace what the kind says. A moved `due_at`
    is a new notice. Raises LookupError for a kind nobody registered.
    """
    if kind not in _kinds:
        raise LookupError(f"no app registered notices of kind {kind!r}")
    registered = _kinds[kind]
    _, made = Notice.objects.get_or_create(
        person=person,
        kind=kind,
        cause_kind=cause.kind,
        cause_id=cause.id,
        due_at=due_at,
        defaults={
            "text": text[:300],
            "url": url,
            "why": (why or registered.why)[:300],
            "at_once": registered.at_once if at_once is None else at_once,
            "created_at": at,
        },
    )
    return made


def bind_all(at: datetime) -> int:
    """The sweep: put each person's unmailed notices that are due into one mail; how many notices."""
    people = Notice.objects.filter(mail_key="").order_by("person").values_list("person", flat=True).distinct()
    return sum(_bind(person, at) for person in list(people))


@transaction.atomic
def _bind(person: int, at: datetime) -> int:
    """Bind a person's due notices to a mail of their own. Whoever meets another worker at it leaves it.

    The lock is on the person, and it is one that lets rows pointing at the person be written.
    """
    user = User.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(pk=person)
    holder = user.first()
    if holder is None:
        return 0
    unmailed = Notice.objects.filter(person=holder, mail_key="")
    due = list(unmailed.filter(_due(holder, at)).order_by("pk").values_list("pk", flat=True))
    if not due:
        return 0
    key = f"{MAIL}:{holder.pk}:{due[0]}"
    bound = unmailed.filter(pk__in=due).update(mail_key=key)
    outbox.put(MAIL, key, at, {"person": holder.pk})
    return bound


def _due(person: User, at: datetime) -> Q:
    """Which notices are mailed at `at`: those at once, and those older than the last digest time."""
    return Q(at_once=True) | Q(created_at__lt=last_digest(person.zone, at))


def last_digest(zone: str, at: datetime) -> datetime:
    """The last 08:30 in `zone` at or before `at`."""
    here = at.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() >= DIGEST_AT else here.date() - timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, ZoneInfo(zone))


def mail_stands(item: OutboxItem) -> bool:
    """Whether the person is still with us and at least one cause still stands."""
    return User.objects.current().filter(pk=item.about["person"]).exists() and bool(_of(item))


def compose(item: OutboxItem) -> Mail:
    """One mail with the notices bound to it, oldest first."""
    person = User.objects.get(pk=item.about["person"])
    told = _of(item)
    context = {
        "person": person,
        "notices": told,
        "whys": list(dict.fromkeys(notice.why for notice in told if notice.why)),
        "base_url": settings.BASE_URL,
    }
    return Mail(
        to=[person.email],
        subject=render_to_string("emails/notices.subject.txt", context).strip(),
        body=render_to_string("emails/notices.txt", context).strip() + "\n",
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
    )


def _of(item: OutboxItem) -> list[Notice]:
    """The notices of a mail whose causes still stand."""
    bound = Notice.objects.filter(mail_key=item.key, person=item.about["person"]).order_by("pk")
    return [notice for notice in bound if _stands(notice)]


def _stands(notice: Notice) -> bool:
    kind = _kinds.get(notice.kind)
    return kind is None or kind.still_stands(notice)


def unread(person: User) -> int:
    """How many notices this person has not read."""
    return Notice.objects.filter(person=person, read_at=None).count()


def mark_read(notices: Iterable[Notice], by: User, at: datetime) -> int:
    """Mark these notices of `by` as read; how many were unread. Another's are left alone."""
    ids = [notice.pk for notice in notices]
    return Notice.objects.filter(pk__in=ids, person=by, read_at=None).update(read_at=at)


def mark_all_read(by: User, at: datetime) -> int:
    """Mark all notices of `by` given up to `at` as read; how many."""
    return Notice.objects.filter(person=by, read_at=None, created_at__lte=at).update(read_at=at)
