"""The promise can be changed, for what comes after."""

from django.test import Client

from conversations import policies
from conversations.models import Policy
from team.models import User


def test_the_admin_changes_the_promise_by_a_new_version(client: Client, ravi: User) -> None:
    client.force_login(ravi)
    assert "round the clock" in client.get("/settings/promise/").content.decode()
    assert client.post("/settings/promise/", {"promise": "working_days"}).status_code == 303
    current = policies.current()
    assert current is not None
    assert (current.mode, current.version) == (Policy.Mode.WORKING_DAYS, 2)


def test_an_unknown_promise_is_refused(client: Client, ravi: User) -> None:
    client.force_login(ravi)
    assert client.post("/settings/promise/", {"promise": "soon"}).status_code == 422
    assert Policy.objects.count() == 1


def test_others_do_not_change_it(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/settings/promise/").status_code == 403
    assert client.post("/settings/promise/", {"promise": "working_days"}).status_code == 403
