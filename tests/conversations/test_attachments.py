"""Files of mails: kept by type and size, handed out only as downloads and only to who sees the thread;
and files that go out with a reply."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conversations import corrections, incoming, messages, outgoing
from conversations.mail import keeping
from conversations.models import Attachment, Message, RawMail, Wait
from partners.models import Contact, Partner
from prm import clock, outbox
from team.models import Company, User
from tests.conversations.letters import NOW, raw
from tests.sink import Sink

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def mail(nora: Contact) -> Message:
    files = {
        "plan.pdf": PDF,
        "run.exe": b"MZ",
        "false.pdf": b"<script>alert(1)</script>",
        "page.html": b"<script>alert(1)</script>",
        "big.pdf": PDF + b"\0" * (10 * 1024 * 1024),
    }
    html = "<p>What about <b>the margins</b>?</p><img src=https://spy.example/a.gif>"
    message = incoming.accept(raw(html=html, files=files), NOW).message
    assert message is not None
    return message


def test_allowed_files_are_kept_and_the_others_say_why_not(mail: Message) -> None:
    kept = {each.name: each.refused for each in mail.attachments.all()}
    assert kept["plan.pdf"] == ""
    assert "no allowed type" in kept["run.exe"]
    assert "no allowed type" in kept["page.html"]
    assert "not that of a .pdf" in kept["false.pdf"]
    assert "larger than 10 MB" in kept["big.pdf"]
    assert "plan" not in mail.attachments.get(name="plan.pdf").file.name


def test_a_file_is_a_download_that_no_browser_runs(client: Client, mail: Message, bob: User) -> None:
    client.force_login(bob)
    answer = client.get(reverse("conversations:attachment", args=[mail.attachments.get(name="plan.pdf").pk]))
    assert b"".join(answer) == PDF  # type: ignore[call-overload]
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert (
        client.get(reverse("conversations:attachment", args=[mail.attachments.last().pk])).status_code == 404
    )


@pytest.mark.parametrize("name", ["attachment", "original", "formatted", "pictures"])
def test_who_does_not_see_the_partner_finds_none_of_it(
    client: Client, mail: Message, bob: User, alice: User, name: str
) -> None:
    key = mail.attachments.get(name="plan.pdf").pk if name == "attachment" else mail.pk
    Company.objects.update(reading="own")
    client.force_login(bob)
    assert client.get(reverse(f"conversations:{name}", args=[key])).status_code == 404
    client.force_login(alice)
    assert client.get(reverse(f"conversations:{name}", args=[key])).status_code == 200
    Message.objects.filter(pk=mail.pk).update(withdrawn_at=NOW)
    assert client.get(reverse(f"conversations:{name}", args=[key])).status_code == 404


def test_the_page_shows_files_and_the_ways_to_the_original(client: Client, mail: Message, bob: User) -> None:
    client.force_login(bob)
    page = client.get(mail.conversation.get_absolute_url()).content.decode()
    assert "plan.pdf" in page
    assert "not kept: “run.exe” is of no allowed type" in page
    assert reverse("conversations:formatted", args=[mail.pk]) in page
    answer = client.get(reverse("conversations:original", args=[mail.pk]))
    assert b"".join(answer) == RawMail.objects.get().file.open().read()  # type: ignore[call-overload]


def test_pictures_of_other_servers_come_only_when_asked_for(client: Client, mail: Message, bob: User) -> None:
    client.force_login(bob)
    plain = client.get(reverse("conversations:formatted", args=[mail.pk]))
    assert "<b>the margins</b>" in plain.content.decode()
    assert "spy.example" not in plain.content.decode()
    assert "https:" not in plain["Content-Security-Policy"]
    asked = client.get(reverse("conversations:pictures", args=[mail.pk]))
    assert '<img src="https://spy.example/a.gif">' in asked.content.decode()
    assert "img-src 'self' data: https: http:" in asked["Content-Security-Policy"]


def test_a_mail_of_100_files_keeps_the_first_and_names_the_rest(nora: Contact) -> None:
    incoming.accept(raw(files={f"{n}.pdf": PDF for n in range(100)}), NOW)
    assert Attachment.objects.exclude(file="").count() == keeping.MOST_FILES
    assert Attachment.objects.count() == 100


def test_a_deleted_message_takes_its_files_and_its_original_along(
    mail: Message, ravi: User, django_capture_on_commit_callbacks: Any
) -> None:
    stored = [each.file for each in mail.attachments.exclude(file="")] + [RawMail.objects.get().file]
    with django_capture_on_commit_callbacks(execute=True):
        corrections.erase(mail, "Sent by mistake", ravi, NOW)
    assert not any(file.storage.exists(file.name) for file in stored)
    kept = RawMail.objects.get()
    assert (kept.file.name, kept.subject, kept.text, kept.sender) == ("", "", "", "")
    assert not Attachment.objects.exists()
    assert not incoming.accept(raw(), NOW).is_new


# --- out ------------------------------------------------------------------------------------------------


@pytest.fixture
def answer(client: Client, nora: Contact, alice: User) -> Callable[..., object]:
    thread = incoming.accept(raw(), NOW).message.conversation  # type: ignore[union-attr]

    def send(*files: SimpleUploadedFile) -> object:
        client.force_login(alice)
        with clock.fixed(NOW):
            typed = {"body": "See there & <b>here</b>.", "attached": list(files)}
            return client.post(reverse("conversations:reply", args=[thread.pk]), typed)

    return send


def test_files_go_out_with_a_reply(sink: Sink, answer: Callable[..., object]) -> None:
    csv = b"name\nGr\xc3\xb6\xc3\x9fe\n"
    files = SimpleUploadedFile("plan.pdf", PDF), SimpleUploadedFile("Größe.csv", csv)
    assert answer(*files).status_code == 303  # type: ignore[attr-defined]
    outbox.deliver(NOW + outgoing.UNDO_FOR)
    (sent,) = sink.mails
    assert sent.get_body(("plain",)).get_content().strip() == "See there & <b>here</b>."  # type: ignore[union-attr]
    html = sent.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "See there &amp; &lt;b&gt;here&lt;/b&gt;." in html
    got = {part.get_filename(): part.get_payload(decode=True) for part in sent.iter_attachments()}
    assert got == {"plan.pdf": PDF, "Größe.csv": csv}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([SimpleUploadedFile("run.exe", b"MZ")], "no allowed type"),
        ([SimpleUploadedFile("plan.pdf", b"")], "empty"),
        ([SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(11)], "Up to 10 files"),
        ([SimpleUploadedFile(f"{n}.pdf", PDF + b"\0" * 9_000_000) for n in range(3)], "20 MB together"),
    ],
)
def test_files_that_may_not_go_out_are_refused_and_the_words_stay(
    sink: Sink, answer: Callable[..., object], files: list[SimpleUploadedFile], words: str
) -> None:
    page = answer(*files)
    assert page.status_code == 422  # type: ignore[attr-defined]
    text = page.content.decode()  # type: ignore[attr-defined]
    assert words in text
    assert "See there &amp; &lt;b&gt;" in text
    assert Message.objects.filter(direction="out").count() == Attachment.objects.count() == 0
    assert Wait.objects.get().state == "open"


def test_what_we_begin_takes_files_too(sink: Sink, northwind: Partner, nora: Contact, alice: User) -> None:
    messages.start(northwind, "Plan", "Here.", alice, NOW, nora, files=[SimpleUploadedFile("plan.pdf", PDF)])
    outbox.deliver(NOW + outgoing.UNDO_FOR)
    assert [part.get_filename() for part in sink.mails[0].iter_attachments()] == ["plan.pdf"]
