"""Importing a list of deals: what is theirs of the pages by which lists come in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lifecycle.growth.importing import DealImporter, columns, planning
from lifecycle.growth.importing.lists import DealLists
from lifecycle.growth.models import Deal
from partners.forms.imports import ColumnsForm
from partners.views.import_pages import ImportPages, Words
from prm import money
from prm.models import ImportRow
from team.models import User


class DealColumnsForm(ColumnsForm):
    """What the columns of a list of deals mean."""

    FIELDS, LISTED, NEEDED = columns.FIELDS, columns.LISTED, columns.NEEDED
    REST = ("currency", "dates")
    LISTS = DealLists

    currency = money.CurrencyField(label=_("Amounts without a currency are in"))


def _found(user: User, pks: set[int]) -> Mapping[int, Deal]:
    return Deal.objects.visible_to(user).in_bulk(pks)


def _said(row: ImportRow) -> str:
    """What a row brings where it is new, else what it changes."""
    if row.outcome == ImportRow.Outcome.NEW:
        return planning.facts_in_words(row.facts)
    return planning.changes_in_words(row.changes)


DEALS = ImportPages(
    noun="deals",
    app="lifecycle",
    at="deals/import",
    prefix="deals_",
    action=DealImporter.action,
    list_name="lifecycle:deals",
    newest="?state=open",
    words=Words(
        title=_("Import deals"),
        found_by=_("A deal that stands already is found by its id in the other system."),
        things=_("Deals"),
        thing=_("Deal"),
        see=_("See the deals"),
    ),
    form=DealColumnsForm,
    found=_found,
    said=_said,
)
