"""Import a list of results of training from a CSV or XLSX file."""

from lifecycle.onboarding.learning.importing import ResultImporter, columns
from lifecycle.onboarding.learning.importing.lists import ResultLists
from partners.importing import saying
from partners.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import results of training from a CSV or XLSX file: what is new goes in whole or not at all. "
        "Nothing goes in when a row is rejected, unless --skip-rejected. "
        "The exit status is 0 only if all asked for went in."
    )
    noun, action = ResultImporter.noun, ResultImporter.action
    words = saying.Words(columns.FIELDS, columns.LISTED, ResultLists)
