"""Import a list of deals from a CSV or XLSX file."""

from lifecycle.growth.importing import DealImporter, columns
from lifecycle.growth.importing.lists import DealLists
from partners.importing import saying
from partners.management.importing import ImportCommand


class Command(ImportCommand):
    help = (
        "Import deals from a CSV or XLSX file: what is new or changed goes in whole or not at all. "
        "Nothing goes in when a row is rejected, unless --skip-rejected. "
        "The exit status is 0 only if all asked for went in."
    )
    noun, action = DealImporter.noun, DealImporter.action
    words = saying.Words(columns.FIELDS, columns.LISTED, DealLists)
