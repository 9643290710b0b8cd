"""The mail that tells the admins that the workers stand still."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from prm import outbox, standstill
from prm.models import OutboxItem
from prm.outbox import Mail
from team.models import Company, Role, User


def compose(item: OutboxItem) -> Mail:
    """One mail to all admins, in the company's zone."""
    admins = User.objects.current().filter(grants__role=Role.ADMIN).order_by("pk")
    company = Company.objects.get()
    context = {
        "company": company,
        "since": datetime.fromisoformat(item.about["since"]),
        "zone": company.zone,
        "base_url": settings.BASE_URL,
    }
    with timezone.override(ZoneInfo(company.zone)):
        return Mail(
            to=list(admins.values_list("email", flat=True)),
            subject=render_to_string("emails/standstill.subject.txt", context).strip(),
            body=render_to_string("emails/standstill.txt", context).strip() + "\n",
            headers={outbox.GENERATOR: standstill.MAIL, "Auto-Submitted": "auto-generated"},
        )
