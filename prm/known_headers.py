"""Files with the same headers: what somebody settled for one is offered for the next."""

import hashlib
from collections.abc import Iterable

from prm.models import Import
from prm.search import fold


def key(header: Iterable[str]) -> str:
    """One figure for the column names in their order; case and accents do not matter."""
    return hashlib.sha256("\x1f".join(fold(name) for name in header).encode()).hexdigest()


def last_settled(noun: str, headers: str) -> Import | None:
    """The import of such a file whose columns and values somebody settled last, by mapping them or by
    letting it in."""
    settled = Import.objects.filter(noun=noun, headers=headers, settled_at__isnull=False)
    return settled.order_by("-settled_at", "-pk").first()
