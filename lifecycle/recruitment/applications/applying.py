"""An application is sent, and confirmed from its address before it becomes anything here.

What a stranger typed is not mailed to anybody, so that the form sends nobody's words around. Whether a firm
was known here is never said outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from conversations import decisions
from conversations.mail import threading
from lifecycle.recruitment.applications import born, questions
from lifecycle.recruitment.applications.models import Application, ApplicationForm
from partners.keys import own_domain
from partners.models import Event, Partner
from prm import outbox, references, sweeper
from prm.models import OutboxItem
from prm.outbox import Mail
from prm.refusals import Refused
from team.models import Company

KIND, CONFIRM = "application", "application_confirm"
BY = "applicant"
KEPT_FOR = timedelta(days=3)  # unconfirmed
MOST_OF_ADDRESS, MOST_OF_NETWORK = 3, 10  # a day
DAY = timedelta(days=1)
State = Application.State
_signer = signing.Signer(salt="lifecycle.applications")


class ApplicationRefused(Refused):
    """It cannot be sent or confirmed."""


@transaction.atomic
def send(
    form: ApplicationForm,
    organisation: str,
    person: str,
    email: str,
    answers: Mapping[int, Any],
    at: datetime,
    website: str = "",
    address: str | None = None,
) -> Application:
    """Keep what was answered, and ask its address whether it is meant. `answers` are by question."""
    if not form.is_open:
        raise ApplicationRefused(_("This form is closed. Nothing was sent."))
    _not_too_many(email, address, at)
    asked = list(form.questions.all())
    application = Application.objects.create(
        form=form,
        organisation=_line(organisation),
        person=_line(person),
        email=email,
        website=website,
        answers=[questions.kept(each, answers.get(each.pk)) for each in asked],
        mapped=questions.mapped(asked, answers),
        address=address,
        sent_at=at,
        next_check_at=at + KEPT_FOR,
    )
    outbox.put(CONFIRM, f"{CONFIRM}:{application.pk}", at, {"application": application.pk})
    return application


def _line(text: str) -> str:
    return " ".join(text.split())


def _not_too_many(email: str, address: str | None, at: datetime) -> None:
    lately = Application.objects.filter(sent_at__gt=at - DAY)
    if lately.filter(email__iexact=email).count() >= MOST_OF_ADDRESS:
        raise ApplicationRefused(
            _(
                "{n} applications came from this e-mail address today. Look for our mail, or try tomorrow."
            ).format(n=MOST_OF_ADDRESS)
        )
    if address and lately.filter(address=address).count() >= MOST_OF_NETWORK:
        raise ApplicationRefused(_("Many applications came from your network today. Try again tomorrow."))


@transaction.atomic
def confirm(application: Application, at: datetime) -> Application:
    """The address says that it is meant: it goes to its partner, known or new, and waits for our yes or no.
    A second time changes nothing."""
    Company.objects.select_for_update().get()  # two applications of one firm, one after the other
    held = Application.objects.select_for_update(of=("self",)).select_related("form").get(pk=application.pk)
    if held.state != State.SENT:
        return held
    if at > held.sent_at + KEPT_FOR:
        raise ApplicationRefused(_("This address has expired. Fill in the form once more."))
    known = partner_of(held)
    held.was_known = known is not None
    held.partner, held.contact = (known, None) if known is not None else born.bear(held, at)
    held.state, held.confirmed_at = State.ASKED, at
    held.save(update_fields=["was_known", "partner", "contact", "state", "confirmed_at"])
    arrived(held, at)
    return held


def arrived(application: Application, at: datetime) -> None:
    """A confirmed application is told to whoever decides on it."""
    about, by = references.to(application), application.contact or BY
    partner = application.partner
    assert partner is not None  # it is confirmed
    note = _("{form}, of a firm that is here already") if application.was_known else "{form}"
    note = note.format(form=application.form)
    Event.record("application_came", at, by, partner, about, note=note)
    decisions.ask(KIND, partner, by, at, words=_words(application), about=about)


def _words(application: Application) -> str:
    return _("“{form}”, by {person} of {organisation}").format(
        form=application.form, person=application.person, organisation=application
    )


def partner_of(application: Application) -> Partner | None:
    """The partner that is here already: whose person writes from this address, or whose domain it has, or
    the website it names."""
    people = threading.contacts_at(application.email)
    if people:
        return people[0].partner
    theirs = threading.partners_at(application.email)
    domain = own_domain(application.website) if application.website else ""
    theirs = theirs or (threading.partners_at(f"@{domain}") if domain else [])
    return theirs[0] if theirs else None


def sweep(at: datetime) -> int:
    """Forget what nobody confirmed, and the network addresses; how many."""
    return sweeper.in_batches(Application.objects.all(), at, _forget)


def _forget(application: Application, at: datetime) -> None:
    if application.state == State.SENT:
        Application.objects.filter(pk=application.pk, state=State.SENT).delete()
    Application.objects.filter(pk=application.pk).update(address=None, next_check_at=None)


# --- the address it is confirmed, looked at and contested under -----------------------------------------


def token(application: Application) -> str:
    return _signer.sign(application.key.hex)


def address(application: Application) -> str:
    return settings.BASE_URL + reverse("lifecycle:application_state", args=[token(application)])


def behind(signed: str) -> Application | None:
    """The application a signed address belongs to; None where it is not one of ours."""
    try:
        key = UUID(_signer.unsign(signed))
    except (signing.BadSignature, ValueError):
        return None
    return Application.objects.select_related("form", "partner", "contact").filter(key=key).first()


def still_stands(item: OutboxItem) -> bool:
    """Whether the mail still asks for something."""
    return Application.objects.filter(pk=item.about["application"], state=State.SENT).exists()


def compose(item: OutboxItem) -> Mail:
    """The mail that asks whether it is meant. It holds no word of whoever filled in the form."""
    application = Application.objects.select_related("form").get(pk=item.about["application"])
    company = Company.objects.first()
    context = {"company": company, "address": address(application), "days": KEPT_FOR.days}
    return Mail(
        to=[application.email],
        subject=_("Confirm your application to {company}").format(company=company or "us"),
        body=render_to_string("lifecycle/recruitment/applications/confirm.txt", context),
    )
