"""A press calls or opens a chat and begins a log; what cannot be dialled is no link."""

from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from conversations import drafts, messages
from conversations.models import Message
from partners import calling
from partners.models import Contact
from prm import clock
from team.models import User
from tests.conftest import MONDAY


@pytest.mark.parametrize(
    ("typed", "tel", "whatsapp"),
    [
        ("+49 30 123456", "tel:+4930123456", "https://wa.me/4930123456"),
        ("+49 (0)30 1234-56", "tel:+4930123456", "https://wa.me/4930123456"),
        ("0049 30 / 123456", "tel:+4930123456", "https://wa.me/4930123456"),
        ("+1 (212) 555-0100", "tel:+12125550100", "https://wa.me/12125550100"),
        ("030/123456", "tel:030123456", ""),
        ("+49 30 123456 ext. 7", "tel:+4930123456;ext=7", ""),
        ("+44 20 7946 0000 x12", "tel:+442079460000;ext=12", ""),
        ("\u00a0+49\u00a030\u2011123456", None, ""),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, tel: str | None, whatsapp: str) -> None:
    number = calling.read(typed)
    if tel is None:
        assert number is None or number.tel.startswith("tel:+49")
    else:
        assert number is not None
        assert (number.tel, number.whatsapp) == (tel, whatsapp)


@pytest.mark.parametrize(
    "typed", ["", "ask Nora", "javascript:alert(1)", "12", "+0 123456", "+49 30 1234567890123456", "1" * 61]
)
def test_what_cannot_be_dialled_is_no_link(typed: str) -> None:
    assert calling.read(typed) is None
    assert calling.ways([typed]) == []


@given(st.text(max_size=80))
def test_whatever_was_typed_the_address_holds_digits_alone(typed: str) -> None:
    number = calling.read(typed)
    if number is not None:
        assert number.tel.removeprefix("tel:").removeprefix("+").replace(";ext=", "").isascii()
        assert number.tel.removeprefix("tel:").removeprefix("+").replace(";ext=", "").isdigit()


def test_teams_is_opened_by_a_mail_address_alone() -> None:
    (way,) = calling.ways([], "nora+x@northwind.co.uk")
    assert way.address == "https://teams.microsoft.com/l/chat/0/0?users=nora%2Bx%40northwind.co.uk"
    assert calling.ways([], "nobody") == []


# --- the pages ----------------------------------------------------------------------------------------


@pytest.fixture
def reachable(nora: Contact) -> Contact:
    Contact.objects.filter(pk=nora.pk).update(phones=["+49 30 123456", "ask Nora"])
    return Contact.objects.get(pk=nora.pk)


def test_the_page_of_a_contact_opens_the_app_and_the_log(
    reachable: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    page = client.get(f"/contacts/{reachable.pk}/").content.decode()
    assert 'data-app="tel:+4930123456"' in page
    assert 'data-app="https://wa.me/4930123456"' in page
    assert 'data-app="https://teams.microsoft.com/l/chat/0/0?users=Nora%40northwind.co.uk"' in page
    assert "ask Nora" in page
    log = f"/log/?partner={reachable.partner_id}&amp;contact={reachable.pk}&amp;channel=call&amp;begun=1"
    assert f'href="{log}' in page


def test_the_pages_of_the_partner_and_of_a_thread_open_it_too(
    reachable: Contact, alice: User, client: Client
) -> None:
    thread = messages.receive(reachable.partner, "email", "Hi", MONDAY, contact=reachable).conversation
    Contact.objects.filter(pk=reachable.pk).update(phones=["+49 30 123456", "+49 30 999999"])
    client.force_login(alice)
    for url in (reachable.partner.get_absolute_url(), thread.get_absolute_url()):
        page = client.get(url).content.decode()
        assert page.count('data-app="tel:') == 1
        assert 'data-app="tel:+4930123456"' in page
        assert f"begun=1&amp;next={url}" in page
        assert 'id="begun"' in page


def test_the_log_is_half_filled_and_thrown_away_with_one_press(
    reachable: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    asked = f"/log/?partner={reachable.partner_id}&contact={reachable.pk}&channel=call&begun=1"
    back = f"&next=/contacts/{reachable.pk}/"
    with clock.fixed(MONDAY):
        whole = client.get(asked + back).content.decode()
        part = client.get(asked + back, headers={"HX-Request": "true"}).content.decode()
    for page in (whole, part):
        assert 'value="2026-06-01T09:00"' in page
        assert f'<option value="{reachable.pk}" selected>' in page
        assert f'href="/contacts/{reachable.pk}/" data-throw-away' in page
    assert 'id="begun"' in part
    assert "<html" not in part
    assert not Message.objects.exists()


def test_a_draft_that_stands_there_is_left_as_it_is(reachable: Contact, alice: User, client: Client) -> None:
    client.force_login(alice)
    drafts.keep(drafts.log_of(reachable.partner_id), {"body": ["Half a note"]}, by=alice, at=MONDAY)
    with clock.fixed(MONDAY + timedelta(minutes=5)):
        page = client.get(f"/log/?partner={reachable.partner_id}&channel=chat&begun=1").content.decode()
    assert "Half a note" not in page.split("</header>")[-1].split("textarea")[1]


@pytest.mark.parametrize("wrong", ["contact=x", "contact=999999", "channel=carrier-pigeon"])
def test_what_the_address_names_wrongly_is_left_open(
    wrong: str, reachable: Contact, alice: User, client: Client
) -> None:
    client.force_login(alice)
    assert client.get(f"/log/?partner={reachable.partner_id}&begun=1&{wrong}").status_code == 200
