"""Today: who waits for me, answered in place."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from conversations import commitments, messages
from conversations.commitments import Promise
from conversations.models import Commitment, Message, Wait
from lifecycle import tasks
from partners import assignments, organisations
from partners.models import Contact, Partner, Stage
from prm import clock, sweeper
from team.models import Company, Grant, Leave, Role, User
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def asked(northwind: Partner, nora: Contact) -> Wait:
    """Nora asked on Monday at nine."""
    messages.receive(northwind, "email", "Can we move the date?", at=MONDAY, contact=nora, subject="The date")
    return Wait.objects.get()


def test_who_waits_stands_first_with_its_clock(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY + 3 * HOUR):
        page = client.get("/").content.decode()
    assert "Northwind" in page
    assert "21 h left" in page
    assert "Nora" in page


def test_a_reply_in_place_closes_the_wait(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        opened = client.get(reverse("dashboards:today"), {"reply": asked.pk})
        assert b"Can we move the date?" in opened.content
        assert b"without a promise the clock runs on" in opened.content
        answer = client.post(reverse("dashboards:answer", args=[asked.pk]), {"body": "Yes, it works."})
    assert answer.status_code == 303
    asked.refresh_from_db()
    assert asked.state == Wait.State.MET
    assert asked.answered_by == alice


def test_how_much_one_looks_after_is_seen_where_the_company_lets_figures_be_seen(
    client: Client, alice: User, asked: Wait, company: Company
) -> None:
    client.force_login(alice)
    assert "1 partner in your care" in client.get("/").text
    Company.objects.update(figures=Company.Figures.NOBODY)
    assert "in your care" not in client.get("/").text


def test_a_promise_made_in_a_reply_stands_below_at_once(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    typed = {"body": "Yes.", "promise": "Send the dates", "promised_for": (MONDAY + 24 * HOUR).date()}
    with clock.fixed(MONDAY + HOUR):
        answer = client.post(
            reverse("dashboards:answer", args=[asked.pk]), typed, headers={"HX-Request": "true"}
        )
        promises = answer.content.decode().partition('id="promised" hx-swap-oob="true"')[2]
        assert "Send the dates" in promises
        assert 'name="next" value="/?queue=mine"' in promises
        assert "hx-swap-oob" not in client.get("/").content.decode().partition('id="promised"')[2][:60]


def test_a_reply_in_place_is_taken_without_script(alice: User, asked: Wait) -> None:
    """The form itself carries the token: without script no header brings it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        page = client.get(reverse("dashboards:today"), {"reply": asked.pk}).content.decode()
        form = page[page.index(reverse("dashboards:answer", args=[asked.pk])) :].partition("</form>")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token
        typed = {"body": "Yes, it works.", "csrfmiddlewaretoken": token[1]}
        answer = client.post(reverse("dashboards:answer", args=[asked.pk]), typed)
    assert answer.status_code == 303


