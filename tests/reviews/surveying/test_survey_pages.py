"""The pages of surveys: where people answer without an account, and where we read what they said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Contact
from portal import passes
from prm import clock, outbox, sweeper
from prm.models import OutboxItem
from reviews.surveying import addresses, answering, mailing, surveys
from reviews.surveying.models import Answer, Invitation, Mark, OptOut, Survey, SurveyQuestion
from reviews.surveying.surveys import Outline
from team.models import User
from tests.reviews.surveying.conftest import Crowd

NPS = Outline("Spring", Survey.Kind.NPS, "One question.")
ROUND = {"title": "Spring", "kind": "nps", "own": "", "size": "", "words": "Hello."}


@pytest.fixture
def survey(crowd: Crowd, erin: User) -> Survey:
    """A round that asks one person."""
    crowd(1)
    return sent(NPS, erin)


def sent(outline: Outline, by: User) -> Survey:
    at = clock.now()
    survey = surveys.make(outline, by, at)
    surveys.draw(survey, by, at)
    return survey


def page_of(survey: Survey) -> str:
    return addresses.path(Invitation.objects.asked().filter(survey=survey)[0])


def field(survey: Survey, place: int = 0) -> str:
    return f"q{SurveyQuestion.objects.get(survey=survey, place=place).pk}"


def test_a_round_of_200_with_scanners_that_follow_every_address(
    crowd: Crowd, erin: User, client: Client
) -> None:
    """Every link of every mail is fetched, by GET and by HEAD, before anybody answers."""
    for someone in crowd(20):
        Contact.objects.bulk_create(
            Contact(partner=someone.partner, name="Who", email=f"{n}.{someone.email}", created_at=clock.now())
            for n in range(9)
        )
    survey = sent(NPS, erin)
    sweeper.run(clock.now(), only="survey invitations")
    mails = [mailing.compose(item) for item in OutboxItem.objects.filter(kind=mailing.MAIL)]
    assert len(mails) == 200
    for place, mail in enumerate(mails):
        assert isinstance(mail, outbox.Mail)
        links = set(re.findall(r"https?://[^\s\"<]+", mail.html + mail.body))
        marks = {link for link in links if "mark=" in link}
        assert len(marks) == 11
        for link in links if place < 3 else sorted(marks)[:1]:
            path = "/" + link.split("/", 3)[3]
            assert client.get(path).status_code == 200
            assert place > 3 or client.head(path).status_code == 200
    assert (Answer.objects.count(), OptOut.objects.count()) == (0, 0)
    for place, invitation in enumerate(Invitation.objects.filter(survey=survey)):
        if place % 4 == 0:
            client.post(addresses.path(invitation), {field(survey): str(place % 11)})
    assert (Answer.objects.count(), Mark.objects.count()) == (50, 50)
    sweeper.run(clock.now() + timedelta(days=5), only="survey invitations")
    assert OutboxItem.objects.filter(kind=mailing.REMINDER).count() == 150


def test_one_answers_by_a_plain_form_and_changes_it(survey: Survey) -> None:
    browser, path = Client(enforce_csrf_checks=True), page_of(survey)
    page = browser.get(f"{path}?mark=9")
    html = page.content.decode()
    assert re.search(r'value="9"[^>]*checked', html)
    assert "We read who answered what" in html
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)[0]
    sent = {"csrfmiddlewaretoken": token, field(survey): "9", "comment": "Good."}
    assert browser.post(path, sent).status_code == 303
    assert "we have your answer" in browser.get(path).content.decode()
    assert browser.post(path, sent | {field(survey): "4"}).status_code == 303
    assert Mark.objects.get().value == 4
    assert page["Referrer-Policy"] == "same-origin"  # with none a browser names no origin: nothing is taken


def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(survey: Survey, client: Client) -> None:
    path = page_of(survey)
    nothing = client.post(path, {"comment": "Only words."})
    assert nothing.status_code == 422
    assert "Answer at least one question." in nothing.content.decode()
    assert "Only words." in nothing.content.decode()
    for bad in ("11", "-1", "9" * 20, "nine", "9\x00"):
        assert client.post(path, {field(survey): bad}).status_code == 422
    assert client.post(path, {field(survey): "9", "comment": "x\x00"}).status_code == 422
    assert client.post(path, {field(survey): "9", "comment": "x" * 5001}).status_code == 422
    assert client.get(f"{path}?mark={'9' * 20}").status_code == 200
    assert client.put(path).status_code == 405
    assert not Answer.objects.exists()


def test_a_double_press_answers_once(survey: Survey, client: Client) -> None:
    form = client.get(page_of(survey)).context["form"]
    typed = {"once": str(form["once"].value()), field(survey): "9", "comment": "Twice?"}
    for _ in range(2):
        assert client.post(page_of(survey), typed).status_code == 303
    answer = Answer.objects.get()
    assert answer.changes == 0
    assert answer.conversation is not None
    assert answer.conversation.messages.count() == 1


def test_an_address_says_in_words_why_it_is_shut(survey: Survey, erin: User, client: Client) -> None:
    path, at = page_of(survey), clock.now()
    unknown = client.get(reverse("reviews:answer_survey", args=["nobody"]))
    assert (unknown.status_code, "none of our surveys" in unknown.content.decode()) == (404, True)
    assert client.get(reverse("reviews:answer_survey", args=["x" * 3000])).status_code == 404
    Invitation.objects.update(expires_at=at)
    expired = client.get(path)
    assert (expired.status_code, "has expired" in expired.content.decode()) == (410, True)
    surveys.close(survey, erin, at)
    closed = client.post(path, {field(survey): "9"})
    assert (closed.status_code, "has closed" in closed.content.decode()) == (422, True)
    assert not Answer.objects.exists()


def test_one_press_stops_surveys_and_another_lets_them_come(survey: Survey) -> None:
    stop = f"{page_of(survey)}stop/"
    machine = Client(enforce_csrf_checks=True)  # RFC 8058: mail programs press without a page of ours
    assert machine.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert OptOut.objects.count() == 1
    assert "You get no surveys from us." in machine.get(page_of(survey)).content.decode()
    assert "Ask me again" in machine.get(stop).content.decode()
    machine.post(stop, {"resume": "1"})
    assert not OptOut.objects.exists()


def test_a_round_is_made_looked_at_sent_and_closed(crowd: Crowd, erin: User, client: Client) -> None:
    crowd(3)
    client.force_login(erin)
    made = client.post("/surveys/new/", ROUND)
    survey = Survey.objects.get()
    assert made["Location"] == survey.get_absolute_url()
    assert "people would be asked" in client.get(survey.get_absolute_url()).content.decode()
    change = reverse("reviews:survey_change", args=[survey.pk])
    client.post(change, {"do": "send"})
    assert client.post(change, {"do": "send"}, follow=True).content.decode().count("was sent already") == 1
    assert Invitation.objects.asked().count() == 3
    asked = client.get(reverse("reviews:survey_asked", args=[survey.pk])).content.decode()
    assert "Person 0" in asked
    client.post(change, {"do": "close"})
    survey.refresh_from_db()
    assert survey.closed_at is not None
    assert client.post(change, {"do": "remove"}, follow=True).status_code == 200
    assert Survey.objects.exists()


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"title": ""}, "title"),
        ({"title": "x\x00"}, "title"),
        ({"kind": "how"}, "behaviours"),
        ({"kind": "how", "behaviours": ["performance", "openness", "fairness", "sharing"]}, "behaviours"),
        ({"kind": "own", "own": "\n".join("abcdef")}, "own"),
        ({"cut": "region"}, "cut"),
        ({"size": "0"}, "size"),
        ({"size": "1" + "0" * 20}, "size"),
        ({"types": ["999"]}, "types"),
    ],
)
def test_a_round_that_cannot_be_is_refused_at_its_field(
    erin: User, client: Client, typed: dict[str, object], named: str
) -> None:
    client.force_login(erin)
    answer = client.post("/surveys/new/", {**ROUND, **typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [named])
    assert not Survey.objects.exists()


def test_a_figure_opens_onto_its_rows_and_goes_out_as_a_file(
    crowd: Crowd, erin: User, client: Client
) -> None:
    people = crowd(6)
    survey = sent(NPS, erin)
    for person, mark in zip(people, [10, 9, 9, 8, 3, 10], strict=True):
        answer(survey, person, mark, "=1+1" if mark == 3 else "")
    client.force_login(erin)
    page = client.get(survey.get_absolute_url()).content.decode()
    assert "+50" in page
    assert "6/6" in page
    rows = client.get(reverse("reviews:survey_answers", args=[survey.pk])).content.decode()
    assert rows.count("How likely are you") == 6
    file = b"".join(client.get(reverse("reviews:survey_file", args=[survey.pk]))).decode()  # type: ignore[arg-type]
    assert ",6,50.0," in file
    comments = client.get("/surveys/comments/").content.decode()
    assert "=1+1" in comments
    assert "left" in comments  # its clock runs
    partner = client.get(reverse("reviews:satisfaction", args=[people[4].partner_id])).content.decode()
    assert "1 answer, too few for a score" in partner
    assert "1 of 1 asked answered" in partner


def answer(survey: Survey, person: Contact, mark: int, comment: str = "") -> None:
    invitation = Invitation.objects.get(survey=survey, contact=person)
    answering.answer(invitation, {survey.questions.get().pk: mark}, comment, clock.now())


def test_no_page_or_file_tells_who_answered_a_confidential_round(
    crowd: Crowd, erin: User, client: Client
) -> None:
    """A canary in what one person says is found nowhere but, without its name, among the comments."""
    people = crowd(6)
    how = Outline("How", Survey.Kind.HOW, is_confidential=True, behaviours=["fairness"])
    survey = sent(how, erin)
    for person in people:
        answer(survey, person, 5, f"canary {person.pk}")
    client.force_login(erin)
    pages = [
        *(survey.get_absolute_url(), f"{survey.get_absolute_url()}?by=partner", "/surveys/"),
        f"/surveys/{survey.pk}/answers/?by=partner&cell={people[0].partner_id}",
        "/surveys/comments/?show=all",
        *(f"/surveys/{survey.pk}/asked/", f"/surveys/{survey.pk}/file/?by=partner"),
        *(f"/partners/{people[0].partner_id}/satisfaction/", f"/partners/{people[0].partner_id}/"),
    ]
    for url in pages:
        assert "canary" not in said(client, url)
        assert "answered</span>" not in said(client, url)
    surveys.close(survey, erin, clock.now())
    for url in pages[2:]:
        assert "canary" not in said(client, url)
    assert "100 %" in (closed := said(client, pages[0]))
    assert closed.count("canary") == 6
    assert people[0].name not in closed


def said(client: Client, url: str) -> str:
    response = client.get(url)
    return b"".join(response).decode()  # type: ignore[arg-type]


def test_in_the_portal_one_finds_what_oneself_is_asked_and_stops_it(
    crowd: Crowd, erin: User, client: Client
) -> None:
    me, other = crowd(2)
    Contact.objects.filter(pk=other.pk).update(partner=me.partner, is_primary=False)
    survey = sent(NPS, erin)
    token = passes.token(passes.give(me, 30, by=erin, at=clock.now()))
    page = reverse("portal:surveys", args=[token])
    invited = [Invitation.objects.get(survey=survey, contact=each) for each in (me, other)]
    mine, theirs = map(addresses.path, invited)
    html = client.get(page).content.decode()
    assert mine in html
    assert theirs not in html
    client.post(f"{page}switch/")
    assert mine not in (html := client.get(page).content.decode())
    assert "You get no surveys from us." in html
    client.post(f"{page}switch/", {"on": "1"})
    assert mine in client.get(page).content.decode()


def test_the_partner_page_shows_attributed_answers_alone(crowd: Crowd, erin: User, client: Client) -> None:
    (me,) = crowd(1)
    client.force_login(erin)
    survey = sent(NPS, erin)
    url = me.partner.get_absolute_url()
    assert "Satisfaction" not in client.get(url).content.decode()
    how = Outline("How", Survey.Kind.HOW, is_confidential=True, behaviours=["fairness"])
    answer(sent(how, erin), me, 2)
    assert "Satisfaction" not in client.get(url).content.decode()
    answer(survey, me, 7)
    html = client.get(url).content.decode()
    assert "Satisfaction" in html
    assert "of 10" in html
