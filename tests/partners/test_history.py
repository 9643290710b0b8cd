"""The one history says who did what."""

from partners.models import Event, Partner
from tests.conftest import MONDAY


def test_what_happens_by_itself_was_done_by_the_app(northwind: Partner) -> None:
    assert Event.record("deal_renewed", MONDAY, "sweep", northwind).actor == "The app"
    assert Event.record("ask_answered", MONDAY, "Legal", northwind).actor == "Legal"
