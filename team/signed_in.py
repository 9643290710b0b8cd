"""Whoever a session belongs to, with all that every page asks of them, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from prm import standstill
from team import badges
from team.models import MOST_COUNTED, Company, Notice, User

OF_THE_COMPANY = ["id", "name", "zone", "reading", "fiscal_month", "figures"]


class Counted(Subquery):
    """How many rows a query gives."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        person = _person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


def _person(pk: Any) -> User | None:
    """The person with its roles, the unread notices that need it, what else is counted for it, when the last
    sweep ended, the company."""
    company = Company.objects.all()
    unread = Notice.objects.filter(person=OuterRef("pk")).ringing().values("pk")[:MOST_COUNTED]
    people: Any = User.objects.filter(pk=pk).order_by()
    rows = list(
        people.annotate(
            role=F("grants__role"),
            unread=Counted(unread),
            **{name: Counted(rows) for name, rows in badges.asked(OuterRef("pk")).items()},
            **{f"company_{name}": Subquery(company.values(name)[:1]) for name in OF_THE_COMPANY},
            swept_at=Coalesce(
                Subquery(standstill.last_sweep()[:1]), Subquery(company.values("set_up_at")[:1])
            ),
        )
    )
    if not rows:
        return None
    person = rows[0]
    person.roles = frozenset(row.role for row in rows if row.role)
    told = [getattr(person, f"company_{name}") for name in OF_THE_COMPANY]
    person.company = Company.from_db("default", OF_THE_COMPANY, told) if told[0] else None
    return person
