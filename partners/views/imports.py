"""Importing a list of partners: what is theirs of the pages by which lists come in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from partners.forms.imports import MappingForm
from partners.importing import PartnerImporter, planning
from partners.models import Partner
from partners.views.import_pages import ImportPages, Words
from prm.models import ImportRow
from team.models import User


def _found(user: User, pks: set[int]) -> Mapping[int, Partner]:
    return Partner.objects.visible_to(user).in_bulk(pks)


def _said(row: ImportRow) -> str:
    """What a row brings where it is new, else what it changes."""
    if row.outcome == ImportRow.Outcome.NEW:
        return planning.facts_in_words(row.facts)
    return planning.changes_in_words(row.changes)


PARTNERS = ImportPages(
    noun="partners",
    app="partners",
    at="partners/import",
    action=PartnerImporter.action,
    list_name="partners:list",
    newest="?sort=-added",
    words=Words(
        title=_("Import partners"),
        found_by=_(
            "Partners that stand already are found by their id in another system, their domain, or their "
            "name and country."
        ),
        things=_("Partners"),
        thing=_("Partner"),
        see=_("See the partners"),
    ),
    form=MappingForm,
    found=_found,
    said=_said,
)
