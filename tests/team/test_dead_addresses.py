"""An address that takes no mail: the admins are told, and can let mail go there again."""

from datetime import timedelta

from django.test import Client

from prm import bounces, clock, outbox, sweeper
from prm.models import BouncedAddress
from team.models import Notice, User
from tests.conftest import MONDAY
from tests.sink import Sink

GONE = "gone@northwind.example"


def condemned(times: int = 3) -> None:
    for _ in range(times):
        bounces.count([GONE], MONDAY)


def test_the_admins_are_told_once(alice: User, ravi: User, sink: Sink) -> None:
    condemned(5)
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert [mail["To"] for mail in sink.mails] == [ravi.email]
    assert f"Mail to {GONE} came back 3 times" in sink.bodies[0]
    assert Notice.objects.get().url == "/settings/mail/"


def test_an_admin_lets_mail_go_there_again(client: Client, ravi: User) -> None:
    condemned()
    client.force_login(ravi)
    with clock.fixed(MONDAY + timedelta(days=1)):
        page = client.get("/settings/mail/").text
        assert "Addresses that take no mail" in page
        assert GONE in page
        answer = client.post(f"/settings/mail/addresses/{BouncedAddress.objects.get().pk}/lift/")
        assert answer.status_code == 303
        assert f"Mail goes to {GONE} again." in client.get("/settings/mail/").text
    assert bounces.alive([GONE], MONDAY) == [GONE]


def test_what_was_lifted_before_the_mail_left_is_not_mailed(ravi: User, sink: Sink) -> None:
    condemned()
    bounces.lift(BouncedAddress.objects.get())
    sweeper.run(MONDAY)
    outbox.deliver(MONDAY)
    assert sink.mails == []