def test_a_double_press_sends_once(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    typed = {"body": "Yes.", "once": "0d0e9a5e-4b4e-4a39-9b55-6b0f1a6a0c01"}
    with clock.fixed(MONDAY + HOUR):
        for _ in range(2):
            client.post(reverse("dashboards:answer", args=[asked.pk]), typed)
    assert Message.objects.filter(direction="out").count() == 1


def test_what_was_typed_stays_on_an_error(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    typed = {"body": "I send it on Friday.", "promise": "Send the pack", "promised_for": ""}
    answer = client.post(reverse("dashboards:answer", args=[asked.pk]), typed)
    assert answer.status_code == 422
    assert b"I send it on Friday." in answer.content
    assert b"say by when" in answer.content


def test_htmx_gets_the_queue_alone(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    answer = client.get("/", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b'id="queue"' in answer.content


def test_a_stranger_finds_no_wait(client: Client, company: object, asked: Wait) -> None:
    stranger = User.objects.create_user("strange@acme.example", "a long enough phrase", name="No Role")
    client.force_login(stranger)
    assert client.post(reverse("dashboards:answer", args=[asked.pk]), {"body": "x"}).status_code == 404


def test_a_get_answers_nothing(client: Client, alice: User, asked: Wait) -> None:
    client.force_login(alice)
    assert client.get(reverse("dashboards:answer", args=[asked.pk])).status_code == 405


def test_a_colleague_finds_it_under_team(client: Client, bob: User, asked: Wait) -> None:
    client.force_login(bob)
    assert b"Can we move" not in client.get("/").content
    assert b"Northwind" in client.get("/", {"queue": "team"}).content


def test_the_delegate_covers_while_the_leave_runs(
    client: Client, alice: User, bob: User, asked: Wait
) -> None:
    day = MONDAY.date()
    Leave.objects.create(user=alice, delegate=bob, starts_on=day, ends_on=day + timedelta(days=4))
    client.force_login(bob)
    with clock.fixed(MONDAY + HOUR):
        covering = client.get("/", {"queue": "covering"})
    assert b"Northwind" in covering.content


def test_the_second_assignment_covers_what_is_late(
    client: Client, alice: User, bob: User, asked: Wait
) -> None:
    assignments.assign(asked.partner, bob, "growth", by=alice, at=MONDAY)
    client.force_login(bob)
    with clock.fixed(MONDAY + HOUR):
        assert b"Northwind" not in client.get("/", {"queue": "covering"}).content
    with clock.fixed(MONDAY + 25 * HOUR):
        sweeper.run(at=clock.now(), only="waits")
        assert b"Northwind" in client.get("/", {"queue": "covering"}).content


def test_an_unassigned_partner_waits_for_somebody(
    client: Client, erin: User, alice: User, asked: Wait
) -> None:
    assignments.set_owner(asked.partner, to=None, by=alice, at=MONDAY)
    client.force_login(erin)
    assert b"Northwind" in client.get("/", {"queue": "unassigned"}).content


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow(
    client: Client, alice: User, company: object, django_assert_max_num_queries: object
) -> None:
    client.force_login(alice)

    def ask(count: int) -> None:
        for n in range(count):
            partner = organisations.add(f"Partner {n} of {count}", by=alice, at=MONDAY, owner=alice)
            messages.receive(partner, "email", "Hello?", at=MONDAY, subject=f"Question {n}")

    ask(3)
    client.get("/")
    few = queries(client)
    ask(27)
    assert queries(client) == few <= 8


def queries(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as counted:
        assert client.get("/").status_code == 200
    return len(counted)


def test_a_head_opens_on_the_figures_and_reaches_the_day_from_there(
    client: Client, erin: User, alice: User
) -> None:
    client.force_login(erin)
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/insights/")
    page = client.get("/insights/").content.decode()
    assert 'href="/?queue=team"' in page
    assert client.get("/?queue=team").status_code == 200
    Grant.objects.create(user=erin, role=Role.FULL_LIFECYCLE)
    assert client.get("/").status_code == 200
    client.force_login(alice)
    assert client.get("/").status_code == 200


def untranslated(page: str) -> Iterator[str]:
    """What of the words in the middle of a page, read or heard, stands outside of «guillemets»."""
    middle = page.partition("<main")[2].partition("</main>")[0]
    for read, heard in re.findall(r'>([^<]+)<|(?:aria-label|title)="([^"]*)"', middle):
        words, inner = unescape(read or heard), ""
        while words != inner:
            words, inner = re.sub("«[^«»]*»", "", words), words
        if said := words.strip(" ,·."):
            yield said


@pytest.mark.parametrize("asks", ["", "?queue=team", "?queue=covering", "?queue=unassigned"])
def test_all_its_words_can_be_translated(
    asks: str, client: Client, alice: User, asked: Wait, contoso: Partner, translated: None
) -> None:
    today = MONDAY.date()
    commitments.make(asked.partner, Promise("The pack", today, owner=alice), by=alice, at=MONDAY)
    tasks.add(asked.partner, "Send a mug", by=alice, at=MONDAY, due_on=today)
    long_ago = MONDAY - timedelta(days=300)
    Partner.objects.filter(pk=contoso.pk).update(owner=alice, stage_since=long_ago)
    client.force_login(alice)
    with clock.fixed(MONDAY + 3 * HOUR):
        page = client.get(f"/{asks}").text
    names = {"Alice", "Northwind", "Nora Berg", "Contoso", "The date", "The pack", "Send a mug"}
    names |= {Commitment.Side.OURS.label, Stage.ONBOARDING.label}
    left = {words for words in untranslated(page) if re.search("[a-z]", words)}
    assert left - names == set()
    assert {"Contoso", "The pack", "Send a mug"} <= left
