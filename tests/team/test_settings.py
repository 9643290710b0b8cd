"""Settings: admins find everything, others their own page, and each refusal says why."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from prm import clock, outbox
from prm.models import OutboxItem
from team import invitations
from team.models import CalendarDay, Company, Invitation, Leave, Region, Role, User
from tests.conftest import MONDAY, person

ADMIN_PAGES = [
    "/settings/company/",
    "/settings/people/",
    "/settings/lists/",
    "/settings/lists/regions/",
    "/settings/lists/verticals/",
    "/settings/lists/types/",
    "/settings/lists/end-reasons/",
    "/settings/lists/programmes/",
    "/settings/mail/",
]


@pytest.fixture
def admin(client: Client, ravi: User) -> Client:
    client.force_login(ravi)
    return client


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_a_page_of_the_admin_is_closed_to_others(client: Client, ravi: User, alice: User, page: str) -> None:
    assert client.get(page).status_code == 302
    client.force_login(alice)
    answer = client.get(page)
    assert answer.status_code == 403
    assert "Ask one of: Admin" in answer.content.decode()
    client.force_login(ravi)
    assert client.get(page).status_code == 200


def test_settings_show_an_admin_every_page_and_the_steps_left(admin: Client) -> None:
    page = admin.get("/settings/").content.decode()
    for words in ("Company", "People", "Sent mail", "Your page", "Put holidays in the calendar", "step"):
        assert words in page


def test_settings_show_others_what_they_may_use(client: Client, alice: User) -> None:
    client.force_login(alice)
    page = client.get("/settings/").content.decode()
    assert "Your page" in page
    assert "Sent mail" not in page
    assert "step left" not in page


def test_a_step_that_is_done_is_marked(admin: Client, company: Company) -> None:
    before = admin.get("/settings/").context["left"]
    CalendarDay.objects.create(calendar=company.calendar, on=date(2026, 12, 25))
    assert admin.get("/settings/").context["left"] == before - 1


# --- Company ---


def test_the_company_is_renamed_and_its_hours_move_with_its_zone(admin: Client) -> None:
    answer = admin.post(
        "/settings/company/",
        {
            "name": "Acme GmbH",
            "zone": "Europe/Vienna",
            "reading": "own",
            "figures": "nobody",
            "fiscal_month": 4,
            "reporting_currency": "USD",
        },
    )
    assert answer.status_code == 303
    company = Company.objects.get()
    assert (company.name, company.zone, company.calendar.zone) == (
        "Acme GmbH",
        "Europe/Vienna",
        "Europe/Vienna",
    )
    assert company.reading == Company.Reading.OWN
    assert company.fiscal_month == 4
    assert company.figures == Company.Figures.NOBODY
    assert company.reporting_currency == "USD"


def test_a_zone_nobody_knows_is_refused(admin: Client) -> None:
    answer = admin.post("/settings/company/", {"name": "Acme", "zone": "Berlin", "reading": "all"})
    assert answer.status_code == 422
    wrong = ["zone", "fiscal_month", "reporting_currency", "figures"]
    assert sorted(answer.context["company_form"].errors) == sorted(wrong)


# --- People ---


def test_the_admin_invites_and_without_mail_sees_the_link(admin: Client, erin: User) -> None:
    asked = {"name": "Zoe", "email": "zoe@acme.example", "roles": ["growth", "success"], "lead": erin.pk}
    answer = admin.post("/settings/people/", asked, follow=True)
    invited = Invitation.objects.get()
    assert (invited.roles, invited.lead) == (["growth", "success"], erin)
    assert invitations.link(invited) in answer.content.decode()


def test_with_a_mail_server_the_link_is_not_shown(admin: Client, ravi: User, settings: object) -> None:
    settings.EMAIL_URL = "smtp://localhost"  # type: ignore[attr-defined]
    invited = invitations.invite("zoe@acme.example", "Zoe", [Role.GROWTH], by=ravi, at=clock.now())
    assert invitations.link(invited) not in admin.get("/settings/people/").content.decode()


def test_an_address_that_has_an_account_is_refused_at_its_field(admin: Client, alice: User) -> None:
    asked = {"name": "Alice", "email": "ALICE@acme.example", "roles": ["growth"]}
    answer = admin.post("/settings/people/", asked)
    assert answer.status_code == 422
    assert "has an account already" in answer.context["form"].errors["email"][0]


def test_an_invitation_is_sent_again_and_withdrawn(admin: Client, ravi: User) -> None:
    invited = invitations.invite("zoe@acme.example", "Zoe", [Role.GROWTH], by=ravi, at=MONDAY)
    assert admin.post(f"/settings/invitations/{invited.pk}/resend/").status_code == 303
    assert Invitation.objects.get().sent_at > MONDAY
    assert admin.post(f"/settings/invitations/{invited.pk}/withdraw/").status_code == 303
    again = admin.post(f"/settings/invitations/{invited.pk}/resend/")
    assert again.status_code == 409
    assert "was withdrawn" in again.content.decode()


def test_roles_are_changed_with_narrowing_and_lead(admin: Client, bob: User, alice: User) -> None:
    dach = Region.objects.create(name="DACH")
    asked = {"growth-held": "on", "growth-regions": [dach.pk], "head-held": "on", "lead": alice.pk}
    assert admin.post(f"/settings/people/{bob.pk}/", asked).status_code == 303
    bob = User.objects.get(pk=bob.pk)
    assert (bob.roles, bob.lead) == ({Role.GROWTH, Role.HEAD}, alice)
    assert bob.reaches[Role.GROWTH].regions == {dach.pk}


def test_a_circle_of_leads_is_refused_and_nothing_is_changed(admin: Client, erin: User, bob: User) -> None:
    answer = admin.post(f"/settings/people/{erin.pk}/", {"growth-held": "on", "lead": bob.pk})
    assert answer.status_code == 422
    assert "directly or through others" in answer.content.decode()
    assert User.objects.get(pk=erin.pk).roles == {Role.HEAD}


def test_accounts_are_switched_off_and_on(admin: Client, bob: User, ravi: User) -> None:
    assert admin.post(f"/settings/people/{bob.pk}/deactivate/").status_code == 303
    assert not User.objects.get(pk=bob.pk).is_active
    assert admin.post(f"/settings/people/{bob.pk}/reactivate/").status_code == 303
    assert User.objects.get(pk=bob.pk).is_active
    own = admin.post(f"/settings/people/{ravi.pk}/deactivate/")
    assert own.status_code == 409
    assert "your own account" in own.content.decode()


@pytest.mark.parametrize("address", ["", "deactivate/", "reactivate/"])
def test_an_unknown_person_is_not_found(admin: Client, address: str) -> None:
    assert admin.post(f"/settings/people/999999/{address}").status_code == 404


def test_a_colleague_changes_nobody(client: Client, alice: User, bob: User) -> None:
    client.force_login(alice)
    for address in ("", "deactivate/", "reactivate/"):
        assert client.post(f"/settings/people/{bob.pk}/{address}").status_code == 403


# --- Lists ---


@pytest.mark.parametrize("name", ["regions", "verticals", "types", "end-reasons"])
def test_a_list_is_kept(admin: Client, name: str) -> None:
    page = f"/settings/lists/{name}/"
    for entry in ("First", "Second"):
        assert admin.post(page, {"name": entry}).status_code == 303
    entries = list(admin.get(page).context["entries"])
    assert [entry.name for entry in entries] == ["First", "Second"]
    second = f"{page}{entries[1].pk}/"
    assert admin.post(second, {"do": "up", "name": "ignored"}).status_code == 303
    assert admin.post(second, {"do": "rename", "name": "Newest"}).status_code == 303
    assert [entry.name for entry in admin.get(page).context["entries"]] == ["Newest", "First"]
    admin.post(second, {"do": "retire"})
    assert "retired" in admin.get(page).content.decode()
    admin.post(second, {"do": "restore"})
    assert not admin.get(page).context["entries"][0].retired_at


def test_a_name_stands_once(admin: Client) -> None:
    admin.post("/settings/lists/regions/", {"name": "DACH"})
    again = admin.post("/settings/lists/regions/", {"name": "DACH"})
    assert again.status_code == 422
    assert "in the list already" in again.content.decode()
    admin.post("/settings/lists/regions/", {"name": "Nordics"})
    nordics = Region.objects.get(name="Nordics")
    refused = admin.post(f"/settings/lists/regions/{nordics.pk}/", {"do": "rename", "name": "DACH"})
    assert refused.status_code == 409
    assert Region.objects.get(pk=nordics.pk).name == "Nordics"


@pytest.mark.parametrize("asked", [{"do": "explode"}, {"do": "rename", "name": ""}, {}])
def test_what_an_entry_cannot_do_is_refused(admin: Client, asked: dict[str, str]) -> None:
    region = Region.objects.create(name="DACH")
    assert admin.post(f"/settings/lists/regions/{region.pk}/", asked).status_code == 409
    assert admin.get(f"/settings/lists/regions/{region.pk}/").status_code == 405


# --- Sent mail ---


def put_mail(ravi: User, number: int) -> None:
    invitations.invite(f"p{number}@acme.example", "P", [Role.GROWTH], by=ravi, at=clock.now())


def test_kept_mails_are_shown_and_said_to_be_kept(admin: Client, ravi: User) -> None:
    put_mail(ravi, 1)
    outbox.deliver(clock.now())
    page = admin.get("/settings/mail/").content.decode()
    assert "No mail server is set" in page or "no mail leaves" in page
    assert "p1@acme.example" in page
    item = OutboxItem.objects.get()
    body = admin.get(f"/settings/mail/{item.pk}/").content.decode()
    assert "Choose your password here" in body
    assert admin.get("/settings/mail/999999/").status_code == 404


def test_mails_follow_by_keyset(admin: Client, ravi: User) -> None:
    for number in range(27):
        put_mail(ravi, number)
    first = admin.get("/settings/mail/").context["page"]
    second = admin.get("/settings/mail/", {"before": first.older}).context["page"]
    assert (len(first.rows), len(second.rows)) == (25, 2)
    assert admin.get("/settings/mail/", {"before": "nonsense"}).status_code == 200


# --- One's own page ---


def test_everyone_changes_their_own_page(client: Client, bob: User) -> None:
    client.force_login(bob)
    answer = client.post("/settings/me/", {"name": "Bob Ray", "zone": "Asia/Tokyo", "theme": "dark"})
    assert answer.status_code == 303
    bob = User.objects.get(pk=bob.pk)
    assert (bob.name, bob.zone, bob.theme, bob.shortcuts) == ("Bob Ray", "Asia/Tokyo", "dark", False)


def test_an_unreadable_own_page_stays_typed(client: Client, bob: User) -> None:
    client.force_login(bob)
    answer = client.post("/settings/me/", {"name": "", "zone": "Mars", "theme": "pink"})
    assert answer.status_code == 422
    assert set(answer.context["me_form"].errors) == {"name", "zone", "theme"}
    assert User.objects.get(pk=bob.pk).name == "Bob"


def test_the_theme_is_switched_and_the_page_stays(client: Client, bob: User) -> None:
    client.force_login(bob)
    answer = client.post("/theme/", {"theme": "dark", "next": "/notices/"})
    assert (answer.status_code, answer["Location"]) == (303, "/notices/")
    assert User.objects.get(pk=bob.pk).theme == "dark"
    for elsewhere in ("https://evil.example/", "team:me", "nowhere"):
        assert client.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"
    assert client.post("/theme/", {"theme": "pink"}).status_code == 422
    assert client.get("/theme/").status_code == 405


def test_leave_is_added_shown_and_removed(client: Client, bob: User, alice: User) -> None:
    client.force_login(bob)
    days = {
        "starts_on": clock.now().date() + timedelta(days=3),
        "ends_on": clock.now().date() + timedelta(days=9),
    }
    answer = client.post("/settings/me/leave/", {**days, "delegate": alice.pk}, follow=True)
    assert "Alice stands in" in answer.content.decode()
    again = client.post("/settings/me/leave/", days)
    assert again.status_code == 422
    assert "leave already" in again.content.decode()
    held = Leave.objects.get()
    client.force_login(alice)
    assert client.post(f"/settings/me/leave/{held.pk}/remove/").status_code == 404
    client.force_login(bob)
    assert client.post(f"/settings/me/leave/{held.pk}/remove/").status_code == 303
    assert not Leave.objects.exists()


# --- Cost ---


def many_people(count: int, ravi: User) -> None:
    for number in range(count):
        person(f"Person{number}", Role.GROWTH, Role.HEAD, lead=ravi)


def many_regions(count: int, ravi: User) -> None:
    Region.objects.bulk_create(Region(name=f"Region {number}") for number in range(count))


def many_mails(count: int, ravi: User) -> None:
    for number in range(count):
        put_mail(ravi, number)


@pytest.mark.parametrize(
    ("page", "make"),
    [
        ("/settings/people/", many_people),
        ("/settings/people/", many_mails),
        ("/settings/lists/regions/", many_regions),
        ("/settings/mail/", many_mails),
    ],
)
def test_a_page_costs_the_same_with_3_rows_and_with_30(
    admin: Client, ravi: User, page: str, make: Callable[[int, User], None]
) -> None:
    admin.get(page)
    counts = []
    for rows in (3, 30):
        Invitation.objects.all().delete()
        Region.objects.all().delete()
        User.objects.exclude(pk=ravi.pk).delete()
        make(rows, ravi)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin.get(page).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
