"""A colleague, or several, that a form takes: chosen in a list while that is short; of more than fifty,
called by name or e-mail. Where several are called so, the form asks which one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from prm.forms import ManyField
from prm.listing import key_in
from team import choosing
from team.choosing import COLUMNS, MOST_LISTED, MOST_OFFERED, Person
from team.models import User

Choices = Sequence[tuple[str, str | Promise]]
MOST_CALLED = 20  # colleagues in one text


def some(people: QuerySet[User]) -> list[User]:
    """As many of them as are listed, and one more where they are too many. One query."""
    return list(people[: MOST_LISTED + 1])


def _is_typed(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not key_in(value)


class ColleagueSelect(forms.Select):
    """The list of colleagues, or a text field."""

    choices: Any

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What is chosen or typed; who is ticked under a text that stands as it was; of two things that are
        said, both."""
        said = [value for value in data.getlist(name) if value] if hasattr(data, "getlist") else []
        if len(said) > 1:
            return said
        value = said[0] if said else data.get(name)
        key, _space, text = data.get(_meant(name), "").partition(" ")
        return key if text and text == value else value

    def use_required_attribute(self, initial: Any) -> bool:
        """Whether the list begins with an empty choice: browsers take the first one for said otherwise."""
        if field := self._field:
            return field.empty_label is not None
        return super().use_required_attribute(initial)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if field := self._field:
            people = some(field.people) if field.some is None else field.some
            if len(people) > MOST_LISTED:
                return _drawn(field, name, value, self.build_attrs(self.attrs, attrs))
            listed = [(field.prepare_value(each), field.label_from_instance(each)) for each in people]
            empty = [] if field.empty_label is None else [("", field.empty_label)]
            self.choices = [*empty, *field.first, *listed]
        return super().render(name, value, attrs, renderer)

    @property
    def _field(self) -> ColleagueField | None:
        """The field whose people are to be read; None once they are listed."""
        field: ColleagueField | None = getattr(self.choices, "field", None)
        return field


def _meant(name: str) -> str:
    """The name under which one is ticked of those who are called as the text says."""
    return f"{name}-meant"


def _drawn(field: ColleagueField, name: str, value: Any, attrs: dict[str, Any]) -> SafeString:
    """The text field; under it what stands first, and after a text that means several, each of them."""
    said = [str(each) for each in (value if isinstance(value, list) else [value]) if each]
    text = next((each for each in said if each not in dict(field.first)), "")
    meant = choosing.called(text, field.people) if _is_typed(text) else []
    suggestions = f"{attrs.get('id', name)}-colleagues"
    worn = [each for each in attrs.get("class", "").split() if each != "form-select"]
    attrs = {**attrs, "class": " ".join(dict.fromkeys([*worn, "form-control"])), "placeholder": field.asks}
    attrs["required"] = field.required and not field.first
    input = forms.TextInput({**attrs, **choosing.suggested(suggestions)})
    context = {
        "input": input.render(name, _as_typed(text, field.people)),
        "suggestions": suggestions,
        "name": name,
        "first": [(key, label, key in said) for key, label in field.first],
        "meant_name": _meant(name),
        "meant": _offered(text, meant),
    }
    return render_to_string("team/colleague_field.html", context)


def _offered(text: str, meant: list[Person]) -> list[tuple[str, str]]:
    """Who may be meant by a text, as (value, words); nobody where it is clear, or too many are."""
    return [(f"{each.pk} {text}", each.in_full) for each in meant] if 1 < len(meant) <= MOST_OFFERED else []


def _as_typed(text: str, people: QuerySet[User]) -> str:
    """The text; where it is an id, who has it."""
    if not (key := key_in(text)):
        return text
    found = people.filter(pk=key).values_list(*COLUMNS).first()
    return Person(*found).as_typed if found else ""


