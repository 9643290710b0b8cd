"""Reply templates: begun with, filled, chosen without sending; what is left to say is never sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conversations import drafts, filling, messages, reply_templates
from conversations.filling import FieldRefused, Unfilled
from conversations.models import Conversation, Draft, Message, ReplyTemplate
from conversations.reply_templates import TemplateRefused
from conversations.starter_templates import STARTERS
from partners.models import Contact, Event, Partner
from prm import clock
from team.models import User
from tests.conftest import MONDAY

HOUR = timedelta(hours=1)
QUIET = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def thread(northwind: Partner, nora: Contact) -> Conversation:
    asked = messages.receive(northwind, "email", "When?", at=MONDAY, contact=nora, subject="Dates")
    return asked.conversation


@pytest.fixture
def no(alice: User) -> ReplyTemplate:
    text = "Hello {contact first name}, about {Subject}: no. [[what the partner can do]]"
    return reply_templates.add("A no", "en", text, by=alice, at=MONDAY)


# --- kept ---------------------------------------------------------------------------------------------


def test_an_unknown_field_is_refused_with_those_that_are_known(alice: User) -> None:
    with pytest.raises(FieldRefused, match=r"no field \{first name\}. Known are .*\{contact first name\}"):
        reply_templates.add("Hello", "en", "Hello {first name}", by=alice, at=MONDAY)
    with pytest.raises(FieldRefused, match="stands alone"):
        reply_templates.add("Hello", "en", "Hello {contact", by=alice, at=MONDAY)
    assert not ReplyTemplate.objects.exists()


def test_double_brackets_become_the_mark(no: ReplyTemplate) -> None:
    assert no.text.endswith("⟦what the partner can do⟧")


def test_two_of_one_name_and_language_are_refused_in_words(no: ReplyTemplate, alice: User) -> None:
    with pytest.raises(TemplateRefused, match="“A no” in English already"):
        reply_templates.add("A  no", "en", "No.", by=alice, at=MONDAY)
    reply_templates.add("A no", "de", "Nein.", by=alice, at=MONDAY)
    reply_templates.add("A no", "en", "No.", by=alice, at=MONDAY, mine=True)


def test_a_change_of_a_shared_one_stands_in_the_history_and_of_ones_own_does_not(
    no: ReplyTemplate, alice: User
) -> None:
    mine = reply_templates.add("Mine", "en", "Hi.", by=alice, at=MONDAY, mine=True)
    reply_templates.change(mine, "Mine", "en", "Hello.", by=alice, at=MONDAY)
    reply_templates.change(no, "A no", "en", "No.", by=alice, at=MONDAY)
    reply_templates.remove(no, by=alice, at=MONDAY)
    kinds = Event.objects.filter(kind__startswith="template_").order_by("pk")
    assert list(kinds.values_list("kind", "note")) == [
        (f"template_{what}", "A no (English)") for what in ("added", "changed", "removed")
    ]


def test_every_starter_can_be_kept_and_the_hard_ones_have_their_four_parts() -> None:
    for _, _, text in STARTERS:
        assert filling.checked(text) == text
    for language, word in (("en", "Hard"), ("de", "Schwer")):
        hard = [text for name, lang, text in STARTERS if lang == language and name.startswith(word)]
        assert len(hard) == 5
        assert all(len(filling.MARK.findall(text)) == 4 for text in hard)


def test_a_company_begins_with_them_once(alice: User) -> None:
    reply_templates.seed()
    assert ReplyTemplate.objects.shared().count() == len(STARTERS)
    reply_templates.remove(ReplyTemplate.objects.all()[0], by=alice, at=MONDAY)
    reply_templates.seed()
    assert ReplyTemplate.objects.count() == len(STARTERS) - 1


# --- filled -------------------------------------------------------------------------------------------


def test_known_fields_are_filled_and_unknown_ones_stay_as_marks(
    alice: User, northwind: Partner, nora: Contact
) -> None:
    about = filling.About(northwind, alice, nora, "Dates", MONDAY)
    text = "{contact}/{contact first name}/{partner}/{me}/{company}/{subject}/{due}"
    filled = filling.fill(text, about.values("en"))
    assert filled.startswith("Nora Berg/Nora/Northwind/Alice/")
    assert filled.endswith(f"/Dates/{MONDAY.day} June 2026")
    assert f"/{MONDAY.day}. Juni 2026" in filling.fill("/{due}", about.values("de"))
    assert filling.fill("by {due}", filling.About(northwind, alice).values("en")) == "by ⟦due⟧"


def test_what_a_partner_is_called_is_not_read_as_a_field(alice: User, northwind: Partner) -> None:
    northwind.name = "{me} & Co"
    about = filling.About(northwind, alice)
    assert filling.fill("{partner}", about.values("en")) == "{me} & Co"


def test_a_reply_with_a_mark_is_not_sent_and_the_mark_is_named(
    client: Client, alice: User, thread: Conversation
) -> None:
    client.force_login(alice)
    answer = client.post(reverse("conversations:reply", args=[thread.pk]), {"body": "No. ⟦the reason⟧"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Still to be filled in: ⟦the reason⟧." in page
    assert ">\nNo. ⟦the reason⟧</textarea>" in page
    assert not Message.objects.filter(direction="out").exists()


def test_neither_is_a_new_mail(alice: User, northwind: Partner, nora: Contact) -> None:
    with pytest.raises(Unfilled, match="⟦a⟧, ⟦b⟧, ⟦c⟧ and 1 more"):
        messages.start(northwind, "Plan", "⟦a⟧⟦b⟧⟦b⟧⟦c⟧⟦d⟧", by=alice, at=MONDAY, to=nora)


# --- chosen -------------------------------------------------------------------------------------------


def test_choosing_fills_the_box_keeps_what_was_typed_and_sends_nothing(
    client: Client, alice: User, thread: Conversation, no: ReplyTemplate
) -> None:
    client.force_login(alice)
    with clock.fixed(MONDAY + HOUR):
        address = reverse("conversations:template_into_reply", args=[thread.pk, no.pk])
        answer = client.post(address, {"body": "Typed before.", "holding": "on"}, **QUIET)
    expected = "Typed before.\n\nHello Nora, about Dates: no. ⟦what the partner can do⟧"
    assert f">\n{expected}</textarea>" in answer.content.decode()
    kept = Draft.objects.get().initial
    assert (kept["body"], kept["holding"]) == (expected, "on")
    assert not Message.objects.filter(direction="out").exists()


def test_without_a_script_what_was_typed_is_kept_on_the_way_to_the_list_and_back(
    client: Client, alice: User, thread: Conversation, no: ReplyTemplate
) -> None:
    client.force_login(alice)
    place = drafts.reply_in(thread.pk)
    answer = client.post(place.keeps_at, {"body": "Typed.", "next": place.templates_at}, follow=True)
    page = answer.content.decode()
    chosen = reverse("conversations:template_into_reply", args=[thread.pk, no.pk])
    assert f'action="{chosen}"' in page
    answer = client.post(chosen, follow=True)
    assert ">\nTyped.\n\nHello Nora, about Dates: no." in answer.content.decode()
    assert "Nothing is sent yet." in answer.content.decode()


def test_an_empty_box_is_not_said_to_be_kept(client: Client, alice: User, thread: Conversation) -> None:
    client.force_login(alice)
    place = drafts.reply_in(thread.pk)
    answer = client.post(place.keeps_at, {"body": "", "next": place.templates_at}, follow=True)
    assert "Kept as a draft" not in answer.content.decode()


def test_in_a_new_mail_the_chosen_contact_is_addressed(
    client: Client, alice: User, northwind: Partner, nora: Contact, no: ReplyTemplate
) -> None:
    pia = Contact.objects.create(
        partner=northwind, name="Pia Holm", email="pia@northwind.example", created_at=MONDAY
    )
    client.force_login(alice)
    typed = {"subject": "Plan", "contact": str(pia.pk), "body": ""}
    answer = client.post(
        reverse("conversations:template_into_mail", args=[northwind.pk, no.pk]), typed, **QUIET
    )
    page = answer.content.decode()
    assert "Hello Pia, about Plan: no." in page
    assert 'class="textarea form-control"' in page
    assert Draft.objects.get().initial["subject"] == "Plan"


def test_a_template_is_found_by_typing_and_one_of_another_is_not(
    client: Client, alice: User, bob: User, thread: Conversation, no: ReplyTemplate
) -> None:
    reply_templates.add("Prices", "de", "Unsere Preise.", by=bob, at=MONDAY, mine=True)
    reply_templates.add("Preise", "de", "Unsere Preise.", by=alice, at=MONDAY, mine=True)
    client.force_login(alice)
    address = drafts.reply_in(thread.pk).templates_at
    found = client.get(address, {"q": "UNSERE preise"}, **QUIET).content.decode()
    assert ("Preise</b>" in found, "Prices</b>" in found, "A no</b>" in found) == (True, False, False)
    assert "No template has these words." in client.get(address, {"q": "zebra"}).content.decode()


def test_those_in_the_language_of_the_reader_come_first(
    client: Client, alice: User, thread: Conversation, nora: Contact, no: ReplyTemplate
) -> None:
    reply_templates.add("Zusage", "de", "Ja.", by=alice, at=MONDAY)
    client.force_login(alice)
    address = drafts.reply_in(thread.pk).templates_at
    assert [str(each) for each in client.get(address).context["templates"]] == ["A no", "Zusage"]
    Contact.objects.filter(pk=nora.pk).update(language="de-AT")
    assert [str(each) for each in client.get(address).context["templates"]] == ["Zusage", "A no"]


def test_one_of_another_person_can_neither_be_used_nor_changed(
    client: Client, alice: User, bob: User, thread: Conversation
) -> None:
    of_bob = reply_templates.add("Prices", "en", "Our prices.", by=bob, at=MONDAY, mine=True)
    client.force_login(alice)
    used = client.post(reverse("conversations:template_into_reply", args=[thread.pk, of_bob.pk]))
    changed = client.post(of_bob.get_absolute_url(), {"name": "X", "language": "en", "text": "X"})
    assert (used.status_code, changed.status_code) == (404, 404)


# --- under Settings -----------------------------------------------------------------------------------


def test_an_admin_shares_one_and_a_person_keeps_its_own(client: Client, ravi: User, alice: User) -> None:
    typed = {"name": "Hello", "language": "en", "text": "Hello {contact}"}
    client.force_login(ravi)
    client.post(reverse("conversations:templates"), typed)
    client.force_login(alice)
    client.post(reverse("conversations:own_templates"), typed)
    assert set(ReplyTemplate.objects.values_list("name", "owner")) == {("Hello", None), ("Hello", alice.pk)}


def test_a_refused_text_stays_in_the_form(client: Client, alice: User) -> None:
    client.force_login(alice)
    typed = {"name": "Hello", "language": "en", "text": "Hello {who}"}
    answer = client.post(reverse("conversations:own_templates"), typed)
    page = answer.content.decode()
    assert (answer.status_code, "There is no field {who}." in page, "Hello {who}</textarea>" in page) == (
        422,
        True,
        True,
    )


def test_one_is_changed_and_removed(client: Client, alice: User) -> None:
    mine = reply_templates.add("Hello", "en", "Hi.", by=alice, at=MONDAY, mine=True)
    client.force_login(alice)
    client.post(mine.get_absolute_url(), {"name": "Hello", "language": "de", "text": "Hallo {contact}"})
    mine.refresh_from_db()
    assert (mine.language, mine.text) == ("de", "Hallo {contact}")
    client.post(reverse("conversations:template_remove", args=[mine.pk]))
    assert not ReplyTemplate.objects.exists()
