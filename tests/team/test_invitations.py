"""An invitation makes one account, by a link that dies with its row."""

from datetime import timedelta

import pytest
from django.test import Client

from prm import clock, outbox
from prm.models import OutboxItem
from team import invitations
from team.invitations import InvitationRefused
from team.models import Invitation, Role, User
from tests.conftest import MONDAY
from tests.sink import Sink

ACCOUNT = {"name": "Zoe Park", "zone": "Asia/Seoul", "password": "four plain words here"}
WEEK = timedelta(days=7)


@pytest.fixture
def invitation(ravi: User, erin: User) -> Invitation:
    return invitations.invite("Zoe@acme.example", "Zoe", [Role.GROWTH], by=ravi, at=clock.now(), lead=erin)


def path(invitation: Invitation) -> str:
    return invitations.link(invitation).removeprefix("http://127.0.0.1:8000")


def test_the_mail_carries_the_link(invitation: Invitation, sink: Sink) -> None:
    outbox.deliver(clock.now())
    assert sink.mails[0]["To"] == "zoe@acme.example"
    assert invitations.link(invitation) in sink.bodies[0]
    assert invitations.link(invitation) not in OutboxItem.objects.get().body


def test_accepting_makes_the_account_and_signs_in(client: Client, invitation: Invitation, erin: User) -> None:
    assert client.get(path(invitation)).status_code == 200
    answer = client.post(path(invitation), ACCOUNT)
    assert answer.status_code == 303
    zoe = User.objects.get(email="zoe@acme.example")
    assert (zoe.name, zoe.zone, zoe.roles, zoe.lead) == ("Zoe Park", "Asia/Seoul", {Role.GROWTH}, erin)
    assert client.session["_auth_user_id"] == str(zoe.pk)


def test_a_used_link_says_so(client: Client, invitation: Invitation) -> None:
    client.post(path(invitation), ACCOUNT)
    answer = Client().get(path(invitation))
    assert answer.status_code == 410
    assert "used already" in answer.content.decode()
    assert Client().post(path(invitation), ACCOUNT).status_code == 410
    assert User.objects.filter(email="zoe@acme.example").count() == 1


def test_a_link_that_has_run_out_says_whom_to_ask(client: Client, invitation: Invitation) -> None:
    with clock.fixed(invitation.sent_at + WEEK + timedelta(seconds=1)):
        answer = client.get(path(invitation))
    assert answer.status_code == 410
    assert "Ask Ravi to send it again" in answer.content.decode()


def test_a_withdrawn_link_leads_nowhere(client: Client, invitation: Invitation) -> None:
    invitations.withdraw(invitation, clock.now())
    answer = client.post(path(invitation), ACCOUNT)
    assert answer.status_code == 410
    assert "withdrawn" in answer.content.decode()


def test_a_withdrawn_invitation_is_not_mailed(invitation: Invitation, sink: Sink) -> None:
    invitations.withdraw(invitation, clock.now())
    outbox.deliver(clock.now())
    assert sink.mails == []


def test_a_forged_link_is_not_found(client: Client, invitation: Invitation) -> None:
    assert client.get(path(invitation)[:-3] + "xx/").status_code == 404


def test_sent_again_it_lasts_a_week_more(client: Client, invitation: Invitation, sink: Sink) -> None:
    later = invitation.sent_at + WEEK + WEEK
    invitations.resend(invitation, later)
    outbox.deliver(later)
    assert len(sink.mails) == 2
    with clock.fixed(later + timedelta(days=6)):
        assert client.get(path(invitation)).status_code == 200


def test_who_has_an_account_is_not_invited(ravi: User, alice: User) -> None:
    with pytest.raises(InvitationRefused, match="has an account already, as Alice"):
        invitations.invite("ALICE@acme.example", "Alice", [Role.GROWTH], by=ravi, at=MONDAY)


def test_an_open_invitation_is_not_doubled(invitation: Invitation, ravi: User) -> None:
    with pytest.raises(InvitationRefused, match="invited already"):
        invitations.invite("zoe@acme.example", "Zoe", [Role.GROWTH], by=ravi, at=MONDAY)


def test_after_a_withdrawal_one_can_be_invited_again(invitation: Invitation, ravi: User) -> None:
    invitations.withdraw(invitation, clock.now())
    assert invitations.invite("zoe@acme.example", "Zoe", [Role.GROWTH], by=ravi, at=MONDAY)


def test_a_weak_password_is_refused_and_the_rest_stays(client: Client, invitation: Invitation) -> None:
    answer = client.post(path(invitation), {**ACCOUNT, "password": "12345"})
    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors
    assert "Zoe Park" in answer.content.decode()
    assert not User.objects.filter(email="zoe@acme.example").exists()


def test_two_presses_make_one_account(invitation: Invitation) -> None:
    stale = Invitation.objects.get(pk=invitation.pk)
    invitations.accept(invitation, "Zoe", "UTC", ACCOUNT["password"], clock.now())
    with pytest.raises(InvitationRefused):
        invitations.accept(stale, "Zoe", "UTC", ACCOUNT["password"], clock.now())