class ColleagueField(forms.ModelChoiceField):
    """One of these people; or the key of what stands `first`, before them all."""

    widget = ColleagueSelect
    some: list[User] | None = None  # of its people, where several fields share what was read

    def __init__(self, queryset: QuerySet[User] | None = None, *, first: Choices = (), **more: Any) -> None:
        super().__init__(User.objects.current() if queryset is None else queryset, **more)
        self.first = first

    @property
    def people(self) -> QuerySet[User]:
        """Those one may choose among."""
        assert self.queryset is not None
        return self.queryset

    @property
    def asks(self) -> str:
        """What stands in the text field while nothing is typed."""
        if self.required or self.empty_label in (None, "", "---------"):
            return _("Name or e-mail")
        return _("Name or e-mail; empty: %(who)s") % {"who": self.empty_label}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            raise ValidationError(_("Say one: a colleague, or what is ticked."), code="several")
        if value in dict(self.first):
            return value
        if _is_typed(value):
            meant = choosing.called(value, self.people)
            if len(meant) != 1:
                raise ValidationError(capfirst(choosing.says(value, meant)), code="unclear")
            value = meant[0].pk
        return super().to_python(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether somebody else is meant, however one is called."""
        try:
            said = self.to_python(data) if _is_typed(data) else data
        except ValidationError:
            return True
        return super().has_changed(initial, self.prepare_value(said))


class _CalledBoxes(forms.Widget):
    """Those chosen, ticked; and a text field in which further ones are called, with commas between."""

    use_fieldset = True

    def __init__(self, people: QuerySet[User]) -> None:
        super().__init__()
        self.people = people

    def id_for_label(self, id_: str) -> str:
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Ids, and texts by which nobody was ticked below them."""
        ticked: dict[str, list[str]] = {}
        for value in data.getlist(_meant(name)):
            key, _space, text = value.partition(" ")
            ticked.setdefault(text, []).append(key)
        said = [part.strip() for value in data.getlist(name) for part in value.split(",")]
        meant = (key for text in said if text for key in ticked.get(text, [text]))
        return list(dict.fromkeys(meant))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        said = [str(each) for each in value or ()]
        texts, ids = [each for each in said if _is_typed(each)], {key_in(each) for each in said} - {0}
        chosen = [Person(*row) for row in self.people.filter(pk__in=ids).values_list(*COLUMNS)] if ids else []
        attrs = self.build_attrs(self.attrs, attrs)
        suggestions = f"{attrs.get('id', name)}-colleagues"
        hint = {"placeholder": _("Name or e-mail, with commas between several")}
        room = {"maxlength": MOST_CALLED * choosing.LONGEST}
        input = forms.TextInput({**attrs, **choosing.suggested(suggestions, several=True), **hint, **room})
        called = {text: _offered(text, choosing.called(text, self.people)) for text in texts[:MOST_CALLED]}
        context = {
            "input": input.render(name, ", ".join(texts)),
            "input_id": attrs.get("id", name),
            "suggestions": suggestions,
            "name": name,
            "chosen": chosen,
            "meant_name": _meant(name),
            "unclear": {text: meant for text, meant in called.items() if meant},
        }
        return render_to_string("team/colleagues_field.html", context)


class ColleaguesField(ManyField):
    """Several of the people that `offer_several` offers."""

    def __init__(self, **more: Any) -> None:
        super().__init__(User.objects.none(), widget=forms.CheckboxSelectMultiple, **more)

    def clean(self, value: Any) -> Any:
        """The people; who is called is found, and all that is not clear is said."""
        assert self.queryset is not None
        said = value if isinstance(value, list | tuple) else []
        texts = [each for each in said if _is_typed(each)]
        if len(texts) > MOST_CALLED:
            raise ValidationError(_("Call at most %(n)d at once."), params={"n": MOST_CALLED}, code="many")
        called = {text: choosing.called(text, self.queryset) for text in texts}
        if unclear := [
            capfirst(choosing.says(text, meant)) for text, meant in called.items() if len(meant) != 1
        ]:
            raise ValidationError(unclear, code="unclear")
        return super().clean([str(called[each][0].pk) if each in called else each for each in said])


def offer_several(form: forms.BaseForm, name: str, people: QuerySet[User]) -> None:
    """Let a field of the form choose several of these people, and list them where they are few. One query."""
    field = form.fields[name]
    assert isinstance(field, ColleaguesField)
    field.queryset = people
    if len(found := some(people)) > MOST_LISTED:
        field.widget = _CalledBoxes(people)
    else:
        field.choices = [(each.pk, field.label_from_instance(each)) for each in found]
