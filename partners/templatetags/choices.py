"""What a list can be narrowed to, as markup. A company of five hundred people has a box for each, and by
templates they cost more than all else on the page."""

from html import escape

from django import template
from django.utils.safestring import SafeString

from partners.groups import Group

register = template.Library()


@register.simple_tag
def boxes(group: Group) -> SafeString:
    """A box to tick for each option of a group."""
    name = escape(group.name)
    drawn = (
        f'<label><input type="checkbox" name="{name}" value="{escape(each.value)}"'
        f"{' checked' if each.chosen else ''}> {escape(each.label)}</label>"
        for each in group.options
    )
    return SafeString("".join(drawn))
