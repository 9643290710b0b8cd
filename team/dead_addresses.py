"""The admins are told when an address gets no more automatic mail."""

from datetime import datetime

from django.urls import reverse

from prm.models import BouncedAddress
from prm.references import Reference
from team import notices
from team.models import Notice, Role, User

KIND = "address_dead"


def tell(address: BouncedAddress, at: datetime) -> None:
    """Tell every admin of an address that was just suppressed."""
    assert address.suppressed_until is not None
    what = f"Mail to {address.email} came back {address.bounces} times; it gets no automatic mail for now"
    cause = Reference("address", address.pk)
    for admin in User.objects.current().filter(grants__role=Role.ADMIN):
        notices.give(admin, KIND, cause, address.suppressed_until, at, what, reverse("team:mails"))


def still_dead(notice: Notice) -> bool:
    """Whether the address was not let go since, at the time the mail is composed."""
    return BouncedAddress.objects.filter(pk=notice.cause_id, suppressed_until=notice.due_at).exists()
