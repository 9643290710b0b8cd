"""The pages of Settings and the set-up list: what each person finds there.

Apps above add their pages and steps in their `wiring.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from team.models import User
from team.roles import may


@dataclass(frozen=True)
class Place:
    """Something that stands at a URL name; `url` is "" where that is not built."""

    name: str
    address: str

    @property
    def url(self) -> str:
        try:
            return reverse(self.address)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class SettingsPage(Place):
    """A page of Settings; absent for whoever may not do `action` ("" is for everyone)."""

    icon: str
    words: str
    action: str


@dataclass(frozen=True)
class KeptList(Place):
    """A list that is kept under Settings › Lists."""

    words: str


@dataclass(frozen=True)
class Step(Place):
    """A step of setting up; `is_done` asks the record."""

    is_done: Callable[[], bool]


_pages: list[SettingsPage] = []
_lists: list[KeptList] = []
_steps: list[Step] = []


def register(name: str, address: str, words: str, icon: str, action: str = "edit settings") -> None:
    """Register a page of Settings by its URL name."""
    _pages.append(SettingsPage(name, address, icon, words, action))


def register_list(name: str, address: str, words: str) -> None:
    """Register a list under Settings › Lists by its URL name."""
    _lists.append(KeptList(name, address, words))


def register_step(name: str, address: str, is_done: Callable[[], bool]) -> None:
    """Register a step of setting up, with the page where it is done."""
    _steps.append(Step(name, address, is_done))


def pages_for(user: User) -> list[SettingsPage]:
    """The pages this person can use, those of the company before the own ones."""
    usable = [page for page in _pages if page.url and (not page.action or may(user, page.action))]
    return sorted(usable, key=lambda page: not page.action)


def kept_lists() -> list[KeptList]:
    """Every list there is."""
    return [kept for kept in _lists if kept.url]


def steps() -> list[tuple[Step, bool]]:
    """Each step that can be done here, and whether it is."""
    return [(step, step.is_done()) for step in _steps if step.url]
