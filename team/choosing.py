"""A colleague that a filter narrows by: ticked in a list while that is short; of more than fifty, called by
name or e-mail. Addresses hold ids, whatever was typed. Forms: `team.colleague_field`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_filters import ChoiceFilter, FilterSet, MultipleChoiceFilter
from django_filters.fields import ChoiceField, MultipleChoiceField

from prm import pages, search
from prm.listing import key_in
from team.models import User, known_as
from team.requests import PersonRequest

P = ParamSpec("P")
View = Callable[Concatenate[PersonRequest, P], HttpResponseBase]
MOST_LISTED = 50  # colleagues: among more nobody finds one in a list
MOST_OFFERED = 8  # colleagues that may be meant
WORDS = {"me", "none", "nobody"}  # what stands in an address for somebody without being an id
MOST_WORDS = 8
LONGEST = 254  # characters of an e-mail address
COLUMNS = ("pk", "name", "email", "is_active")
SEVERAL = "several"  # what the address of suggestions says where commas part colleagues


@dataclass(frozen=True)
class Person:
    """One of us, as one is called."""

    pk: int
    name: str
    email: str
    is_active: bool

    def __str__(self) -> str:
        name = known_as(self.name, self.email)
        return name if self.is_active else _("%(name)s (left)") % {"name": name}

    @property
    def as_typed(self) -> str:
        """What calls nobody else: "Érika Nordmann <erika@acme.example>"."""
        return f"{self.name} <{self.email}>" if self.name else self.email

    @property
    def in_full(self) -> str:
        """Told apart from others of the same name."""
        return f"{self} · {self.email}"


def called(text: str, people: QuerySet[User]) -> list[Person]:
    """Those of these people who are called so: by their whole name or e-mail address, or by both as mail
    programs write them; else by every word, in the name or before the @ of the address."""
    _name, begun, address = text.strip().rpartition("<")
    if begun and address.endswith(">"):
        text = address[:-1]
    words = search.words(text[:LONGEST])[:MOST_WORDS]
    whole = " ".join(words)
    like, exactly = [], []
    found = people.filter(*(Q(search_key__contains=word) for word in words)) if words else people.none()
    for person in (Person(*row) for row in found.values_list(*COLUMNS)):
        name, email = search.fold(person.name), search.fold(person.email)
        if whole in (name, email):
            exactly.append(person)
        elif all(word in name or word in email.split("@")[0] or email.startswith(word) for word in words):
            like.append(person)
    return exactly or like


def _is_typed(value: str) -> bool:
    return bool(value) and value not in WORDS and not (value.isascii() and value.isdigit())


def is_asked_in_words(address: QueryDict, name: str) -> bool:
    """Whether an address comes of a form in which a colleague is called, or calls one itself."""
    return any(_is_typed(value) or not value for value in address.getlist(name))


# --- what a filter offers ---


def few(people: QuerySet[User]) -> Any:
    """The ids of as many of these people as say whether they are too many for a list."""
    return people.order_by("pk").values("pk")[: MOST_LISTED + 1]


def listed(people: QuerySet[User], chosen: Iterable[str]) -> tuple[list[tuple[str, str]], bool]:
    """Each of these people by id and name, those `chosen` among them; of too many for a list, which is said,
    the chosen ones alone. One query, which reads no more however many there are."""
    ids = {key_in(value) for value in chosen} - {0}
    rows = User.objects.filter(pk__in=few(people)).order_by().values_list(*COLUMNS)
    if ids:
        rows = rows.union(User.objects.filter(pk__in=ids).order_by().values_list(*COLUMNS))
    found = sorted((Person(*row) for row in rows), key=lambda person: (person.name, person.pk))
    too_many = len(found) > MOST_LISTED
    return [(str(each.pk), str(each)) for each in found if not too_many or each.pk in ids], too_many


class _OneSaid(forms.Select):
    """One value; where a list and a text field both say one, the text that is typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        said = [value for value in data.getlist(name) if value]
        return said[-1] if said else data.get(name)


