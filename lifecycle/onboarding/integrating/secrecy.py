"""What looks like a secret, and is therefore not kept. Pure.

A text is refused for the sake of what it holds, never for its subject: prose about passwords passes.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.refusals import Refused

_CALLED = r"\b(?:password|passwd|passphrase|pwd|passwort|kennwort)"
_KEY = r"\b(?:(?:api|access|secret|client|license)[ _-]?(?:key|secret|token)|secret|token)"
_MIXED = r"[\"“„']?(?=[^\s,;]*\d)(?=[^\s,;]*[a-z])"  # what follows has a letter and a digit
_ORDINARY = (  # what may stand alone after "password:"
    "none|unknown|required|optional|expired|missing|wrong|invalid|changed|rotated|pending|separately|"
    "set|unset|same|later|soon|safe|vault|protected|encrypted|hashed|yes|no|tbd"
)
_PARAMETER = r"[?&](?:[a-z0-9]+[_-])*"

PRIVATE_KEY = gettext_lazy("a private key")
IN_ADDRESS = gettext_lazy("a password in an address")
NAME_IN_ADDRESS = gettext_lazy("a name or key in an address")
TOKEN_IN_ADDRESS = gettext_lazy("a password or token in an address")
KEY_IN_ADDRESS = gettext_lazy("a key in an address")
CLOUD, CODE = gettext_lazy("a key of a cloud"), gettext_lazy("a token of a code host")
CHAT, PAYMENTS = gettext_lazy("a token of a chat"), gettext_lazy("a key for payments")
SIGNED, SENT = gettext_lazy("a signed token"), gettext_lazy("credentials")
PASSWORD, KEY = gettext_lazy("a password"), gettext_lazy("a key or token")

TABLE: tuple[tuple[str | Promise, str], ...] = (
    (PRIVATE_KEY, r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"),
    (IN_ADDRESS, r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/@:]*:[^\s/@]+@"),
    (NAME_IN_ADDRESS, r"\bhttps?://[^\s/@]+@"),
    (TOKEN_IN_ADDRESS, _PARAMETER + r"(?:token|secret|password|passwd|pwd)=[a-z0-9]"),
    (KEY_IN_ADDRESS, _PARAMETER + r"(?:apikey|key|sig|signature)=[a-z0-9%+/_.-]{8}"),
    (CLOUD, r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    (CLOUD, r"\bAIza[\w-]{35}"),
    (CODE, r"\bgh[pousr]_[a-z0-9]{20,}"),
    (CODE, r"\bgithub_pat_\w{22,}"),
    (CODE, r"\bglpat-[\w-]{20,}"),
    (CHAT, r"\bxox[abeoprs]-[a-z0-9-]{10,}"),
    (CHAT, r"\bhooks\.slack\.com/services/T\w+/B\w+/\w{8,}"),
    (PAYMENTS, r"\b[rs]k_(?:live|test)_[a-z0-9]{16,}"),
    (SIGNED, r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\."),
    (SENT, r"\b(?:bearer|basic)\s+(?=\S*\d)[a-z0-9+/._~-]{16,}"),
    (PASSWORD, _CALLED + r"\s*[:=]\s*" + _MIXED + r"[^\s,;]{4,}"),
    (PASSWORD, _CALLED + r"\s*[:=]\s*[^\s,;]*[!#$%^&*+_][^\s,;]{2,}"),
    (PASSWORD, _CALLED + rf"\s*[:=][ \t]*(?!(?:{_ORDINARY})\b)\w{{4,}}[.]?[ \t]*$"),
    (PASSWORD, _CALLED + r"\s+(?:is|ist|lautet)[ \t]*:?[ \t]+" + _MIXED + r"[^\s,;]{5,}(?=[ \t]*$|[,;])"),
    (KEY, _KEY + r"\s*[:=]\s*" + _MIXED + r"[^\s,;]{8,}"),
)
LOOKS = [(words, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for words, pattern in TABLE]


class SecretRefused(Refused):
    """The text holds what looks like a secret."""


def found(text: str) -> str:
    """What in the text looks like a secret, in words; "" where nothing does."""
    return next((str(words) for words, pattern in LOOKS if pattern.search(text)), "")


def keep_out(**texts: str) -> None:
    """Refuse the first of these texts, by the name of its field, that holds what looks like a secret."""
    for field, text in texts.items():
        if what := found(text):
            said = _(
                "{field}: this looks like {what}. Nothing secret is kept here. Put it where your company "
                "keeps its secrets, and write down where that is."
            )
            raise SecretRefused(said.format(field=field.replace("_", " ").capitalize(), what=what))
