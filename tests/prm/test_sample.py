"""The sample company: deterministic, true to every constraint, refused where a company stands."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from conversations.models import Message, Wait
from lifecycle.models import Deal, Task
from partners.models import Event, Partner, Visit
from prm import clock
from team.models import Company, User
from tests.conftest import MONDAY


def filled(**options: int) -> list[tuple[object, ...]]:
    with clock.fixed(MONDAY):
        call_command("sample", stdout=StringIO(), **options)
    columns = (
        "name",
        "stage",
        "step",
        "status",
        "stage_since",
        "owner__email",
        "tier__name",
        "score",
        "verdict",
    )
    return list(Partner.objects.order_by("name").values_list(*columns))


@pytest.mark.django_db
def test_it_has_as_many_partners_and_messages_as_asked() -> None:
    assert len(filled(partners=12, messages=9)) == 12
    assert Message.objects.count() == 12 * 9


@pytest.mark.django_db
def test_it_has_about_as_many_deals_and_tasks_as_asked() -> None:
    filled(partners=40, messages=0, deals=60, tasks=900)
    assert 20 < Deal.objects.count() < 120
    assert Task.objects.count() >= 900


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_makes_the_same_history() -> None:
    first = filled(partners=15, messages=6, seed=3)
    call_command("flush", interactive=False, verbosity=0)
    assert filled(partners=15, messages=6, seed=3) == first


@pytest.mark.django_db
def test_no_clock_lies() -> None:
    filled(partners=60, messages=12)
    assert not Wait.objects.filter(state=Wait.State.MET, answered_at__gt=F("due_at")).exists()
    assert not Wait.objects.open().filter(opened_at__gt=MONDAY).exists()
    assert Wait.objects.open().exists()
    late = Wait.objects.open().filter(due_at__lt=MONDAY)
    assert set(late.values_list("state", flat=True)) <= {Wait.State.LATE}
    assert not Message.objects.filter(occurred_at__gt=MONDAY).exists()


@pytest.mark.django_db
def test_somebody_only_says_thanks_and_one_conversation_was_taken_back() -> None:
    filled(partners=40, messages=6)
    thanked = Wait.objects.open().filter(opened_by__is_thanks=True)
    assert thanked.exists()
    assert all(wait.only_thanks for wait in thanked)
    assert Event.objects.get(kind="conversation_taken_back").by_user == User.objects.get(name="Maya Okafor")
    assert not Message.objects.exclude(erased_at=None).exclude(body="").exists()


@pytest.mark.django_db
def test_each_partner_on_the_road_has_one_open_visit() -> None:
    filled(partners=60, messages=0)
    on_the_road = Partner.objects.exclude(status__in=["declined", "ended"])
    assert Visit.objects.filter(left_at=None).count() == on_the_road.count()
    agreeing = Visit.objects.filter(
        left_at=None, stage=F("partner__stage"), entered_at=F("partner__stage_since")
    )
    assert agreeing.count() == on_the_road.count()


def test_it_is_refused_where_a_company_stands(company: Company) -> None:
    with pytest.raises(CommandError, match="empty database only"):
        call_command("sample", partners=1, stdout=StringIO())
    call_command("sample", partners=1, if_empty=True, stdout=StringIO())
    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_says_how_to_sign_in() -> None:
    said = StringIO()
    call_command("sample", partners=1, messages=1, stdout=said)
    assert "maya@aldermoor.example" in said.getvalue()
    assert "password" in said.getvalue()
