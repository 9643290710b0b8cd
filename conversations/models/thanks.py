"""The table of phrases that say thanks."""

from team.models import Named


class Thanks(Named):
    """A phrase of a message that only says thanks: "many thanks", "vielen Dank"."""

    class Meta(Named.Meta):
        verbose_name_plural = "thanks"
