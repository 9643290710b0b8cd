"""A live partner with something of most measures, and a day's reading."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from conversations.models import Commitment, Conversation, Message, Policy, Wait
from partners.models import Contact, Partner
from prm import jobs
from reviews.health import formulas, snapshots
from reviews.health.models import HealthRun, Snapshot
from reviews.models import Answer, Invitation, Mark, Survey, SurveyQuestion
from team.models import User
from tests.conftest import MONDAY

DAY = timedelta(days=1)


def asked(partner: Partner, at: datetime, in_time: bool = True, **more: Any) -> Wait:
    """A question of theirs that fell due at this moment, and was answered then or a day later."""
    about = Conversation.objects.create(
        partner=partner, subject="Dates", created_at=at, last_message_at=at, **more
    )
    message = Message.objects.create(
        conversation=about, partner=partner, direction="in", channel="email", occurred_at=at, recorded_at=at
    )
    return Wait.objects.create(
        conversation=about,
        partner=partner,
        opened_by=message,
        metric="first",
        state="met" if in_time else "met_late",
        opened_at=at - DAY,
        due_at=at,
        warn_at=at,
        lead_at=at,
        policy=Policy.objects.first(),
        target_seconds=86400,
        calendar={},
        answered_at=at if in_time else at + DAY,
        breached_at=None if in_time else at,
    )


def promised(partner: Partner, by: User, on: date, status: str = "kept", side: str = "ours") -> Commitment:
    return Commitment.objects.create(
        partner=partner,
        side=side,
        owner=by if side == "ours" else None,
        text="Send the pack",
        promised_for=on,
        original_promised_for=on,
        ends_at=MONDAY,
        status=status,
        created_by=by,
        created_at=MONDAY,
    )


def answered(contact: Contact, by: User, at: datetime, value: int, confidential: bool = False) -> Answer:
    """An answer to a survey on recommending us."""
    survey = Survey.objects.create(
        title="Would you?", kind="nps", is_confidential=confidential, made_by=by, made_at=at, drawn_at=at
    )
    question = SurveyQuestion.objects.create(survey=survey, place=0, scale="ten", words="How likely?")
    invitation = Invitation.objects.create(
        survey=survey,
        partner=contact.partner,
        contact=contact,
        token_hash=f"{survey.pk}",
        drawn_at=at,
        expires_at=at,
    )
    answer = Answer.objects.create(invitation=invitation, at=at)
    Mark.objects.create(answer=answer, question=question, value=value)
    return answer


def read(at: datetime) -> HealthRun:
    """The reading of a day, from its beginning in the sweep to the end of its job."""
    snapshots.sweep(at)
    jobs.run_due(at)
    return HealthRun.objects.get(day=at.date())


def newest(partner: Partner) -> Snapshot:
    return Snapshot.objects.select_related("formula").filter(partner=partner).order_by("-day")[0]


@pytest.fixture
def known(grown: Partner, nora: Contact, alice: User) -> Partner:
    """Northwind: two of four answers in time, promises kept, a talk three days ago, an answer of 9."""
    for n, in_time in enumerate([True, False, True, False]):
        asked(grown, MONDAY - 60 * DAY + n * timedelta(hours=1), in_time)
    for n in range(2):
        promised(grown, alice, MONDAY.date() - (3 + n) * DAY)
        promised(grown, alice, MONDAY.date() - (3 + n) * DAY, "broken" if n else "kept", "theirs")
    answered(nora, alice, MONDAY - 20 * DAY, 9)
    return grown


def weighing(by: User, at: datetime = MONDAY, why: str = "Other weights.", **weights: int) -> None:
    """Let a formula hold that weighs so."""
    formulas.change(weights, by=by, at=at)
    formulas.publish(why, by=by, at=at)
