"""The dated facts of a partner as markup; by a template they cost more than all that is read for them."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from lifecycle.models import Evidence
from lifecycle.road import Road
from prm import addresses
from prm.templatetags.ui import icon, moment

register = template.Library()


@register.simple_tag(takes_context=True)
def fact_rows(context: template.Context, road: Road) -> SafeString:
    """Each fact with its day, who recorded it and its file; who may record may withdraw it, and comes back to
    `here` of the page, where the page is not at the address that was asked for."""
    back = quote(context.get("here") or context["request"].path)
    return SafeString("".join(part for fact in road.evidence for part in _fact(fact, road, back)))


def _fact(fact: Evidence, road: Road, back: str) -> Iterator[str]:
    kind, ends = escape(str(fact.get_kind_display())), ""
    if fact.is_withdrawn:
        ends = f' <span class="pill">{escape(_("withdrawn"))}</span>'
    yield f'<div class="rl">{icon("file-x" if fact.is_withdrawn else "file-check")}<div class="small">'
    said = " · ".join(_said(fact, road))
    yield f'<div class="b6">{kind}{ends}</div><div class="xs muted">{said}</div></div>'
    if road.may_record and not fact.is_withdrawn:
        url = f"{addresses.of('lifecycle:evidence_withdraw', fact.pk)}?next={back}"
        words = escape(_("Withdraw {kind}").format(kind=fact.get_kind_display()))
        yield f'<a class="btn btn-g btn-s" href="{escape(url)}" aria-label="{words}">'
        yield f"{escape(_('Withdraw'))}</a>"
    yield "</div>"


def _said(fact: Evidence, road: Road) -> Iterator[str]:
    yield moment(fact.on)
    if fact.by:
        yield escape(str(fact.by))
    if fact.note:
        yield escape(Truncator(fact.note).chars(120))
    if fact.is_withdrawn:
        yield escape(fact.withdrawn_reason)
    if fact.file and fact.pk in road.readable:
        url = addresses.of("lifecycle:evidence_file", fact.pk)
        yield f'<a href="{url}">{escape(fact.file_name)}</a>'
    elif fact.file:
        yield escape(_("file withheld"))
