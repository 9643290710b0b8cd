"""Calendars that took holidays before they followed by themselves: the history says of which places."""

import re

from django.db import migrations
from django.utils import timezone

TAKEN = re.compile(r"^\d+ holidays of ([A-Z]{2})(?: (\S+))?$")


def fill(apps, schema_editor):
    """What is in the calendar stays; the next sweep lets the years after its last day follow."""
    Calendar = apps.get_model("team", "Calendar")
    HolidaySource = apps.get_model("team", "HolidaySource")
    for calendar in Calendar.objects.all():
        last = calendar.days.order_by("-on").values_list("on", flat=True).first()
        said = calendar.versions.values_list("what", flat=True)
        places = {match.groups(default="") for what in said if (match := TAKEN.match(what))}
        for country, subdivision in sorted(places) if last else ():
            HolidaySource.objects.create(
                calendar=calendar,
                country=country,
                subdivision=subdivision,
                through=last.year,
                next_check_at=timezone.now(),
            )


class Migration(migrations.Migration):
    dependencies = [
        ("team", "0142_keep_where_holidays_come_from"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
