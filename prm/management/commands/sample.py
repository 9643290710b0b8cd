"""`manage.py sample --partners N --messages M --seed S`: a deterministic sample company."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from prm import clock, samples


class Command(BaseCommand):
    help = "Fill an empty installation with a sample company: people, partners, two years of history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partners", type=int, default=60, help="how many partners (default 60)")
        parser.add_argument("--messages", type=int, default=24, help="messages per partner (default 24)")
        for name in ("deals", "tasks"):
            parser.add_argument(f"--{name}", type=int, default=0, help=f"about how many {name}")
        parser.add_argument(
            "--seed", type=int, default=7, help="the same seed makes the same history (default 7)"
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, quietly, where a company stands"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if apps.get_model("team", "Company").objects.exists():
            if options["if_empty"]:
                return
            raise CommandError(
                "A company is set up here already. The sample goes into an empty database only."
            )
        for name in ("partners", "messages", "deals", "tasks"):
            if options[name] < 0:
                raise CommandError(f"--{name} cannot be negative.")
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        sample = samples.Sample(
            options["partners"],
            options["messages"],
            options["seed"],
            at=hour,
            says=self.stdout.write,
            deals=options["deals"],
            tasks=options["tasks"],
        )
        self.stdout.write(f"A sample company with {sample.partners} partners:")
        with transaction.atomic():
            samples.run(sample)
        for line in sample.made.get("sign_in", []):
            self.stdout.write(line)
