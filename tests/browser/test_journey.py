"""The whole main job, as Alice does it in a browser: a list comes in, a partner is won, and the
partner who writes is answered from Today, in time and out of time both written down once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from conversations import outgoing
from conversations.models import Message, Wait
from lifecycle.models import Evidence
from partners import lists, profiles
from partners.models import Contact, Event, Partner, Stage, Step
from prm import clock, jobs, outbox, sweeper
from team.models import Notice, User
from tests.sink import Sink

PROSPECTS = """Company,Website,Country,Contact,E-mail
Harbour Cloud,https://www.harbourcloud.example,Germany,Petra Lang,petra@harbourcloud.example
Ridge Systems,https://ridge.example,Austria,,
"""
ASKED = "<question-1@harbourcloud.example>"


@pytest.fixture
def published(ravi: User) -> None:
    """Set-up is done: the lists stand and a profile for every partner is published."""
    lists.seed()
    draft = profiles.start_draft(None, by=ravi, at=clock.now(), starter="general")
    profiles.publish(draft, by=ravi, at=clock.now())
    jobs.run_due(clock.now())


@pytest.mark.usefixtures("published")
def test_from_a_list_of_prospects_to_an_answered_partner(
    page: Page, alice: User, sink: Sink, tmp_path: Path
) -> None:
    import_the_list(page, tmp_path)
    partner = Partner.objects.get(name="Harbour Cloud")
    assert partner.owner == alice

    rate_it(page)
    walk_the_road(page, partner)

    wait = a_mail_comes_in(partner, tmp_path, written=clock.now() - timedelta(hours=25))
    time_passes(wait)
    answer_from_today(page, wait)
    it_went_out(wait, sink)
    refused = "422"  # the one move that was refused
    assert [line for line in page.complaints if refused not in line] == []  # type: ignore[attr-defined]


def import_the_list(page: Page, folder: Path) -> None:
    file = folder / "prospects.csv"
    file.write_text(PROSPECTS)
    page.goto("/partners/")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("The file is being read and checked")).to_be_visible()
    jobs.run_due(clock.now())
    expect(page.get_by_text("2 new, 0 changed")).to_be_visible()
    page.get_by_role("link", name="Columns and values").click()
    expect(page.get_by_label("Company")).to_have_value("name")
    page.get_by_label("Rows without an owner go to").select_option("mine")
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("The file is being read and checked")).to_be_visible()
    jobs.run_due(clock.now())
    page.get_by_role("button", name="Let them in").click()
    expect(page.get_by_text("The partners are going in")).to_be_visible()
    assert not Partner.objects.exists()
    jobs.run_due(clock.now())
    expect(page.get_by_text("2 partners added")).to_be_visible()
    jobs.run_due(clock.now())
    page.get_by_role("link", name="Harbour Cloud").click()
    expect(page.get_by_role("heading", name="Harbour Cloud", level=1)).to_be_visible()


def rate_it(page: Page) -> None:
    fit = page.get_by_role("region", name="Fit", exact=True)
    expect(fit).to_contain_text("is answered")
    fit.get_by_role("link", name="Rate").click()
    for criterion in ("Sells to our market", "Technical skill", "Executive sponsor"):
        page.get_by_label(criterion, exact=True).fill("4")
    page.get_by_label("Trades cleanly", exact=True).select_option("yes")
    page.get_by_role("button", name="Save and score").click()
    expect(page.get_by_role("status").filter(has_text="Harbour Cloud scores")).to_be_visible()
    expect(fit).to_contain_text("Strong")


def walk_the_road(page: Page, partner: Partner) -> None:
    """Step by step to Onboarding; nobody is signed before the agreement is there."""
    for step in (Step.CONTACTED, Step.QUALIFIED, Step.NEGOTIATING):
        advance(page, step.label)
    road = page.get_by_role("region", name="The road")
    page.get_by_role("button", name="Advance to Signed").click()
    expect(road.get_by_role("alert")).to_contain_text("Agreement is signed")
    assert Partner.objects.get(pk=partner.pk).step == Step.NEGOTIATING
    road.get_by_role("link", name="record it").first.click()
    expect(page.get_by_label("What")).to_have_value(Evidence.Kind.AGREEMENT_SIGNED)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status").filter(has_text="The evidence is recorded.")).to_be_visible()
    assert Partner.objects.get(pk=partner.pk).step == Step.SIGNED
    advance(page, Stage.ONBOARDING.label)
    partner.refresh_from_db()
    assert (partner.stage, partner.signed_on is not None) == (Stage.ONBOARDING, True)


def advance(page: Page, place: str) -> None:
    page.get_by_role("button", name=f"Advance to {place}").click()
    expect(page.get_by_role("status").filter(has_text=f"Harbour Cloud moved to {place}.")).to_be_visible()


def a_mail_comes_in(partner: Partner, folder: Path, written: datetime) -> Wait:
    petra = Contact.objects.get(partner=partner)
    mail = folder / "question.eml"
    mail.write_text(
        f"From: {petra.name} <{petra.email}>\nTo: partners@acme.example\nSubject: Which price list?\n"
        f"Message-ID: {ASKED}\nDate: {format_datetime(written)}\n\nWhich price list holds for us?\n"
    )
    for _ in range(2):
        call_command("receive_mail", str(mail), stdout=StringIO())
    return Wait.objects.select_related("partner").get()


def time_passes(wait: Wait) -> None:
    """The schedule comes round twice while it is near its due time, and twice when that has passed."""
    assert wait.due_at == wait.opened_at + timedelta(hours=24)
    for at in (wait.opened_at + timedelta(hours=17), wait.warn_at, wait.warn_at, clock.now(), clock.now()):
        sweeper.run(at=at)
    recorded = Event.objects.filter(partner=wait.partner, kind__startswith="wait_")
    assert recorded.filter(kind="wait_warned").count() == 1
    assert recorded.filter(kind="wait_breached").count() == 1
    told = Notice.objects.filter(person__name="Alice").order_by("pk")
    assert list(told.values_list("kind", flat=True)) == ["wait_warned", "wait_breached"]


def answer_from_today(page: Page, wait: Wait) -> None:
    page.goto("/")
    row = page.locator(f"#wait-{wait.pk}")
    expect(row).to_contain_text("Which price list?")
    expect(row).to_contain_text(re.compile(r"Overdue (59 min|1 h)"))
    row.get_by_role("link", name="Reply").click()
    reply = page.locator(f"#reply-{wait.pk}")
    expect(reply).to_contain_text("Which price list holds for us?")
    reply.get_by_label("Reply to Harbour Cloud").fill("The one of October, attached to your contract.")
    reply.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").filter(has_text="Harbour Cloud")).to_be_visible()
    expect(page.get_by_text("Nobody waits for you", exact=True)).to_be_visible()


def it_went_out(wait: Wait, sink: Sink) -> None:
    wait.refresh_from_db()
    assert wait.state == Wait.State.MET_LATE
    assert wait.elapsed_seconds is not None
    assert wait.elapsed_seconds >= timedelta(hours=25).total_seconds()
    outbox.deliver(clock.now() + outgoing.UNDO_FOR)
    outbox.deliver(clock.now() + outgoing.UNDO_FOR)
    (reply,) = [mail for mail in sink.mails if "petra@harbourcloud.example" in mail["To"]]
    assert reply["In-Reply-To"] == ASKED
    assert "The one of October" in reply.get_body(("plain",)).get_content()
    assert reply["Message-ID"] == Message.objects.get(direction="out").external_id
    checked = Wait.objects.filter(pk=wait.pk).values_list("next_check_at", flat=True)
    sweeper.run(at=clock.now() + timedelta(days=3))
    assert list(checked) == [None]
    assert Event.objects.filter(kind__in=["wait_warned", "wait_breached"]).count() == 2
