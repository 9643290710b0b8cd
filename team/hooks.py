"""The outgoing hook: notices of the chosen kinds go to another program, once for each cause.

Requests follow Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`, an
HMAC-SHA256 over id, time and body. They leave through the outbox, which tries again with growing
pauses; what is given up switches the hook off, and the admins are told.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac

from prm import outbox, outside
from prm.models import OutboxItem
from prm.outbox import Call, GivenUp
from prm.outside import NotReached
from prm.references import Reference
from prm.refusals import Refused
from team import notices
from team.models import Hook, Notice, Role, User

MAIL = "hook"
OFF = "hook_off"
GONE = 410
USUAL = ("wait_breached", "wait_raised")


class HookRefused(Refused):
    """The address cannot be used, or the other side does not take what is sent."""


def standing() -> Hook | None:
    """The hook, where one is set up."""
    return Hook.objects.first()


def set_up(url: str, kinds: Iterable[str], at: datetime) -> Hook:
    """Send notices of these kinds to `url` from now on, switched on. Another address gets another secret."""
    try:
        outside.look_up(url)
    except NotReached as error:
        raise HookRefused(str(error)) from error
    hook = standing() or Hook(set_up_at=at)
    if hook.url != url:
        hook.url, hook.nonce = url, secrets.token_hex(16)
    hook.kinds, hook.is_on, hook.off_because = sorted(kinds), True, ""
    hook.save()
    return hook


def renew_secret(hook: Hook) -> None:
    """Sign with another secret from now on."""
    hook.nonce = secrets.token_hex(16)
    hook.save(update_fields=["nonce"])


def switch_off(hook: Hook, because: str) -> bool:
    """Send nothing more; False where it was off already."""
    return bool(Hook.objects.filter(pk=hook.pk, is_on=True).update(is_on=False, off_because=because[:300]))


def secret_of(hook: Hook) -> str:
    """The signing secret as the other side is told it. It is not stored: it follows from our own key."""
    return f"whsec_{base64.b64encode(_key(hook)).decode()}"


def _key(hook: Hook) -> bytes:
    return salted_hmac("team.hooks", hook.nonce, algorithm="sha256").digest()


def signature(key: bytes, message: str, at: datetime, body: bytes) -> str:
    """The signature of one attempt: "v1,…" over "{id}.{seconds}.{body}"."""
    signed = f"{message}.{int(at.timestamp())}.".encode() + body
    return f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def send(hook: Hook, message: str, body: str, at: datetime) -> None:
    """One attempt. Raises NotReached unless the answer is 2xx, GivenUp for 410: it wants no more."""
    raw = body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "PRM-Hook",
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(_key(hook), message, at, raw),
    }
    status = outside.post(hook.url, raw, headers)
    if status == GONE:
        raise GivenUp("It answered 410: it wants no more.")
    if not 200 <= status < 300:
        raise NotReached(f"It answered {status}.")


def try_out(hook: Hook, by: User, at: datetime) -> None:
    """Send a trial now. Raises HookRefused with what went wrong."""
    body = _body("notice.trial", at, f"{by} tries the hook", reverse("team:hook"), [str(by)])
    try:
        send(hook, f"msg_{secrets.token_hex(16)}", body, at)
    except (NotReached, GivenUp) as error:
        raise HookRefused(str(error)) from error


def pass_on(given: Sequence[Notice]) -> None:
    """Put what notices tell into the outbox, in their transaction; the next one told adds nothing."""
    hook = Hook.objects.filter(is_on=True).first()
    kinds = hook.kinds if hook is not None else ()
    for notice in given:
        if notice.kind in kinds:
            _put(notice)


def _put(notice: Notice) -> None:
    about = {
        "kind": notice.kind,
        "cause_kind": notice.cause_kind,
        "cause_id": notice.cause_id,
        "due_at": notice.due_at.isoformat(),
    }
    key = ":".join([MAIL, *(str(part) for part in about.values())])
    outbox.put(MAIL, key, notice.created_at, about)


def still_stands(item: OutboxItem) -> bool:
    """Whether the hook is on and the cause stands."""
    return Hook.objects.filter(is_on=True).exists() and any(notices.stands(each) for each in _told(item))


def compose(item: OutboxItem) -> Call:
    hook = Hook.objects.get()
    told = _told(item)
    first, people = told[0], [str(each.person) for each in told]
    kind = f"notice.{re.sub(r'[^a-zA-Z0-9]+', '_', first.kind)}"
    text = first.for_others or first.text
    body = _body(kind, first.created_at, text, first.url, people, due_at=_z(first.due_at))
    message = f"msg_{item.message_id.strip('<>').partition('@')[0]}"
    host = outside.host_of(hook.url)
    return Call([host], text, body, leave=lambda at: send(hook, message, body, at))


def _told(item: OutboxItem) -> list[Notice]:
    """The notices about what the item is about, one for each person told."""
    return list(Notice.objects.filter(**item.about).select_related("person").order_by("pk"))


def _body(kind: str, at: datetime, text: str, url: str, people: list[str], **more: Any) -> str:
    """The payload; `text` at the top is what chat tools show."""
    link = f"{settings.BASE_URL}{url}" if url else ""
    data = {"text": text, "url": link, "people": people, **more}
    words = f"{text} ({', '.join(people)}) {link}".strip()
    return json.dumps({"type": kind, "timestamp": _z(at), "text": words, "data": data}, ensure_ascii=False)


def _z(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def delivered(item: OutboxItem, at: datetime) -> None:
    Hook.objects.update(delivered_at=at)


@transaction.atomic
def given_up(item: OutboxItem, at: datetime) -> None:
    """What follows when the outbox gives one up: the hook is off, and the admins are told once."""
    hook = standing()
    item.refresh_from_db(fields=["last_error"])
    if hook is None or not switch_off(hook, item.last_error.partition(": ")[2]):
        return
    what = f"The hook to {outside.host_of(hook.url)} was switched off: what was sent did not get there"
    for admin in User.objects.current().filter(grants__role=Role.ADMIN):
        notices.give(admin, OFF, Reference("hook", item.pk), at, at, what, reverse("team:hook"))


def still_off(notice: Notice) -> bool:
    return Hook.objects.filter(is_on=False).exists()
