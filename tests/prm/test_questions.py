"""Questions: put into SQL once, asked with other values, answered as the queryset answers."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations import messages
from conversations.models import Wait
from partners.models import Assignment, Contact, Partner
from prm.questions import Question, day, key, keys, moment, spread, totalled
from team.models import Company, User
from team.readers import Reader, reader
from tests.conftest import MONDAY

DAY = timedelta(days=1)


def test_it_answers_what_the_queryset_answers(northwind: Partner, contoso: Partner) -> None:
    one = Question(lambda: Partner.objects.filter(pk=key("partner")).select_related("owner"))
    (found,) = one.ask(partner=northwind.pk)
    assert (found, found.owner) == (northwind, northwind.owner)
    assert one.ask(partner=contoso.pk) == [contoso]
    assert one.ask(partner=0) == []
    under = Question(lambda: Partner.objects.filter(pk__lt=key("mark")).order_by("pk"))
    for beyond in (2**63, 10**30):
        assert one.ask(partner=beyond) == one.ask(partner=-beyond) == []
        assert under.ask(mark=beyond) == [northwind, contoso]


def test_an_address_with_a_number_beyond_all_ids_leads_nowhere(client: Client, alice: User) -> None:
    client.force_login(alice)
    for page in ("conversations", "partners"):
        assert client.get(f"/{page}/{2**63}/").status_code == 404


def test_it_is_built_once_and_asked_in_one_query(northwind: Partner) -> None:
    built = []

    def build() -> QuerySet[Partner]:
        built.append(1)
        return Partner.objects.filter(pk=key("partner"))

    question = Question(build)
    with CaptureQueriesContext(connection) as counted:
        assert question.ask(partner=northwind.pk) == question.ask(partner=northwind.pk)
    assert (len(built), len(counted)) == (1, 2)


def test_moments_and_days_are_given_as_the_database_keeps_them(northwind: Partner, nora: Contact) -> None:
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    due = Wait.objects.get().due_at
    before = Question(lambda: Wait.objects.filter(due_at__lt=moment("at")).values_list("pk", flat=True))
    assert before.ask(at=due) == []
    assert before.ask(at=due + timedelta(microseconds=1)) == [Wait.objects.get().pk]
    since = Question(lambda: Assignment.objects.filter(starts_on__gte=day("since")))
    assert len(since.ask(since=MONDAY.date())) == 1
    assert since.ask(since=(MONDAY + DAY).date()) == []


def test_totals_are_one_row_even_of_nothing(northwind: Partner, nora: Contact) -> None:
    late = Count("pk", filter=Q(due_at__lt=moment("at")))
    totals = Question(lambda: totalled(Wait.objects.filter(partner=key("partner")), n=Count("pk"), late=late))
    assert totals.ask(partner=northwind.pk, at=MONDAY) == [{"n": 0, "late": 0}]
    messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    assert totals.ask(partner=northwind.pk, at=MONDAY + 2 * DAY) == [{"n": 1, "late": 1}]


def test_each_thread_has_its_own(northwind: Partner) -> None:
    one = Question(lambda: Partner.objects.filter(pk=key("partner")))
    ours, theirs = one.compiled(()), []
    thread = Thread(target=lambda: (theirs.append(one.compiled(())), connection.close()))
    thread.start()
    thread.join()
    assert one.compiled(()) is ours
    assert theirs[0] is not None
    assert theirs[0] is not ours


def test_each_shape_has_its_own_sql(northwind: Partner, contoso: Partner) -> None:
    first = Question(lambda most: Partner.objects.order_by("pk")[:most])
    assert (len(first.ask(1)), len(first.ask(2)), len(first.ask(1))) == (1, 2, 1)


@pytest.mark.parametrize("reading", Company.Reading.values)
def test_a_reader_sees_what_its_person_sees(
    company: Company, northwind: Partner, contoso: Partner, alice: User, bob: User, reading: str
) -> None:
    Company.objects.update(reading=reading)
    seen = Question(lambda who: Partner.objects.visible_to(who).order_by("pk"))
    for person in (alice, bob):
        someone = User.objects.get(pk=person.pk)
        asked = seen.ask(reader(someone), reader=someone.pk)
        assert asked == list(Partner.objects.visible_to(someone).order_by("pk"))


def test_who_has_no_role_gets_no_rows_and_asks_nothing(northwind: Partner) -> None:
    seen = Question(lambda who: Partner.objects.visible_to(who))
    with CaptureQueriesContext(connection) as counted:
        assert seen.ask(Reader(True, frozenset(), False), reader=1) == []
    assert len(counted) == 0


def test_a_value_that_was_forgotten_is_an_error(northwind: Partner) -> None:
    with pytest.raises(KeyError):
        Question(lambda: Partner.objects.filter(pk=key("partner"))).ask()


def test_a_few_ids_are_asked_for_at_once(northwind: Partner, contoso: Partner) -> None:
    some = Question(lambda most: Partner.objects.filter(pk__in=keys("partner", most)).order_by("pk"))
    assert some.ask(5, **spread("partner", 5, [contoso.pk, northwind.pk])) == [northwind, contoso]
    assert some.ask(5, **spread("partner", 5, [])) == []
    with pytest.raises(ValueError, match="2 ids where 1 were expected"):
        spread("partner", 1, [1, 2])


@pytest.fixture
def one() -> Question[Partner]:
    return Question(lambda: Partner.objects.filter(pk=key("partner"), status="prospect"))


def how(one: Question[Partner], *asked: Partner) -> list[str]:
    """How each of these was asked for: the first word of the SQL."""
    with CaptureQueriesContext(connection) as counted:
        assert [one.ask(partner=partner.pk) for partner in asked] == [[partner] for partner in asked]
    return [query["sql"].split()[0] for query in counted.captured_queries]


@pytest.mark.postgres
def test_what_is_asked_again_is_planned_once(
    northwind: Partner, contoso: Partner, one: Question[Partner]
) -> None:
    assert how(one, northwind, contoso, northwind) == ["SELECT", "EXECUTE", "EXECUTE"]
    every = Question(lambda: Partner.objects.filter(status="prospect").order_by("pk"))
    assert [every.ask() for _ in range(3)] == [[northwind, contoso]] * 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_new_connection_knows_no_statement(northwind: Partner, one: Question[Partner]) -> None:
    assert how(one, northwind, northwind) == ["SELECT", "EXECUTE"]
    connection.close()
    assert how(one, northwind, northwind) == ["SELECT", "EXECUTE"]


@pytest.mark.postgres
def test_behind_a_pooler_there_is_none(
    northwind: Partner, one: Question[Partner], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert how(one, northwind, northwind, northwind) == ["SELECT"] * 3
