"""Events in words."""

from django import template

from partners import history
from partners.models import Event

register = template.Library()


@register.simple_tag
def event_words(event: Event) -> str:
    """What the event says after its actor: "moved it to Growth"."""
    return history.sentence(event)
