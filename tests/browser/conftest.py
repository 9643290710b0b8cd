"""A real Chromium against a live server: `page` is Alice, signed in."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from team.models import User
from tests import chromium

BUILT = Path(__file__).resolve().parent.parent.parent / "static" / "dist" / "app.css"
CLAUSES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = [1440, 390]
NARROWEST = 320
OF_A_THEME = ["color-contrast", "link-in-text-block"]  # the rules that colours alone can break
RULES = {
    "light": {"type": "tag", "values": CLAUSES},
    "dark": {"type": "rule", "values": OF_A_THEME},
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", autouse=True)
def _assets() -> None:
    if not BUILT.exists():
        pytest.fail("The front end is not built: run `npm ci && npm run build`.", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def _sync_calls_beside_the_browser() -> Iterator[None]:
    """Playwright's loop runs in this thread; the ORM calls beside it are ours and short."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


class UnderWay:
    """How many requests are being answered right now."""

    def __init__(self) -> None:
        self.number, self.changed = 0, threading.Condition()

    def begins(self, **signal: Any) -> None:
        self._count(1)

    def ends(self, **signal: Any) -> None:
        self._count(-1)

    def _count(self, by: int) -> None:
        with self.changed:
            self.number += by
            self.changed.notify_all()

    def wait(self, seconds: float = 10) -> None:
        """Until there are none. One that never ends is counted no more."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.number <= 0, seconds):
                self.number = 0


@pytest.fixture(scope="session")
def under_way() -> Iterator[UnderWay]:
    requests = UnderWay()
    request_started.connect(requests.begins)
    request_finished.connect(requests.ends)
    yield requests
    request_started.disconnect(requests.begins)
    request_finished.disconnect(requests.ends)


@pytest.fixture(autouse=True)
def _every_request_is_answered(transactional_db: None, under_way: UnderWay) -> Iterator[None]:
    """A page that is closed may have asked for something still: it is answered before the rows go."""
    yield
    under_way.wait()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium where there is one, else Playwright's own."""
    return {**browser_type_launch_args, "executable_path": chromium.installed(), "args": chromium.ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": WIDTHS[0], "height": 1000},
        "reduced_motion": "reduce",
        "locale": "en-GB",
    }


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """`page.goto("/partners/")` is on the live server."""
    return str(live_server.url)


@pytest.fixture
def sign_in(context: BrowserContext, live_server: Any) -> Callable[[User], None]:
    """Sign a person in to this browser, past the sign-in page."""

    def as_person(user: User) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return as_person


@pytest.fixture
def visitor(context: BrowserContext) -> Page:
    """A browser nobody is signed in to."""
    return watched(context.new_page())


@pytest.fixture
def page(context: BrowserContext, alice: User, sign_in: Callable[[User], None]) -> Page:
    """Alice's browser."""
    sign_in(alice)
    return watched(context.new_page())


def watched(page: Page) -> Page:
    """Whatever the page's scripts or its policy complain of stands in `page.complaints`."""
    page.set_default_timeout(10_000)
    page.complaints = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.on(
        "console",
        lambda line: page.complaints.append(line.text) if line.type == "error" else None,  # type: ignore[attr-defined]
    )
    return page


FAULTS = """async rules => {  // by theme: what axe finds by its rules, and whether it scrolls sideways
    const found = [], root = document.documentElement
    for (const [theme, runOnly] of Object.entries(rules)) {
        root.dataset.choice = theme
        const {violations} = await axe.run(document, {runOnly, resultTypes: ["violations"]})
        for (const {id, nodes} of violations)
            for (const {html, failureSummary} of nodes)
                found.push(`${theme}: ${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`)
        if (root.scrollWidth > innerWidth) found.push(`${theme}: the page scrolls sideways`)
    }
    root.dataset.choice = "light"
    return found
}"""


def _put_in_axe(page: Page) -> None:
    """Into the page that is open, and into those that this browser opens next, where it costs nothing."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        page.add_init_script(Axe().axe_script)


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """Assert that axe finds nothing, in both themes and at both widths, changed in place: what is dark
    is the same page, of which only the colours are looked at again. At NARROWEST it only has to fit."""

    def check(page: Page) -> None:
        _put_in_axe(page)
        found = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1000})
            found += [f"{width}, {fault}" for fault in page.evaluate(FAULTS, RULES)]
        page.set_viewport_size({"width": NARROWEST, "height": 1000})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{NARROWEST}: the page scrolls sideways")
        page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
        assert not found, "\n".join(found)

    return check
