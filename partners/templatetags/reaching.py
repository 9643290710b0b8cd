"""How somebody is reached, as icons; a page names a dozen people, each with three."""

from collections.abc import Iterable
from html import escape
from urllib.parse import urlencode

from django import template
from django.utils.safestring import SafeString

from partners.calling import Way
from partners.models import Contact
from prm import addresses
from prm.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def reached_by(ways: Iterable[Way], contact: Contact, back: str) -> SafeString:
    """A press opens the app and leaves a log in #begun, from which one comes back to `back`."""
    return SafeString("".join(_way(way, contact, back) for way in ways))


def _way(way: Way, contact: Contact, back: str) -> str:
    asked = {"partner": contact.partner_id, "contact": contact.pk, "channel": way.channel}
    url = escape(
        f"{addresses.at('conversations:log')}?{urlencode({**asked, 'begun': 1, 'next': back}, safe='/')}"
    )
    words = escape(way.words)
    return (
        f'<a class="btn btn-g ib" href="{url}" hx-get="{url}" hx-target="#begun" hx-swap="outerHTML"'
        f' data-app="{escape(way.address)}" title="{words}">{icon(way.icon, "icon-sm")}'
        f'<span class="visually-hidden">{words}: {escape(str(contact))}</span></a>'
    )
