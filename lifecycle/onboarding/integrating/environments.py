"""Environments of an integration: where it runs or is tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lifecycle.models import Environment, Integration
from lifecycle.onboarding.integrating import integrations, secrecy
from lifecycle.onboarding.integrating.integrations import IntegrationRefused
from partners.models import Event
from prm import references
from team.models import User

MOST = 30  # of one integration


@transaction.atomic
def keep(
    integration: Integration,
    environment: Environment | None,
    facts: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Environment:
    """Write an environment, a new one without `environment`. What looks like a secret is refused."""
    held = integrations.standing(integration)
    if environment is None and held.environments.count() >= MOST:
        raise IntegrationRefused(_("An integration has {n} environments at most.").format(n=MOST))
    kept = environment or Environment(integration=held)
    for name, value in facts.items():
        setattr(kept, name, value)
    secrecy.keep_out(name=kept.name, address=kept.address, note=kept.note)
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError as error:
        said = _("Name: there is an environment “{name}” already.")
        raise IntegrationRefused(said.format(name=kept.name)) from error
    note = f"{held}, {kept} ({str(kept.get_state_display()).lower()})"
    Event.record("integration_environment", at, by, held.partner, references.to(held), note=note)
    return kept
