"""What people type into a reply template."""

from __future__ import annotations

from typing import Any

from django import forms

from conversations import filling, reply_templates
from conversations.models import ReplyTemplate

FIELDS = ", ".join(f"{{{name}}}" for name in filling.FIELDS)


class TemplateForm(forms.Form):
    name = forms.CharField(max_length=80, strip=True)
    language = forms.ChoiceField(choices=ReplyTemplate.Language)
    text = forms.CharField(
        max_length=reply_templates.LONGEST,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=f"Fields are filled in for you: {FIELDS}. What the writer has to fill in stands between "
        "double brackets: [[what the partner can do]]. Nothing is sent while one is left.",
    )

    @classmethod
    def of(cls, template: ReplyTemplate) -> TemplateForm:
        """With what stands there."""
        return cls(initial={"name": template.name, "language": template.language, "text": template.text})

    @property
    def typed(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "language", "text")}
