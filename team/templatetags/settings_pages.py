"""The side list of Settings, for every page of it whichever app draws it."""

from typing import Any

from django import template

from team import settings_pages

register = template.Library()


@register.inclusion_tag("team/settings_nav.html", takes_context=True)
def settings_nav(context: dict[str, Any]) -> dict[str, Any]:
    """The pages of Settings the reader can use, the one being read marked."""
    request = context["request"]
    return {"pages": settings_pages.pages_for(request.user), "path": request.path}
