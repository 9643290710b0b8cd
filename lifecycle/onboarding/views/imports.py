"""Importing a list of results: what is theirs of the pages by which lists come in."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lifecycle.onboarding.learning.importing import ResultImporter, columns, planning
from lifecycle.onboarding.learning.importing.lists import ResultLists
from lifecycle.onboarding.learning.models import Certificate
from partners.forms.imports import ColumnsForm
from partners.views.import_pages import ImportPages, Words
from team.models import User


class ResultColumnsForm(ColumnsForm):
    """What the columns of a list of results mean."""

    FIELDS, LISTED, NEEDED = columns.FIELDS, columns.LISTED, columns.NEEDED
    REST = ("dates",)
    LISTS = ResultLists


def _found(user: User, pks: set[int]) -> Mapping[int, Certificate]:
    return Certificate.objects.visible_to(user).select_related("course").in_bulk(pks)


RESULTS = ImportPages(
    noun="results",
    app="lifecycle",
    at="certificates/import",
    prefix="results_",
    action=ResultImporter.action,
    list_name="lifecycle:certificates",
    newest="?",
    words=Words(
        title=_("Import results of training"),
        found_by=_("The same person, course and day are the same result. Passed, it gives a certificate."),
        things=_("Results"),
        thing=_("Person or certificate"),
        see=_("See the certificates"),
    ),
    form=ResultColumnsForm,
    found=_found,
    said=planning.facts_in_words,
)
