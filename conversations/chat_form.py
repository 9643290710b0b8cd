"""A pasted chat: its text, the day of times without one, who is who in it, and what was changed by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property

from conversations import chat_rows, chats
from conversations.chat_rows import Row
from conversations.pasting import Said
from partners.models import Contact, Partner
from partners.organisations import local_day
from prm.forms import DayField, OnceForm
from prm.search import fold
from team.models import User

MOST_AUTHORS = 20
US, OUT = "us", "out"


class ChatForm(OnceForm):
    """What was pasted. Each who writes in it is asked for once, as `who_0`, `who_1`, in their order."""

    text = forms.CharField(
        label="The chat",
        max_length=chats.LONGEST,
        strip=False,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        help_text="Copied from WhatsApp, Teams or Slack. A line without a time belongs to the one before it.",
        error_messages={"required": "Paste the chat first."},
    )
    on = DayField(
        label="Day of times without one", required=False, help_text="Empty: today, or the day before them."
    )

    def __init__(self, data: QueryDict | None = None, *, partner: Partner, by: User, at: datetime) -> None:
        typed = data.copy() if data is not None else None
        super().__init__(typed)
        self.by, self.at = by, at
        self.contacts = {
            str(contact.pk): contact for contact in Contact.objects.current().filter(partner=partner)[:500]
        }
        if typed is not None:
            self._ask_who(typed)
            self._open_rows(typed)

    @cached_property
    def chat(self) -> chats.Chat:
        """What is read of the text as it stands."""
        try:
            on = self.fields["on"].clean(self.data.get("on") or "")
        except forms.ValidationError:
            on = None
        today = local_day(self.at, self.by.zone)
        return chats.read(str(self.data.get("text") or "").replace("\0", ""), today, on)

    def _ask_who(self, typed: QueryDict) -> None:
        """A field for each who writes; one that was chosen for another name is guessed anew."""
        choices = [*self._choices, (OUT, "Leave out")]
        for n, author in enumerate(self.chat.authors[:MOST_AUTHORS]):
            self.fields[f"who_{n}"] = forms.ChoiceField(
                label=author,
                choices=choices,
                initial=self._guess(author),
                required="save" in typed,
                error_messages={"required": f"Say who {author} is."},
            )
            if not typed.get(f"who_{n}") or typed.get(f"as_{n}") != author:
                typed[f"who_{n}"] = self._guess(author)

    @property
    def _choices(self) -> list[tuple[str, str]]:
        people = [(pk, str(contact)) for pk, contact in self.contacts.items()]
        return [("", "Choose"), (US, "One of us"), *people]

    def _open_rows(self, typed: QueryDict) -> None:
        """Fields of their own for the messages that are changed by hand."""
        for line in self.chat.lines:
            chat_rows.prepare(typed, line, self._who(line.author))
            if f"at_{line.number}" in typed:
                self.fields |= chat_rows.fields_of(line, self._choices)

    @cached_property
    def _our_names(self) -> set[str]:
        return {fold(str(each)) for each in User.objects.current()}

    def _guess(self, author: str) -> str:
        """Who it is by the name, else the only contact there is; "" where that is open."""
        name = fold(author)
        if name in {fold(self.by.given_name), *self._our_names}:
            return US
        called = [pk for pk, contact in self.contacts.items() if name and name in fold(contact.name)]
        if len(called) == 1:
            return called[0]
        return next(iter(self.contacts)) if len(self.contacts) == 1 and not called else ""

    @property
    def people(self) -> list[tuple[str, forms.BoundField]]:
        """Each author with the field that asks who it is."""
        return [(author, self[f"who_{n}"]) for n, author in enumerate(self.chat.authors[:MOST_AUTHORS])]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "text" not in self.errors and not self.chat.lines:
            self.add_error("text", "No line of it begins with a time. Copy the messages with their times.")
        if len(self.chat.authors) > MOST_AUTHORS:
            self.add_error("text", f"More than {MOST_AUTHORS} people write in it. Paste less at once.")
        return cleaned

    def _who(self, author: str) -> str:
        n = self.chat.authors.index(author)
        return str(self.data.get(f"who_{n}") or "") if n < MOST_AUTHORS else ""

    @property
    def rows(self) -> list[Row]:
        """Each message as it will be kept."""
        return [self._row(line) for line in self.chat.lines]

    def _row(self, line: chats.Line) -> Row:
        n, at = line.number, line.at.replace(tzinfo=ZoneInfo(self.by.zone))
        if f"drop_{n}" in self.data:
            return Row(line, at, OUT, None, line.text, is_dropped=True)
        if f"at_{n}" not in self.fields:
            who = self._who(line.author)
            return Row(line, at, self._side(who), self.contacts.get(who), line.text)
        who, changed = str(self.data.get(f"from_{n}") or ""), getattr(self, "cleaned_data", {})
        fields = tuple(self[f"{part}_{n}"] for part in ("at", "from", "text"))
        at, text = changed.get(f"at_{n}", at), changed.get(f"text_{n}", line.text)
        return Row(line, at, self._side(who), self.contacts.get(who), text, fields)

    def _side(self, who: str) -> str:
        return who if who in {US, OUT, ""} else "them"

    @property
    def said(self) -> list[Said]:
        """The messages to keep."""
        kept = [row for row in self.rows if row.who in {US, "them"}]
        return [Said(row.line.number, row.at, row.text, row.contact) for row in kept]
