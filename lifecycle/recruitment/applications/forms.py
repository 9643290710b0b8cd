"""What people type: the editor's forms, and the public one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.decision_forms import need_sort, offer_sorts
from lifecycle.recruitment.applications import questions
from lifecycle.recruitment.applications.models import ApplicationForm, ApplicationQuestion
from partners.models import Programme
from prm import clock
from prm.forms import OnceForm, choose_from, offer
from team.colleague_field import ColleagueField

QUICKEST, OLDEST = timedelta(seconds=3), timedelta(days=1)
TRAP = "fax_number"  # nobody sees it; what fills it in is no person
OPENED = signing.Signer(salt="lifecycle.applications.opened")
SAYS = 5000


# --- the editor -----------------------------------------------------------------------------------------


class NewForm(forms.Form):
    """A form to begin with."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))
    slug = forms.SlugField(
        max_length=60,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("The last part of its address: /apply/…/. Letters, digits and hyphens."),
    )
    owner = ColleagueField(label=gettext_lazy("Who looks after those that apply"), empty_label=None)

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class SetForm(NewForm):
    """How the form reads, and for whom it is."""

    intro = forms.CharField(
        max_length=SAYS,
        required=False,
        label=gettext_lazy("What stands above the questions"),
        widget=forms.Textarea({"rows": 4}),
    )
    programme = forms.ModelChoiceField(
        Programme.objects.none(),
        required=False,
        label=gettext_lazy("Programme"),
        help_text=gettext_lazy("It gives those that apply their partner type."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "programme", Programme.objects.filter(retired_at=None))


class QuestionForm(forms.Form):
    """One question."""

    words = forms.CharField(max_length=300, label=gettext_lazy("Question"))
    kind = forms.ChoiceField(choices=questions.Kind.choices, label=gettext_lazy("Answered with"))
    choices = forms.CharField(
        max_length=SAYS,
        required=False,
        label=gettext_lazy("Choices, one on each line"),
        widget=forms.Textarea({"rows": 4}),
    )
    help = forms.CharField(max_length=300, required=False, label=gettext_lazy("A hint below it"))
    is_required = forms.BooleanField(required=False, label=gettext_lazy("It must be answered"))
    maps_to = forms.ChoiceField(
        required=False,
        label=gettext_lazy("The answer goes to"),
        help_text=gettext_lazy("A field of the partner, or a criterion of the profile that people answer."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = questions.targets()
        fields = [each for each in targets if each.value.startswith(questions.FIELD)]
        criteria = [each for each in targets if each not in fields]
        groups = [(_("Fields of the partner"), fields), (_("Criteria of the profile"), criteria)]
        grouped = [(name, [(each.value, _labelled(each)) for each in some]) for name, some in groups if some]
        choose_from(self, "maps_to", [("", _("Nowhere: it stays with the application")), *grouped])

    @classmethod
    def of(cls, question: ApplicationQuestion) -> QuestionForm:
        kept = {name: getattr(question, name) for name in ("words", "kind", "help", "is_required", "maps_to")}
        return cls(initial=kept | {"choices": "\n".join(question.choices)})

    @property
    def typed(self) -> dict[str, Any]:
        return self.cleaned_data | {"choices": self.cleaned_data["choices"].splitlines()}


def _labelled(target: questions.Target) -> str:
    return f"{target.label} ({questions.Kind(target.kind).label})"


# --- the public form ------------------------------------------------------------------------------------


class ApplyForm(OnceForm):
    """What everybody is asked, and the questions of the form. Sent too quickly, or from a page that stood
    open for more than a day, it is to be sent once more."""

    organisation = forms.CharField(max_length=200, label=gettext_lazy("Your firm"))
    website = questions.address(required=False, label=gettext_lazy("Its website"))
    person = forms.CharField(max_length=120, label=gettext_lazy("Your name"))
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("Your e-mail address"),
        help_text=gettext_lazy("We send a mail there, with an address where you confirm your application."),
    )

    def __init__(self, *args: Any, form: ApplicationForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(form.questions.all())
        for question in self.asked:
            self.fields[_name(question)] = questions.field(question)

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get(TRAP))

    @property
    def opened(self) -> str:
        """When the page was opened, sealed; anew where that is too long ago."""
        age = self._age()
        if age is not None and age <= OLDEST:
            return str(self.data["opened"])
        return OPENED.sign(clock.now().isoformat())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        age = self._age()
        if age is None or age > OLDEST:
            self.add_error(None, _("This page stood open for long. Look it over and send it once more."))
        elif age < QUICKEST:
            self.add_error(None, _("That was very quick. Please press the button once more."))
        return cleaned

    def _age(self) -> timedelta | None:
        """How long ago the page was opened; None where it does not say so itself."""
        try:
            opened = datetime.fromisoformat(OPENED.unsign(self.data.get("opened", "")))
        except (signing.BadSignature, ValueError):
            return None
        return clock.now() - opened

    @property
    def answers(self) -> dict[int, Any]:
        return {question.pk: self.cleaned_data[_name(question)] for question in self.asked}


def _name(question: ApplicationQuestion) -> str:
    return f"q{question.pk}"


class ContestForm(forms.Form):
    """Why the answer should be another one."""

    words = forms.CharField(
        label=gettext_lazy("Why should we decide otherwise?"),
        max_length=SAYS,
        widget=forms.Textarea({"rows": 5}),
    )


class AnswerForm(forms.Form):
    """Our answer, in words the applicant reads."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    sort = forms.ChoiceField(
        label=gettext_lazy("Keep the no under"),
        required=False,
        help_text=gettext_lazy("For us alone, to count."),
    )
    words = forms.CharField(
        required=False, max_length=SAYS, label=gettext_lazy("Reason"), widget=forms.Textarea({"rows": 10})
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, sorts: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_sorts(self, sorts)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        need_sort(self, cleaned.get("answer"))
        return cleaned
