"""Questions asked in one query answer what they answer alone."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from conversations import messages
from conversations.models import Message, Wait
from partners import fits, organisations
from partners.models import Contact, Event, Fit, FitLine, Partner
from prm.questions import Asked, Question, key, moment, totalled
from prm.together import together
from team.models import User
from team.readers import Reader
from tests.conftest import MONDAY
from tests.partners.test_fits import SIZE, SKILL, publish

HOUR = timedelta(hours=1)
PARTNER = Question(lambda: Partner.objects.filter(pk=key("partner")).select_related("owner", "kind"))
TALK = Question(
    lambda: (
        Message.objects.filter(partner=key("partner"), occurred_at__lte=moment("at"))
        .select_related("conversation", "contact")
        .only("occurred_at", "subject", "is_automatic", "conversation__subject", "contact__name")
        .order_by("-occurred_at", "-pk")[:2]
    )
)
OPEN = Question(lambda: totalled(Wait.objects.filter(partner=key("partner")), n=Count("pk")))
TOLD = Question(lambda: Event.objects.filter(partner=key("partner")).values_list("kind", "changes", "at"))


@pytest.fixture
def busy(northwind: Partner, nora: Contact) -> Partner:
    """A partner that wrote five times."""
    for n in range(5):
        messages.receive(
            northwind,
            "email",
            "“When?” \\ {1}",
            at=MONDAY + n * HOUR,
            contact=nora,
            subject=f"No {n} of 100 %",
        )
    return northwind


def whole(rows: list[Any]) -> list[Any]:
    """Rows with all that was read of them."""
    return [_fields(row) if hasattr(row, "_meta") else row for row in rows]


def _fields(row: Any) -> dict[str, Any]:
    related = {name: _fields(one) if one else None for name, one in row._state.fields_cache.items()}
    return {name: value for name, value in vars(row).items() if name != "_state"} | related


def alone_and_together(*asked: Asked[Any]) -> list[Any]:
    """What each answers, the same both ways; together in one query."""
    alone = [whole(each.ask()) for each in asked]
    with CaptureQueriesContext(connection) as counted, together(asked):
        found = [whole(each.ask()) for each in asked]
    assert len(counted) == 1
    assert found == alone
    return found


def test_it_is_what_each_answers_alone(busy: Partner, contoso: Partner) -> None:
    for n in range(3):  # asked for the first time, prepared, and asked again
        partner, talk, _open, _told, nobody = alone_and_together(
            PARTNER.of(partner=busy.pk),
            TALK.of(partner=busy.pk, at=MONDAY + (n + 2) * HOUR),
            OPEN.of(partner=busy.pk),
            TOLD.of(partner=busy.pk),
            TALK.of(partner=contoso.pk, at=MONDAY),
        )
        assert partner[0]["owner"]["id"] == busy.owner_id
        assert [row["subject"] for row in talk] == [f"No {n + 2} of 100 %", f"No {n + 1} of 100 %"]
        assert nobody == []


def test_numbers_keep_their_digits(ravi: User) -> None:
    publish(ravi, SIZE, SKILL)
    partner = organisations.add("Northwind", by=ravi, at=MONDAY, employees=37)
    fits.refresh(partner, at=MONDAY)
    third = Cast(Value(1), FloatField()) / Value(3.0)
    scores = Question(lambda: Fit.objects.filter(partner=key("partner")).annotate(third=third))
    lines = Question(lambda: FitLine.objects.filter(fit__partner=key("partner")).order_by("pk"))
    (fit,), (size, skill) = alone_and_together(scores.of(partner=partner.pk), lines.of(partner=partner.pk))
    assert (fit["score"], fit["third"]) == (Decimal("37.0"), 1 / 3)
    assert (size["answer"], size["points"]) == (37, 0.37)
    assert (skill["answer"], skill["points"]) == (None, None)


def test_rows_of_a_union_and_spans_of_time(busy: Partner) -> None:
    def both() -> QuerySet[Wait, Any]:
        mine = Wait.objects.filter(partner=key("partner"))
        late, early = (mine.filter(which).order_by() for which in (Q(due_at__gt=MONDAY), Q(due_at=None)))
        return late.values_list("pk", "due_at").union(early.values_list("pk", "due_at"), all=True)

    lasting = Question(
        lambda: Wait.objects.filter(partner=key("partner")).annotate(span=F("due_at") - F("opened_at"))
    )
    (rows, _spans) = alone_and_together(Question(both).of(partner=busy.pk), lasting.of(partner=busy.pk))
    assert len(rows) == 5


def test_what_is_not_among_them_is_asked_as_ever(busy: Partner, contoso: Partner) -> None:
    with together([PARTNER.of(partner=busy.pk)]), CaptureQueriesContext(connection) as counted:
        assert PARTNER.ask(partner=contoso.pk) == [contoso]
    assert len(counted) == 1
    with CaptureQueriesContext(connection) as counted:
        assert PARTNER.ask(partner=busy.pk) == [busy]
    assert len(counted) == 1


def test_a_block_within_another_asks_only_what_is_new(busy: Partner, contoso: Partner) -> None:
    asked, more = PARTNER.of(partner=busy.pk), PARTNER.of(partner=contoso.pk)
    with CaptureQueriesContext(connection) as counted, together([asked]):
        with together([asked]):
            assert asked.ask() == [busy]
        with together([asked, more]):
            assert [*asked.ask(), *more.ask()] == [busy, contoso]
    assert len(counted) == 2


def test_who_may_see_nothing_costs_nothing(northwind: Partner) -> None:
    seen: Question[Partner] = Question(lambda who: Partner.objects.visible_to(who))
    nobody = Reader(True, frozenset(), False)
    with CaptureQueriesContext(connection) as counted, together([seen.of(nobody, reader=1)]):
        assert seen.ask(nobody, reader=1) == []
    assert len(counted) == 0


def test_what_was_answered_cannot_be_spoilt(busy: Partner) -> None:
    with together([PARTNER.of(partner=busy.pk)]):
        PARTNER.ask(partner=busy.pk).clear()
        assert PARTNER.ask(partner=busy.pk) == [busy]
