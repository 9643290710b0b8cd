"""`Idempotency-Key`: what a program sends twice under one key is done once, and its row told again.

The key belongs to who sent it, and to one request: another one under it is refused, else it were lost unsaid.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from prm import clock
from prm.models import OnceKey
from prm.refusals import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 200
_SPACE = uuid.UUID("6b1f3a52-5f0d-5d0e-9a51-8c9d6d1f0a77")


class Once:
    """One request, done once under the key it names; one that names none is done each time."""

    def __init__(self, request: Request, teller: Any) -> None:
        given = request.headers.get(HEADER, "")
        if len(given) > LONGEST:
            raise ValidationError({HEADER: [_("Keep it to %(most)d letters.") % {"most": LONGEST}]})
        self.request, self.teller = request, teller
        self.key = uuid.uuid5(_SPACE, f"{request.user.pk} {given}") if given else None

    def told_again(self) -> Response | None:
        """The answer where this was done before; None where it was not."""
        done = OnceKey.objects.filter(pk=self.key).first() if self.key else None
        return self._again(done.answer) if done else None

    def spent(self) -> Response | None:
        """Spend the key, in the transaction of what is done under it; the answer where another request that
        ran beside this one did it meanwhile."""
        if self.key is None or OnceKey.is_fresh(self.key, clock.now()):
            return None
        return self._again(OnceKey.objects.get(pk=self.key).answer)

    def done(self, pk: Any) -> None:
        """Keep which row answers, and to what."""
        if self.key is not None:
            answer = f"{self.teller.noun} {pk} {digest(self.request)}"
            OnceKey.objects.filter(pk=self.key).update(answer=answer)

    def _again(self, answer: str) -> Response:
        noun, pk, *asked = answer.split(" ")  # keys of former versions hold no digest
        if noun != self.teller.noun or (asked and asked[0] != digest(self.request)):
            raise Refused(
                _("Another request was done under this Idempotency-Key; this one was not. Choose another.")
            )
        return Response(self.teller.one(pk), status=200, headers={REPLAYED: "true"})


@dataclass(frozen=True)
class HowMany:
    """Tells how many there were, under a name, and tells it again."""

    noun: str
    name: str

    def one(self, n: Any) -> dict[str, int]:
        return {self.name: int(n)}

    def once(self, request: Request, act: Callable[[], int]) -> Response:
        """Do it once under the key of the request: `act` says to how many. What it raises leaves nothing."""
        once = Once(request, self)
        if before := once.told_again():
            return before
        with transaction.atomic():
            if before := once.spent():
                return before
            n = act()
            once.done(n)
        return Response(self.one(n))


def digest(request: Request) -> str:
    """What is asked: the door, and the fields and files whatever their order."""
    asked = json.dumps([request.method, request.path, request.data], sort_keys=True, default=_file)
    return hashlib.sha256(asked.encode()).hexdigest()


def _file(sent: UploadedFile) -> list[Any]:
    whole = hashlib.sha256()
    sent.seek(0)
    for chunk in sent.chunks():
        whole.update(chunk)
    sent.seek(0)
    return [sent.name, whole.hexdigest()]
