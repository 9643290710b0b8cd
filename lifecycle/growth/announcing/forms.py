"""What is typed about announcements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lifecycle import markdown
from lifecycle.growth.announcing import audience
from lifecycle.growth.announcing.models import Announcement
from lifecycle.growth.announcing.writing import Outline, reaches_all
from partners.forms.fields import NameField
from partners.models import Contact, PartnerType, Programme, Tier
from prm.forms import ManyField, OnceForm
from team.models import Region, User, Vertical

LONGEST = 20_000
MANY = forms.CheckboxSelectMultiple


class TiersField(ManyField):
    """Tiers by the programmes they are of."""

    def label_from_instance(self, tier: Tier) -> str:
        return audience.in_full(tier)


class AnnouncementForm(OnceForm):
    """What is announced, for whom."""

    title = NameField(label=_("Title"), max_length=150)
    kind = forms.ChoiceField(label=_("What it is about"), choices=Announcement.Kind.choices)
    body = forms.CharField(
        label=_("Words"), max_length=LONGEST, widget=forms.Textarea({"rows": 10}), help_text=markdown.HELP
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, picture, office file or text; 10 MB. Partners find it in the portal."),
    )
    drops_file = forms.BooleanField(label=_("No file any more"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("For people of these roles"),
        choices=Contact.Role.choices,
        required=False,
        widget=MANY,
        help_text=_("None ticked: everybody there."),
    )
    mine = forms.BooleanField(label=_("Only partners I look after"), required=False)
    types = ManyField(
        PartnerType.objects.filter(retired_at=None), label=_("Partner types"), required=False, widget=MANY
    )
    programmes = ManyField(
        Programme.objects.filter(retired_at=None), label=_("Programmes"), required=False, widget=MANY
    )
    tiers = TiersField(
        Tier.objects.filter(retired_at=None).select_related("programme"),
        label=_("Tiers"),
        required=False,
        widget=MANY,
    )
    regions = ManyField(
        Region.objects.filter(retired_at=None), label=_("Regions"), required=False, widget=MANY
    )
    verticals = ManyField(
        Vertical.objects.filter(retired_at=None), label=_("Verticals"), required=False, widget=MANY
    )
    stages = forms.MultipleChoiceField(
        label=_("Stages"),
        choices=[(stage.value, stage.label) for stage in audience.STAGES],
        required=False,
        widget=MANY,
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if not reaches_all(by, {}):
            self.fields["mine"].initial = True
            self.fields["mine"].help_text = _(
                "Others you may announce to only within the reach of your roles."
            )

    @property
    def narrows(self) -> bool:
        """Whether it names some partners, or something is wrong with those."""
        return any(self[name].value() or self[name].errors for name in (*audience.NAMED, "stages"))

    def outline(self, draft: Announcement | None, corrects: Announcement | None) -> Outline:
        """What was typed, for the verb. A draft for one person's partners stays so."""
        typed = self.cleaned_data
        whose = (draft.who.get("of") if draft else None) or self.by.pk
        who: dict[str, Any] = {name: [each.pk for each in typed[name]] for name in audience.NAMED}
        who |= {"stages": typed["stages"], "of": whose if typed["mine"] else None}
        words = (typed["title"], typed["body"], typed["kind"])
        return Outline(*words, typed["roles"], who, corrects, typed["file"], typed["drops_file"])


def initial(announcement: Announcement) -> dict[str, Any]:
    """What stands in the form of a draft, or of a correction."""
    who = announcement.who
    return {
        "title": announcement.title,
        "kind": announcement.kind,
        "body": announcement.body,
        "roles": announcement.roles,
        "mine": bool(who.get("of")),
        "stages": who.get("stages", []),
        **{name: who.get(name, []) for name in audience.NAMED},
    }
