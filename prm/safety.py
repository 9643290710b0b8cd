"""What only a look into the database can tell: whether the sample company's sign-ins are in it."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

WORDS = "The sample company is in this database, and everybody can read how to sign in to it."
WAY_OUT = "Point DATABASE_URL at an empty database, and set up your own company there."


def holds_sample() -> bool:
    """Whether the database holds the sample company; False while it has no tables yet."""
    company = apps.get_model("team", "Company")
    if company._meta.db_table not in connection.introspection.table_names():
        return False
    return bool(company._default_manager.filter(is_sample=True).exists())


def check_sample(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """A check of the database, so that `migrate` and `check --database default` refuse, too."""
    if settings.PRODUCTION and "default" in (databases or ()) and holds_sample():
        return [checks.Error(WORDS, hint=WAY_OUT, id="prm.E001")]
    return []


def refuse_sample() -> None:
    """Raise ImproperlyConfigured, with the way out, where the sample company is."""
    if holds_sample():
        raise ImproperlyConfigured(f"{WORDS} {WAY_OUT}")
    connection.close()
