"""Search keys: one folding of names for search, sorting and duplicates, equal on every database."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Fold for search: NFKD, marks removed, casefolded, white space single ("Škoda  AG" → "skoda ag")."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare.casefold()).strip()
