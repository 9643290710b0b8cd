from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.utils.module_loading import autodiscover_modules


class PrmConfig(AppConfig):
    """Kernel and wiring."""

    name = "prm"

    def ready(self) -> None:
        from prm import clock, safety

        connection_created.connect(clock.measure, dispatch_uid="prm.clock")
        checks.register(safety.check_sample, checks.Tags.database)


class WiringConfig(AppConfig):
    """Stands last in INSTALLED_APPS: every app is ready, so each may register what it does."""

    name = "prm.wires"
    label = "wires"

    def ready(self) -> None:
        autodiscover_modules("wiring")
