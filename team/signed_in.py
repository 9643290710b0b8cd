"""Whoever a session belongs to, with all that every page asks of them, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from prm import standstill
from prm.counting import Counted
from prm.questions import Question, key
from team import badges
from team.models import MOST_COUNTED, Company, Notice, User

OF_THE_COMPANY = ["id", "name", "zone", "reading", "fiscal_month", "figures"]


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        person = _person(user_id)
        return person if person is not None and self.user_can_authenticate(person) else None


def _people() -> QuerySet[User]:
    """The person once for each of its roles, with the unread notices that need it, what else is counted for
    it, when the last sweep ended, the company."""
    company = Company.objects.all()
    unread = Notice.objects.filter(person=OuterRef("pk")).ringing().values("pk")[:MOST_COUNTED]
    people: Any = User.objects.filter(pk=key("pk")).order_by()
    rows: QuerySet[User] = people.annotate(
        role=F("grants__role"),
        unread=Counted(unread),
        **{name: Counted(rows) for name, rows in badges.asked(OuterRef("pk")).items()},
        **{f"company_{name}": Subquery(company.values(name)[:1]) for name in OF_THE_COMPANY},
        swept_at=Coalesce(Subquery(standstill.last_sweep()[:1]), Subquery(company.values("set_up_at")[:1])),
    )
    return rows


PERSON = Question(_people)


def _person(pk: Any) -> User | None:
    rows: list[Any] = PERSON.ask(pk=pk)
    if not rows:
        return None
    person: User = rows[0]
    person.roles = frozenset(row.role for row in rows if row.role)
    told = [getattr(rows[0], f"company_{name}") for name in OF_THE_COMPANY]
    person.company = Company.from_db("default", OF_THE_COMPANY, told) if told[0] else None
    return person
