"""How much one request may hold, and what is said where it holds more."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.utils.translation import gettext as _


def passed(error: Exception) -> str:
    """Which limit this passes, in words; empty where something else is wrong with it."""
    if isinstance(error, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
        return _("This is too large: without its files, a request holds at most %(most)d MB.") % {
            "most": most
        }
    if isinstance(error, TooManyFieldsSent):
        fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return _("These are too many fields: a request holds at most %(most)d.") % {"most": fields}
    if isinstance(error, TooManyFilesSent):
        files = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        return _("These are too many files: a request holds at most %(most)d.") % {"most": files}
    return ""
