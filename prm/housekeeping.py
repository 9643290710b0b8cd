"""What the kernel throws away once nobody can ask for it any more."""

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from prm.models import OnceKey

KEEP_KEYS_FOR = timedelta(days=7)


def tidy(at: datetime) -> int:
    """Delete sessions that ended and one-time keys of forms nobody has open any more; how many."""
    sessions, _ = Session.objects.filter(expire_date__lt=at).delete()
    keys, _ = OnceKey.objects.filter(spent_at__lt=at - KEEP_KEYS_FOR).delete()
    return sessions + keys
