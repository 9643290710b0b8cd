"""Messages that only say thanks: told by a table of phrases that a company keeps under Settings.

The whole of what somebody wrote, without what is quoted and without the signature, must be made of these
phrases and of names. It costs no more for a text made to be slow: only short texts are looked at, and
each word of one is tried once with each phrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from conversations import waits
from conversations.mail import folding
from conversations.models import Thanks, Wait
from partners.models import Contact, Event
from prm import search
from team import lists
from team.models import User

GROUND = "Only thanks"
LONGEST = 300  # letters of the writer's own words
MOST_WORDS = 30
_WORD = re.compile(r"[^\W_]+")

STARTERS = (
    *("thanks", "thank you", "thanks a lot", "many thanks", "thank you very much", "thank you so much"),
    *("thanks again", "thanks for your help", "thank you for your help", "thanks for the quick reply"),
    *("thanks for the update", "thx", "ty", "much appreciated", "cheers", "great", "perfect", "super"),
    *("wonderful", "excellent", "ok", "okay", "noted", "received", "got it", "will do", "all clear"),
    *("sounds good", "that helps", "have a nice day", "have a great weekend", "have a nice weekend"),
    *("hi", "hello", "dear", "hi all", "good morning", "best regards", "kind regards", "regards", "best"),
    *("danke", "danke dir", "danke ihnen", "danke euch", "danke schön", "dankeschön", "vielen dank"),
    *("herzlichen dank", "besten dank", "tausend dank", "merci", "danke für die info"),
    *("danke für die schnelle antwort", "vielen dank für die schnelle antwort", "danke für ihre hilfe"),
    *("danke für deine hilfe", "alles klar", "passt", "prima", "klasse", "wunderbar", "sehr gut"),
    *("ist notiert", "erhalten", "verstanden", "schönen tag", "einen schönen tag", "schönes wochenende"),
    *("hallo", "hallo zusammen", "liebe", "lieber", "guten morgen", "guten tag", "viele grüße"),
    *("liebe grüße", "beste grüße", "mit freundlichen grüßen", "freundliche grüße", "lg", "vg", "mfg"),
)

Phrase = tuple[str, ...]


def seed() -> None:
    """Write the phrases a company begins with, English and German, where it has none."""
    if not Thanks.objects.exists():
        lists.begin(Thanks, STARTERS)


def says_only(body: str, phrases: Iterable[Phrase], names: Collection[str] = ()) -> bool:
    """Whether these words are made of phrases and names alone, with one phrase at least."""
    own = _own_words(body[: 10 * LONGEST])
    if len(own) > LONGEST or "?" in own:
        return False
    words = words_of(own)
    if not words or len(words) > MOST_WORDS:
        return False
    return _made_of(words, {phrase for phrase in phrases if phrase}, set(names))


def _own_words(body: str) -> str:
    lines = (line for piece in folding.fold(body) if not piece.is_folded for line in piece.text.splitlines())
    return "\n".join(line for line in lines if not line.lstrip().startswith(">"))


def _made_of(words: list[str], phrases: set[Phrase], names: set[str]) -> bool:
    """Whether the words can be cut into phrases and names. `reached` are the places one comes to, with
    whether a phrase was among what lies before."""
    reached = {(0, False)}
    for place in range(len(words)):
        for said in (False, True):
            if (place, said) not in reached:
                continue
            if words[place] in names:
                reached.add((place + 1, said))
            for phrase in phrases:
                if tuple(words[place : place + len(phrase)]) == phrase:
                    reached.add((place + len(phrase), True))
    return (len(words), True) in reached


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: folded, without marks, signs and pictures."""
    return _WORD.findall(search.fold(text))


def is_thanks(body: str, contact: Contact | None) -> bool:
    """Whether a message of a partner's person only says thanks, by the table as it stands."""
    if not body.strip() or len(body) > 100 * LONGEST:
        return False
    kept = Thanks.objects.filter(retired_at=None).values_list("name", flat=True)
    ours = User.objects.current().values_list("name", flat=True)
    names = {word for name in (*ours, contact.name if contact else "") for word in words_of(name)}
    return says_only(body, (tuple(words_of(phrase)) for phrase in kept), names)


# --- put away with one press ---------------------------------------------------------------------------


@transaction.atomic
def clear(found: Iterable[Wait], by: User, at: datetime) -> Event | None:
    """Put away, with one press, the waits among these that still hold nothing but thanks. One Undo brings
    all of them back. Refused where there is none."""
    cleared = [wait for wait in found if _clear(wait, by, at)]
    if not cleared:
        raise waits.WaitRefused("None of these only says thanks any more. Look at them again.")
    count = len(cleared)
    changes = {"waits": [wait.pk for wait in cleared]}
    note = f"{count} short thank-you{'s' if count > 1 else ''}"
    return Event.record("thanks_cleared", at, by, changes=changes, note=note)


def _clear(wait: Wait, by: User, at: datetime) -> bool:
    waits.locked(wait.conversation)
    if not Wait.objects.open().filter(pk=wait.pk, only_thanks=True).exists():
        return False
    waits.cancel(wait, GROUND, by, at, as_thanks=True)
    return True


@transaction.atomic
def bring_back(event: Event, by: User, at: datetime) -> Event | None:
    """The Undo of the press: what is still put away as thanks waits again, with its times."""
    still = Wait.objects.filter(pk__in=event.changes["waits"], state=Wait.State.CANCELLED, cleared=True)
    for wait in still.select_related("conversation").order_by("conversation", "pk"):
        waits.reopen(wait, by, at)
    return Event.record("thanks_brought_back", at, by, note=event.note, undoes=event)
