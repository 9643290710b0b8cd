"""Rounds are drawn, mailed, reminded of, answered once, and read."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from conversations import messages, threads
from conversations.models import Conversation, Message, Wait
from lifecycle.models import Plan, PlanTemplate
from lifecycle.onboarding import plans, starters
from partners.models import Contact, Event, Partner
from prm import outbox, sweeper
from prm.models import BouncedAddress, OutboxItem
from reviews.surveying import addresses, answering, comments, following, mailing, results, sampling, surveys
from reviews.surveying.models import Answer, Invitation, Mark, OptOut, Survey
from reviews.surveying.sampling import Person
from reviews.surveying.surveys import Outline, SurveyRefused
from team.models import Region, User
from tests.conftest import MONDAY
from tests.reviews.surveying.conftest import Crowd

DAY = timedelta(days=1)
NPS = Outline("Spring", Survey.Kind.NPS)
HOW = Outline("How we work", Survey.Kind.HOW, is_confidential=True, cut="region", behaviours=["fairness"])


def sent(outline: Outline, by: User, at: datetime = MONDAY) -> Survey:
    survey = surveys.make(outline, by, at)
    surveys.draw(survey, by, at)
    return survey


def given(survey: Survey, contact: Contact, mark: int, at: datetime = MONDAY, comment: str = "") -> Answer:
    invitation = Invitation.objects.get(survey=survey, contact=contact)
    marks: dict[int, int | str | None] = {survey.questions.get().pk: mark}
    return answering.answer(invitation, marks, comment, at)


def mails(kind: str) -> int:
    return OutboxItem.objects.filter(kind=kind).count()


# --- the draw --------------------------------------------------------------------------------------------


def test_the_same_draw_again_is_the_same_and_says_why_not() -> None:
    people = [Person(n, f"p{n}@x.example") for n in range(1, 30)]
    people += [Person(30, ""), Person(31, "P1@x.example"), Person(32, "c@x.example", was_asked=True)]
    drawn = sampling.draw(people, 10, "seed")
    assert drawn == sampling.draw(reversed(people), 10, "seed") != sampling.draw(people, 10, "other")
    assert sum(not ground for ground in drawn.values()) == 10
    assert (drawn[30], drawn[31], drawn[32]) == ("no_address", "same", "asked")


def test_who_is_left_out_is_kept_with_the_reason(crowd: Crowd, erin: User, northwind: Partner) -> None:
    able, gone, silent, nameless, bounces, out = crowd(6)
    Contact.objects.filter(pk=gone.pk).update(left_on=MONDAY.date(), is_primary=False)
    Partner.objects.filter(pk=silent.partner_id).update(do_not_contact=True)
    Contact.objects.filter(pk=nameless.pk).update(email="")
    BouncedAddress.objects.create(
        email=bounces.email, bounces=3, last_bounced_at=MONDAY, suppressed_until=MONDAY + DAY
    )
    answering.stop(out, MONDAY)
    survey = sent(NPS, erin)
    told = dict(Invitation.objects.filter(survey=survey).values_list("contact", "left_out"))
    assert told == {
        able.pk: "",
        gone.pk: "gone",
        silent.pk: "do_not_contact",
        nameless.pk: "no_address",
        bounces.pk: "bounced",
        out.pk: "opted_out",
    }


def test_nobody_is_asked_twice_within_the_time_of_its_kind(crowd: Crowd, erin: User) -> None:
    crowd(1)
    sent(NPS, erin)
    with pytest.raises(SurveyRefused):
        sent(NPS, erin, MONDAY + 179 * DAY)
    csat = Outline("Well?", Survey.Kind.CSAT)
    assert sent(csat, erin, MONDAY + DAY).is_asking
    assert sent(NPS, erin, MONDAY + 181 * DAY).is_asking
    assert sent(csat, erin, MONDAY + 92 * DAY).is_asking


def test_a_round_is_sent_once_and_stays_as_confidential_as_it_said(crowd: Crowd, erin: User) -> None:
    crowd(2)
    survey = sent(NPS, erin)
    with pytest.raises(SurveyRefused):
        surveys.draw(survey, erin, MONDAY)
    with pytest.raises(SurveyRefused):
        surveys.remove(survey, erin, MONDAY)
    with pytest.raises(SurveyRefused):
        surveys.make(Outline("Cut", Survey.Kind.NPS, cut="region"), erin, MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(cut="region")


def test_a_partner_is_asked_about_three_behaviours_at_most(erin: User) -> None:
    for chosen in ([], ["performance", "openness", "fairness", "sharing"]):
        with pytest.raises(surveys.asking.QuestionsRefused):
            surveys.make(Outline("How", Survey.Kind.HOW, behaviours=chosen), erin, MONDAY)
    assert not Survey.objects.exists()


# --- mails -----------------------------------------------------------------------------------------------


def test_one_mail_and_one_reminder_on_the_fifth_day(crowd: Crowd, erin: User) -> None:
    crowd(1)
    sent(NPS, erin)
    for _ in range(2):
        sweeper.run(MONDAY, only="survey invitations")
    assert (mails(mailing.MAIL), mails(mailing.REMINDER)) == (1, 0)
    sweeper.run(MONDAY + 5 * DAY - timedelta(minutes=1), only="survey invitations")
    assert mails(mailing.REMINDER) == 0
    for hour in (0, 1, 200):
        sweeper.run(MONDAY + 5 * DAY + timedelta(hours=hour), only="survey invitations")
    assert mails(mailing.REMINDER) == 1


def test_no_reminder_after_an_answer_or_an_opt_out(crowd: Crowd, erin: User) -> None:
    answers, stops, late = crowd(3)
    survey = sent(NPS, erin)
    sweeper.run(MONDAY, only="survey invitations")
    given(survey, answers, 9, MONDAY + 4 * DAY)
    answering.stop(stops, MONDAY + 4 * DAY)
    sweeper.run(MONDAY + 5 * DAY, only="survey invitations")
    (item,) = OutboxItem.objects.filter(kind=mailing.REMINDER)
    assert Invitation.objects.get(pk=item.about["invitation"]).contact == late
    given(survey, late, 9, MONDAY + 5 * DAY)
    assert not mailing.still_stands(item)  # asked again when it is sent


def test_the_mail_says_how_answers_are_kept_and_its_address_is_kept_nowhere(crowd: Crowd, erin: User) -> None:
    crowd(1)
    survey = sent(HOW, erin)
    sweeper.run(MONDAY, only="survey invitations")
    mail = mailing.compose(OutboxItem.objects.get(kind=mailing.MAIL))
    assert isinstance(mail, outbox.Mail)
    assert "It is confidential" in mail.body
    assert mail.is_private
    invitation = Invitation.objects.get(survey=survey)
    token = addresses.token(invitation)
    assert token in mail.body
    assert len(token) >= 43  # 256 bits
    assert addresses.behind(token) == invitation
    assert token not in str(Invitation.objects.values().get())


# --- answers ---------------------------------------------------------------------------------------------


def test_an_answer_is_one_and_can_be_changed_for_a_day(crowd: Crowd, erin: User) -> None:
    (nora,) = crowd(1)
    survey = sent(NPS, erin)
    first = given(survey, nora, 9)
    assert given(survey, nora, 3, MONDAY + DAY) == first
    assert Mark.objects.get().value == 3
    with pytest.raises(answering.AnswerRefused):
        given(survey, nora, 10, MONDAY + DAY + timedelta(seconds=1))
    assert Mark.objects.get().value == 3


@pytest.mark.parametrize("mark", [11, -1, "9", None, 10**20])
def test_what_is_no_mark_is_refused(crowd: Crowd, erin: User, mark: int | str | None) -> None:
    crowd(1)
    survey = sent(NPS, erin)
    with pytest.raises(answering.AnswerRefused):
        answering.answer(Invitation.objects.get(), {survey.questions.get().pk: mark}, "", MONDAY)
    assert not Answer.objects.exists()


def test_what_has_closed_expired_or_left_takes_no_answer(crowd: Crowd, erin: User) -> None:
    nora, omar, gone = crowd(3)
    survey = sent(NPS, erin)
    Contact.objects.filter(pk=gone.pk).update(left_on=MONDAY.date(), is_primary=False)
    with pytest.raises(answering.AnswerRefused, match="was closed"):
        given(survey, gone, 9)
    with pytest.raises(answering.AnswerRefused, match="expired"):
        given(survey, omar, 9, MONDAY + 30 * DAY)
    surveys.close(survey, erin, MONDAY)
    with pytest.raises(answering.AnswerRefused, match="has closed"):
        given(survey, nora, 9)


def test_a_comment_waits_for_our_reply_like_any_message(crowd: Crowd, erin: User, alice: User) -> None:
    (nora,) = crowd(1)
    survey = sent(NPS, erin)
    answer = given(survey, nora, 6, comment="Two quotes came late.")
    said = Message.objects.get()
    assert "Two quotes came late." in said.body
    assert "6 of 10" in said.body
    assert list(comments.waiting(alice)) == [answer]
    given(survey, nora, 6, MONDAY + timedelta(hours=1), comment="Two quotes came late.")
    assert Message.objects.count() == 1  # the same again is no news
    given(survey, nora, 4, MONDAY + timedelta(hours=2), comment="Three, in fact.")
    assert Wait.objects.get().opened_at == MONDAY
    messages.reply(said.conversation, "You are right.", by=alice, at=MONDAY + timedelta(hours=3))
    assert not comments.waiting(alice).exists()
    assert list(comments.attributed(alice)) == [answer]


def test_words_in_answer_to_our_own_questions_are_heard_as_a_comment_is(
    crowd: Crowd, erin: User, alice: User, client: Client
) -> None:
    (nora,) = crowd(1)
    own = [("How was it?", "five"), ("What was late…", "words"), ("What else…", "words")]
    survey = sent(Outline("In words", Survey.Kind.OWN, own=own), erin)
    five, late, more = survey.questions.all()
    invitation = Invitation.objects.get(survey=survey)

    def answered(hours: int, marks: dict[int, int | str | None], comment: str = "") -> Answer:
        return answering.answer(invitation, marks, comment, MONDAY + timedelta(hours=hours))

    answer = answered(0, {five.pk: 2, late.pk: "Two quotes", more.pk: "The demo"}, "Please call.")
    said = Message.objects.get()
    assert said.body == (
        "Please call.\n\nWhat was late…\nTwo quotes\n\nWhat else…\nThe demo\n\n(Beside “In words”: 2 of 5)"
    )
    assert list(comments.waiting(alice)) == [answer]
    messages.receive(nora.partner, "portal", "Hello?", MONDAY, conversation=said.conversation, contact=nora)
    answered(1, {five.pk: 2, late.pk: "Two quotes", more.pk: "The demo"}, "Please call.")
    assert Message.objects.count() == 2  # the same again is no news, whatever was said since
    answered(2, {late.pk: "Three quotes"})
    newest = Message.objects.latest("pk")
    assert newest.body == "What was late…\nThree quotes\n\n(In answer to “In words”)"
    assert newest.conversation == said.conversation
    assert Wait.objects.get().opened_at == MONDAY
    client.force_login(alice)
    page = client.get("/surveys/comments/").text
    assert "Three quotes" in page
    assert "Two quotes" not in page
    messages.reply(said.conversation, "You are right.", by=alice, at=MONDAY + timedelta(hours=3))
    assert not comments.waiting(alice).exists()


def test_words_of_a_confidential_round_are_answered_to_all(crowd: Crowd, erin: User) -> None:
    asks = Outline("In words", Survey.Kind.OWN, is_confidential=True, own=[("What else…", "words")])
    for n in (4, 6):
        people = crowd(n)
        survey = sent(asks, erin)
        for person in people:
            invitation = Invitation.objects.get(survey=survey, contact=person)
            answering.answer(invitation, {survey.questions.get().pk: "Fewer calls"}, "", MONDAY)
        assert not Message.objects.exists()
        assert not comments.rounds_unanswered(erin).exists()
        surveys.close(survey, erin, MONDAY)
    assert [(each.pk, each.n) for each in comments.rounds_unanswered(erin)] == [(survey.pk, 6)]  # type: ignore[attr-defined]
    surveys.answer_all(survey, "Thank you.", erin, MONDAY)
    assert not comments.rounds_unanswered(erin).exists()


def test_a_confidential_comment_reaches_nobody_by_name_and_is_answered_to_all(
    crowd: Crowd, erin: User
) -> None:
    people = crowd(6)
    survey = sent(HOW, erin)
    for person in people:
        given(survey, person, 4, comment=f"Secret of {person.pk}")
    assert not Message.objects.exists()
    assert not Event.objects.filter(kind="survey_answered").exists()
    assert not comments.attributed(erin).exists()
    assert comments.of_confidential(survey) == []
    with pytest.raises(SurveyRefused):
        surveys.answer_all(survey, "Thank you.", erin, MONDAY)
    surveys.close(survey, erin, MONDAY)
    assert len(comments.of_confidential(survey)) == 6
    assert [(each.pk, each.n) for each in comments.rounds_unanswered(erin)] == [(survey.pk, 6)]  # type: ignore[attr-defined]
    surveys.answer_all(survey, "Thank you.", erin, MONDAY)
    assert not comments.rounds_unanswered(erin).exists()


# --- results ---------------------------------------------------------------------------------------------


def test_an_attributed_round_shows_score_interval_number_and_response(crowd: Crowd, erin: User) -> None:
    people = crowd(12)
    survey = sent(NPS, erin)
    for person, mark in zip(people, [9, 9, 10, 10, 9, 9, 7, 8, 7, 2], strict=False):
        given(survey, person, mark)
    (whole,) = results.lines(survey, erin)
    assert whole.score is not None
    assert (whole.score.words, whole.score.between, whole.n) == ("+50", "+0 … +77", 10)
    assert (whole.response.k, whole.response.n, whole.score.tone) == (10, 12, "")
    by_partner = results.lines(survey, erin, "partner")
    assert by_partner[1].name == people[9].partner.name  # lowest first, each drawn to the rate of all
    assert [line.remark for line in by_partner[1:]] == ["too few answers"] * 10
    cell = by_partner[1].cell
    assert [row.invitation.contact for row in results.rows(survey, erin, "partner", cell)] == [people[9]]
    assert not results.rows(survey, erin, "partner", "x").exists()


def test_a_confidential_round_shows_nothing_while_it_asks_and_no_group_under_five(
    crowd: Crowd, erin: User
) -> None:
    north, south, west = (Region.objects.create(name=name) for name in ("North", "South", "West"))
    people = [*crowd(4, region=north), *crowd(9, region=south), *crowd(6, region=west)]
    survey = sent(HOW, erin)
    for person in people:
        given(survey, person, 5)
    assert results.lines(survey, erin) == []
    assert results.headlines([survey], erin)[survey.pk][0] is None
    surveys.close(survey, erin, MONDAY)
    told = {line.name: line.n for line in results.lines(survey, erin, "partner")}
    assert told == {"": 19, "North": 0, "South": 9, "West": 0}  # 19 less 9 less 6 would leave 4
    Partner.objects.filter(pk=people[4].partner_id).update(region=north)
    assert {line.name: line.n for line in results.lines(survey, erin)} == told
    assert not results.rows(survey, erin).exists()


def test_four_confidential_answers_show_nothing(crowd: Crowd, erin: User) -> None:
    people = crowd(4)
    survey = sent(HOW, erin)
    for person in people:
        given(survey, person, 5, comment="Well.")
    surveys.close(survey, erin, MONDAY)
    assert (results.lines(survey, erin), comments.of_confidential(survey)) == ([], [])
    assert results.headlines([survey], erin)[survey.pk][0] is None
    assert results.of_partner(people[0].partner, erin, MONDAY) == []


def test_a_round_closes_by_itself(crowd: Crowd, erin: User) -> None:
    crowd(1)
    survey = sent(NPS, erin)
    sweeper.run(MONDAY + 30 * DAY, only="surveys")
    survey.refresh_from_db()
    assert survey.closed_at == MONDAY + 30 * DAY


# --- after what ended ------------------------------------------------------------------------------------


def test_a_closed_conversation_is_asked_about_once_where_it_is_switched_on(
    crowd: Crowd, alice: User, ravi: User
) -> None:
    (nora,) = crowd(1)
    said = messages.receive(nora.partner, "email", "When?", MONDAY, contact=nora, subject="Dates")
    threads.resolve(said.conversation, alice, MONDAY + DAY, reason="Told by phone")
    assert following.ensure_asked(MONDAY + 3 * DAY) == 0  # off
    survey = following.switch_on(Survey.After.CONVERSATION, ravi, MONDAY + 3 * DAY)
    assert following.ensure_asked(MONDAY + 5 * DAY) == 0  # it ended before
    threads.reopen(said.conversation, alice, MONDAY + 5 * DAY)
    threads.resolve(said.conversation, alice, MONDAY + 5 * DAY, reason="Again")
    assert following.ensure_asked(MONDAY + 5 * DAY) == 0  # not settled yet
    for _ in range(2):
        following.ensure_asked(MONDAY + 6 * DAY)
    invitation = Invitation.objects.get()
    assert (invitation.contact, invitation.left_out) == (nora, "")
    assert following.words(invitation) == "It is about “Dates”."
    following.switch_off(Survey.After.CONVERSATION, ravi, MONDAY + 7 * DAY)
    survey.refresh_from_db()
    assert survey.closed_at is not None
    with pytest.raises(following.FollowingRefused):
        following.switch_off(Survey.After.CONVERSATION, ravi, MONDAY + 7 * DAY)


def test_a_conversation_counts_from_its_last_closing_however_old_its_words_are(
    crowd: Crowd, alice: User, ravi: User
) -> None:
    nora, omar = crowd(2)
    following.switch_on(Survey.After.CONVERSATION, ravi, MONDAY)
    said = messages.receive(nora.partner, "email", "When?", MONDAY, contact=nora, subject="Dates")
    threads.resolve(said.conversation, alice, MONDAY + 20 * DAY, reason="Settled at last")
    again = messages.receive(omar.partner, "email", "Where?", MONDAY, contact=omar, subject="Places")
    threads.resolve(again.conversation, alice, MONDAY + 19 * DAY, reason="Told")
    threads.reopen(again.conversation, alice, MONDAY + 20 * DAY)
    threads.resolve(again.conversation, alice, MONDAY + 21 * DAY, reason="Told again")
    following.ensure_asked(MONDAY + 21 * DAY)
    assert [each.contact for each in Invitation.objects.all()] == [nora]
    following.ensure_asked(MONDAY + 22 * DAY)
    assert [each.contact for each in Invitation.objects.all()] == [nora, omar]
    kept = list(Conversation.objects.order_by("pk").values_list("closed_at", flat=True))
    Conversation.objects.update(closed_at=None)
    step = import_module("conversations.migrations.0004_keep_when_conversations_are_closed")
    step.fill(apps, SimpleNamespace(connection=connection))  # what was closed before it was kept
    assert list(Conversation.objects.order_by("pk").values_list("closed_at", flat=True)) == kept


def test_what_was_closed_long_ago_is_not_asked_about_whatever_is_written_since(
    crowd: Crowd, alice: User, ravi: User
) -> None:
    (nora,) = crowd(1)
    following.switch_on(Survey.After.CONVERSATION, ravi, MONDAY)
    said = messages.receive(nora.partner, "email", "When?", MONDAY, contact=nora, subject="Dates")
    threads.resolve(said.conversation, alice, MONDAY + DAY, reason="Told")
    Conversation.objects.update(last_message_at=MONDAY + 20 * DAY)  # an automatic word of ours
    following.ensure_asked(MONDAY + 21 * DAY)
    assert not Invitation.objects.exists()


def test_what_went_quiet_long_ago_is_not_asked_about_when_it_is_tidied_away(
    crowd: Crowd, alice: User, ravi: User
) -> None:
    (nora,) = crowd(1)
    said = messages.receive(nora.partner, "email", "When?", MONDAY, contact=nora, subject="Dates")
    following.switch_on(Survey.After.CONVERSATION, ravi, MONDAY + 95 * DAY)
    threads.resolve(said.conversation, alice, MONDAY + 99 * DAY, reason="Tidied")
    following.ensure_asked(MONDAY + 101 * DAY)
    assert not Invitation.objects.exists()


def test_a_finished_plan_is_asked_about_and_who_was_asked_lately_is_left_out(
    crowd: Crowd, ravi: User
) -> None:
    (nora,) = crowd(1)
    following.switch_on(Survey.After.PLAN, ravi, MONDAY)
    starters.seed(MONDAY)
    template = PlanTemplate.objects.get()
    for n in (1, 2):
        plan = plans.make(nora.partner, template, MONDAY.date(), by=ravi, at=MONDAY)
        Plan.objects.filter(pk=plan.pk).update(finished_at=MONDAY + n * DAY)
    following.ensure_asked(MONDAY + 4 * DAY)
    assert list(Invitation.objects.values_list("left_out", flat=True)) == ["", "asked"]


def test_wanting_no_surveys_holds_until_it_is_taken_back(crowd: Crowd, erin: User) -> None:
    (nora,) = crowd(1)
    for _ in range(2):
        answering.stop(nora, MONDAY)
    assert OptOut.objects.count() == 1
    with pytest.raises(SurveyRefused):
        sent(NPS, erin)
    answering.resume(nora, MONDAY)
    assert sent(NPS, erin).is_asking


def test_words_of_a_confidential_round_are_read_once_five_have_answered(
    client: Client, crowd: Crowd, erin: User
) -> None:
    people = crowd(6)
    asks = Outline(
        "In words", Survey.Kind.OWN, is_confidential=True, own=[("What should we do less of?", "words")]
    )
    survey = sent(asks, erin)
    client.force_login(erin)
    for n, person in enumerate(people):
        invitation = Invitation.objects.get(survey=survey, contact=person)
        answering.answer(invitation, {survey.questions.get().pk: f"Fewer calls {n}"}, "", MONDAY)
    assert comments.words_of(survey) == []
    assert "Fewer calls" not in client.get(survey.get_absolute_url()).text
    surveys.close(survey, erin, MONDAY)
    page = client.get(survey.get_absolute_url()).text
    assert all(f"Fewer calls {n}" in page for n in range(6))
    assert "6 of 6 have answered, in words." in page
