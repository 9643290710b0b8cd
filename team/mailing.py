"""How notices become mails: at once or in the daily digest, outside quiet hours, never too many.

The sweep `bind_all` gathers a person's notices whose moment has come under one outbox row: notices
and mail are bound in one transaction, so that a worker may die anywhere and each notice still stands
in exactly one mail. What the mail says is composed when it is sent, from the notices bound to it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from prm import outbox
from prm.models import OutboxItem
from prm.outbox import Mail
from team import notices, preferences
from team.models import Notice, User, Way
from team.quiet import Hours

MAIL = "notices"
MOST_MAILS = 12  # at once, to a person within an hour; what is more goes into the digest


def bind_all(at: datetime) -> int:
    """The sweep: put each person's notices that are due into mails; how many notices."""
    due = Notice.objects.filter(next_check_at__lte=at)
    people = due.order_by("person").values_list("person", flat=True).distinct()
    return sum(_bind(person, at) for person in list(people))


@transaction.atomic
def _bind(person: int, at: datetime) -> int:
    """Bind a person's due notices to mails of their own. Whoever meets another worker at it leaves it.

    The lock is on the person, and it is one that lets rows pointing at the person be written.
    """
    user = User.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(pk=person)
    holder = user.first()
    if holder is None:
        return 0
    due = list(Notice.objects.filter(person=holder).to_mail(at))
    hours = preferences.hours_of(holder)
    return _at_once(holder, [it for it in due if it.way == Way.AT_ONCE], hours, at) + _digest(
        holder, [it for it in due if it.way == Way.DIGEST], hours, at
    )


def _at_once(person: User, due: list[Notice], hours: Hours, at: datetime) -> int:
    """One mail with all that is not to wait for the end of quiet hours."""
    now = [it for it in due if hours.send_at(at, notices.deadline_of(it)) <= at]
    _put_off([it for it in due if it not in now], hours.loud_from(at))
    if now and _had_enough(person, at):
        _put_off(now, hours.next_digest(at), way=Way.DIGEST)
        return 0
    return _put(person, now, f"{MAIL}:{person.pk}:{now[0].pk}", at) if now else 0


def _digest(person: User, due: list[Notice], hours: Hours, at: datetime) -> int:
    """The digest of the local day, once: what was given before its moment. The rest waits for the next."""
    day = hours.digest_day(at)
    key = f"digest:{person.pk}:{day}"
    sent = bool(due) and OutboxItem.objects.filter(key=key).exists()
    now = [] if sent else [it for it in due if it.created_at < hours.digest_on(day)]
    _put_off([it for it in due if it not in now], hours.next_digest(at))
    return _put(person, now, key, at, digest=str(day)) if now else 0


def _had_enough(person: User, at: datetime) -> bool:
    """Whether this person had as many mails at once within the hour as anybody gets."""
    lately = OutboxItem.objects.filter(created_at__gt=at - timedelta(hours=1))
    return lately.filter(key__startswith=f"{MAIL}:{person.pk}:")[:MOST_MAILS].count() >= MOST_MAILS


def _put_off(later: Iterable[Notice], to: datetime, **changes: str) -> None:
    ids = [notice.pk for notice in later]
    if ids:
        Notice.objects.filter(pk__in=ids).update(next_check_at=to, **changes)


def _put(person: User, told: list[Notice], key: str, at: datetime, digest: str = "") -> int:
    """Write the mail and bind the notices to it."""
    ids = [notice.pk for notice in told]
    bound = Notice.objects.filter(pk__in=ids).update(mail_key=key, next_check_at=None)
    outbox.put(MAIL, key, at, {"person": person.pk, "digest": digest})
    return bound


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
        "is_digest": bool(item.about.get("digest")),
        "whys": list(dict.fromkeys(notice.why for notice in told if notice.why)),
        "base_url": settings.BASE_URL,
    }
    return Mail(
        to=[person.email],
        subject=render_to_string("emails/notices.subject.txt", context).strip(),
        body=render_to_string("emails/notices.txt", context).strip() + "\n",
        headers={outbox.GENERATOR: MAIL, "Auto-Submitted": "auto-generated"},
        is_private=any(notice.for_others for notice in told),
    )


def _of(item: OutboxItem) -> list[Notice]:
    """The notices of a mail whose causes still stand."""
    bound = Notice.objects.filter(mail_key=item.key, person=item.about["person"]).order_by("pk")
    return [notice for notice in bound if notices.stands(notice)]
