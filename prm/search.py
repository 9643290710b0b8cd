"""Search keys: one folding of names for search, sorting and duplicates, equal on every database."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import models

_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    """Fold for search: NFKD, marks removed, casefolded, white space single ("Škoda  AG" → "skoda ag")."""
    bare = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _SPACES.sub(" ", bare.casefold()).strip()


def words(text: str) -> list[str]:
    """The folded words of a query; each must be found. NUL, which no database keeps, is dropped."""
    return fold(text.replace("\0", " ")).split()


class FoldedField(models.CharField):
    """A column that follows others, folded, so that lists sort and search alike on every database.

    It is written whenever its row is saved or created in bulk; `update()` does not reach it.
    """

    def __init__(self, *args: Any, of: str | Sequence[str] = "name", **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"editable": False, "default": "", "blank": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("editable", "default", "blank"):
            kwargs.pop(key, None)
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        names = [self.of] if isinstance(self.of, str) else self.of
        folded = fold(" ".join(getattr(model_instance, name) for name in names))[: self.max_length]
        setattr(model_instance, self.attname, folded)
        return folded