class _AllSaid(forms.SelectMultiple):
    """The values; a text field that is left empty says none."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return [value for value in data.getlist(name) if value]


class _Calls:
    """A field that takes colleagues by id. Who was called otherwise is to be chosen among those meant."""

    seen: QuerySet[User] | None = None  # whom its reader sees
    is_typed = False  # whether there are too many for a list
    unclear: tuple[str, list[Person]] = ("", [])  # what was typed, and who may be meant

    def validate(self, value: Any) -> None:
        for text in value if isinstance(value, list) else [value]:
            if self.seen is not None and _is_typed(text):
                self.unclear = (text, called(text, self.seen))
                raise ValidationError(says(*self.unclear))
        super().validate(value)  # type: ignore[misc]


def says(text: str, meant: list[Person]) -> str:
    """Why it is not clear who was called."""
    if not meant:
        return _("no colleague is called “%(text)s”.") % {"text": text[:LONGEST]}
    if len(meant) > MOST_OFFERED:
        return _("%(n)d colleagues are called like “%(text)s”: type more of the name, or the e-mail.") % {
            "n": len(meant),
            "text": text[:LONGEST],
        }
    return _("which colleague is “%(text)s”?") % {"text": text[:LONGEST]}


class _One(_Calls, ChoiceField):
    widget = _OneSaid


class _Several(_Calls, MultipleChoiceField):
    widget = _AllSaid


class ColleagueFilter(ChoiceFilter):
    """By one colleague. `offer` says whom."""

    field_class = _One


class ColleaguesFilter(MultipleChoiceFilter):
    """By any of several colleagues. `offer` says whom."""

    field_class = _Several

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"distinct": False, **kwargs})


def _field(filters: FilterSet, name: str) -> Any:
    return filters.form.fields[name]


def offer(
    filters: FilterSet, name: str, choices: Iterable[tuple[str, str]], reader: User, is_typed: bool
) -> None:
    """Let a filter choose among these, and where they are not all, among those whom the reader can call."""
    field = _field(filters, name)
    field.choices, field.seen, field.is_typed = list(choices), User.objects.visible_to(reader), is_typed


def offer_listed(
    filters: FilterSet, name: str, first: list[tuple[str, str]], people: QuerySet[User], reader: User
) -> None:
    """Let a filter choose among these people, after what comes first. One query."""
    found, too_many = listed(people, filters.data.getlist(name))
    offer(filters, name, [*first, *found], reader, too_many)


def offer_named(filters: FilterSet, name: str, first: list[tuple[str, str]], reader: User) -> None:
    """Let a filter that no form shows take whom its address names. One query, none where it names nobody."""
    ids = {key_in(value) for value in filters.data.getlist(name)} - {0}
    rows = User.objects.filter(pk__in=ids).values_list(*COLUMNS) if ids else ()
    people = [Person(*row) for row in rows]
    offer(filters, name, [*first, *((str(each.pk), str(each)) for each in people)], reader, is_typed=False)


# --- what a page shows of it ---


def suggested(to: str, several: bool = False) -> dict[str, Any]:
    """The attributes of a text field for which colleagues are suggested, in the datalist of that id; where it
    takes several with commas between, for the last of them."""
    url = reverse_lazy("team:colleagues")
    return {
        "list": to,
        "maxlength": LONGEST,
        "autocomplete": "off",
        "autocapitalize": "none",
        "spellcheck": "false",
        "data-quiet": True,
        "hx-get": f"{url}?{SEVERAL}=1" if several else url,
        "hx-trigger": "focus once, input changed delay:200ms",
        "hx-target": f"#{to}",
        "hx-swap": "innerHTML",
        "hx-push-url": "false",
    }


@dataclass(frozen=True)
class Suggestion:
    """What a text field would hold with one more colleague, and whom it names. Browsers show only what is
    like the whole text of the field, which names those before, too."""

    person: Person
    typed: str
    before: str = ""

    @property
    def value(self) -> str:
        return self.before + self.person.email

    @property
    def words(self) -> str:
        text = self.before + self.typed
        is_like = not self.before or text.casefold() in self.value.casefold()
        return str(self.person) if is_like else f"{text} → {self.person}"


def suggestions(text: str, people: QuerySet[User], several: bool, most: int) -> list[Suggestion]:
    """Whom to suggest for what is typed so far, before anything is typed the first of them; of several with
    commas between, for the last one, and none of those before."""
    typed = text.rpartition(",")[2].lstrip() if several else text
    before = text.removesuffix(typed) if several else ""
    people = people.exclude(email__in=[each.strip() for each in before.split(",")])
    first = (Person(*row) for row in people.values_list(*COLUMNS)[:most])
    found = called(typed, people)[:most] if typed.strip() else first
    return [Suggestion(person, typed, before) for person in found]


@dataclass(frozen=True)
class Offer:
    """One who may be meant, and the address that means it."""

    words: str
    url: str


def offers(filters: FilterSet, *names: str) -> list[Offer]:
    """Who may be meant by what was typed; nobody where it was clear, or too many are."""
    found = []
    for name in names:
        filters.is_valid()  # which reads it, once
        text, meant = _field(filters, name).unclear
        for person in meant if len(meant) <= MOST_OFFERED else ():
            found.append(Offer(person.in_full, _with(filters.data, name, text, person)))
    return found


def _with(address: QueryDict, name: str, text: str, person: Person) -> str:
    """The address with a person in the place of what was typed."""
    rest = address.copy()
    said = [str(person.pk) if value == text else value for value in rest.getlist(name) if value]
    rest.setlist(name, list(dict.fromkeys(said)))
    return f"?{rest.urlencode()}"


@dataclass(frozen=True)
class Typing:
    """The text field in which a colleague is called."""

    name: str
    label: str
    text: str  # that could not be read

    @property
    def key(self) -> str:
        return f"{self.name}-called"

    @property
    def field(self) -> SafeString:
        attrs = {"id": self.key, "class": "form-control", "placeholder": _("Colleague")}
        wrong = {"aria-invalid": "true", "aria-describedby": "faults"} if self.text else {}
        widget = forms.TextInput(attrs | suggested(f"{self.name}-colleagues") | wrong)
        return widget.render(self.name, self.text)


def typing(filters: FilterSet, name: str) -> Typing | None:
    """The text field of a filter, where it has one."""
    field = _field(filters, name)
    if not getattr(field, "is_typed", False):
        return None
    filters.is_valid()  # which reads it, once
    return Typing(name, str(field.label), field.unclear[0])


def called_by_id(name: str, several: bool = False) -> Callable[[View[P]], View[P]]:
    """For a view whose address may call a colleague under this name: it leads to the address with the id,
    where exactly one is meant. Stands below `login_required`."""

    def of(view: View[P]) -> View[P]:
        @wraps(view)
        def seen(request: PersonRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            asks = request.method in {"GET", "HEAD"}
            leads = _by_id(request, request.user, name, several) if asks else None
            return leads or view(request, *args, **kwargs)

        return seen

    return of


def _by_id(request: HttpRequest, reader: User, name: str, several: bool) -> HttpResponse | None:
    """The way to the address with the id; None where nothing typed means exactly one. Of one value, what is
    typed wins; a form that htmx sent keeps its text field, empty."""
    values = request.GET.getlist(name)
    typed = {value: called(value, User.objects.visible_to(reader)) for value in values if _is_typed(value)}
    clear = {text: str(meant[0].pk) for text, meant in typed.items() if len(meant) == 1}
    kept = list(dict.fromkeys(clear.get(value, value) for value in values if value))
    kept = kept if several else kept[-1:]
    if pages.is_htmx(request):
        kept = [*kept, ""] if clear else values
    if not kept or kept == values:
        return None
    address = request.GET.copy()
    address.setlist(name, kept)
    return HttpResponseRedirect(f"{request.path}?{address.urlencode()}")
