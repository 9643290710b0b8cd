"""Template words that know nothing of partners."""

from django import template

register = template.Library()
