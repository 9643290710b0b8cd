"""The editor of calendars: hours, holidays, closures, who works by it, and what a change would do."""

from datetime import date, timedelta

import pytest
from django.test import Client

from conversations import messages, policies, retiming
from conversations.models import Policy
from partners.models import Contact, Partner
from prm import clock
from team import working_time
from team.models import Calendar, CalendarDay, Company, HolidaySource, User
from tests.conftest import MONDAY

WEEK = {f"week-{day}": "09:00–17:00" for day in range(5)}


@pytest.fixture
def admin(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


@pytest.fixture
def ours(company: Company) -> str:
    return f"/settings/calendars/{company.calendar_id}/"


def test_the_week_is_changed(admin: Client, ours: str) -> None:
    assert admin.post(f"{ours}week/", WEEK | {"week-5": "10:00-12:00"}).status_code == 303
    assert Company.objects.get().calendar.weekly["5"] == [["10:00", "12:00"]]


def test_a_week_without_hours_is_refused_in_words(admin: Client, ours: str) -> None:
    answer = admin.post(f"{ours}week/", {})
    assert answer.status_code == 422
    assert "Open at least one day of the week" in answer.content.decode()


def test_hours_that_cannot_be_read_stay_typed_beside_the_reason(admin: Client, ours: str) -> None:
    answer = admin.post(f"{ours}week/", WEEK | {"week-1": "nine to five"})
    assert answer.status_code == 422
    assert list(answer.context["week_form"].errors) == ["1"]
    assert 'value="nine to five"' in answer.content.decode()


def test_days_come_and_go(admin: Client, ours: str) -> None:
    day = {"on": "2026-12-24", "label": "Christmas Eve", "hours": "09:00–12:00"}
    assert admin.post(f"{ours}days/", day).status_code == 303
    held = CalendarDay.objects.get()
    assert held.windows == [["09:00", "12:00"]]
    assert "Christmas Eve" in admin.get(f"{ours}days/").content.decode()
    again = admin.post(f"{ours}days/", day)
    assert again.status_code == 422
    assert "in the list already" in again.content.decode()
    assert admin.post(f"/settings/calendars/days/{held.pk}/remove/").status_code == 303
    assert admin.post(f"/settings/calendars/days/{held.pk}/remove/").status_code == 404


def test_where_holidays_come_from_is_shown_and_ended(admin: Client, ours: str) -> None:
    asked = {"country": "DE", "subdivision": "BY", "year": 2026, "years": 1}
    admin.post(f"{ours}holidays/", asked)
    page = admin.get(f"{ours}days/").content.decode()
    assert "Public holidays of Germany, BY" in page
    source = HolidaySource.objects.get()
    stopped = admin.post(f"/settings/calendars/holidays/{source.pk}/stop/", follow=True).content.decode()
    assert "The holidays of Germany, BY follow no more. Those in the list stay." in stopped
    assert "Public holidays of Germany, BY" not in stopped
    assert CalendarDay.objects.count() == 12
    assert admin.post(f"/settings/calendars/holidays/{source.pk}/stop/").status_code == 404


def test_holidays_are_imported(admin: Client, ours: str) -> None:
    asked = {"country": "DE", "subdivision": "by", "year": "2026", "years": "1"}
    assert admin.post(f"{ours}holidays/", asked).status_code == 303
    assert CalendarDay.objects.count() == 12


def test_hours_are_tried_before_they_are_saved(admin: Client, ours: str, alice: User) -> None:
    policies.revise(Policy.objects.get(), alice, MONDAY, mode="business_hours")
    shorter = WEEK | {"week-4": "09:00–12:00", "show": "1"}
    with clock.fixed(MONDAY):
        shown = admin.post(f"{ours}week/", shorter)
        fragment = admin.post(f"{ours}preview/", shorter, headers={"HX-Request": "true"})
    for answer in (shown, fragment):
        assert answer.status_code == 200
        assert "A message of Friday 5 June, 15:00" in answer.content.decode()
        assert "Wednesday 10 June, 17:00" in answer.content.decode()  # three days of eight hours
    assert Company.objects.get().calendar.version == 1


def test_a_closure_of_weeks_moves_open_clocks(admin: Client, ours: str, nora: Contact, ravi: User) -> None:
    policies.revise(Policy.objects.get(), ravi, MONDAY, mode="working_days")
    now = clock.now()
    wait = messages.receive(nora.partner, "email", "?", now).conversation.waits.get()
    first = now.date()
    closed = {"first": first, "last": first + timedelta(days=20), "label": "Summer"}
    answer = admin.post(f"{ours}closures/", closed, follow=True)
    assert "21 days are closed" in answer.content.decode()
    assert retiming.catch_up(now) == 1
    was = wait.due_at
    wait.refresh_from_db()
    assert wait.due_at >= was + timedelta(days=14)
    backwards = admin.post(f"{ours}closures/", closed | {"last": first - timedelta(days=1)})
    assert "lies before the first" in backwards.content.decode()


def test_a_calendar_for_people_elsewhere(admin: Client, ours: str, alice: User, nora: Contact) -> None:
    assert admin.post("/settings/calendars/", {"name": "Riyadh", "zone": "Asia/Riyadh"}).status_code == 303
    made = Calendar.objects.get(name="Riyadh")
    assert made.weekly == Company.objects.get().calendar.weekly
    page = f"/settings/calendars/{made.pk}/"
    admin.post(f"{page}week/", {f"week-{day}": "09:00-17:00" for day in (6, 0, 1, 2, 3)})
    admin.post(f"{page}people/", {"people": [alice.pk]})
    partner = Partner.objects.get(pk=nora.partner_id)
    wait = messages.receive(partner, "email", "?", clock.now()).conversation.waits.get()
    assert (wait.calendar_of, wait.calendar["zone"]) == (made, "Asia/Riyadh")
    admin.post(f"{page}people/", {})
    assert User.objects.get(pk=alice.pk).calendar is None
    again = admin.post("/settings/calendars/", {"name": "riyadh", "zone": "Asia/Riyadh"})
    assert (again.status_code, "already" in again.content.decode()) == (422, True)


def test_a_name_and_a_zone_are_changed(admin: Client, ours: str) -> None:
    assert admin.post(ours, {"name": "Head office", "zone": "Europe/Vienna"}).status_code == 303
    calendar = Company.objects.get().calendar
    assert (calendar.name, calendar.zone, calendar.version) == ("Head office", "Europe/Vienna", 2)
    assert admin.post(ours, {"name": "Head office", "zone": "Vienna"}).status_code == 422


def test_what_changed_is_kept_with_who_did_it(admin: Client, ours: str, ravi: User, company: Company) -> None:
    working_time.set_day(company.calendar, date(2026, 12, 24), [], "Christmas Eve", ravi, clock.now())
    page = admin.get(ours).content.decode()
    assert "24.12.2026: Christmas Eve" in page
    kept = company.calendar.versions.get()
    assert (kept.number, kept.by, kept.kept["exceptions"]) == (2, ravi, {"2026-12-24": []})
