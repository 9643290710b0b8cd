"""The tasks of a partner as markup: those that are open, and the last that are done or left out."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lifecycle.models import Task
from lifecycle.road import Road
from prm import addresses
from prm.templatetags.ui import icon, moment

register = template.Library()


@register.simple_tag(takes_context=True)
def open_task_rows(context: template.Context, road: Road) -> SafeString:
    """Each with its box, whose it is and when it is due; who may see to it may leave it out. It comes back to
    `here` of the page, where the page is not at the address that was asked for."""
    token, back = CsrfTokenNode().render(context), _back(context)
    return SafeString(
        "".join(part for task in road.first_open_tasks for part in _open(task, road, token, back))
    )


@register.simple_tag(takes_context=True)
def closed_task_rows(context: template.Context, road: Road) -> SafeString:
    """Each with why it was left out; who may see to it may open it again."""
    token, back = CsrfTokenNode().render(context), _back(context)
    return SafeString(
        "".join(part for task in road.closed_tasks for part in _closed(task, road, token, back))
    )


def _back(context: template.Context) -> str:
    here: str = context.get("here") or context["request"].path
    return here


def _open(task: Task, road: Road, token: str, back: str) -> Iterator[str]:
    text, is_mine = escape(task.text), task.pk in road.mine_to_do
    yield '<div class="rl">'
    if is_mine:
        yield _form("lifecycle:task_done", task, token, back)
        yield f'<button class="chk" aria-label="{_named(_("Done: {text}"), text)}"></button></form>'
    else:
        yield icon("square")
    said = [*_said(task), *([_leave_out(task, text, back)] if is_mine else [])]
    yield f'<div class="small"><div class="b6">{text}</div>'
    yield f'<div class="xs muted">{" · ".join(said)}</div></div>'
    tone = " bad" if task.pk in road.late else ""
    yield f'<span class="pill{tone}">{moment(task.due_on)}</span>' if task.due_on else "<span></span>"
    yield "</div>"


def _said(task: Task) -> Iterator[str]:
    yield escape(str(task.get_side_display()))
    if whose := task.owner or task.contact:
        yield escape(str(whose))
    if task.is_required:
        yield escape(_("required"))
    if task.is_blocked:
        yield escape(_("waits for another"))
    elif task.state != Task.State.PENDING:
        yield escape(str(task.state.label).lower())


def _leave_out(task: Task, text: str, back: str) -> str:
    url = escape(f"{addresses.of('lifecycle:task_skip', task.pk)}?next={quote(back)}")
    return f'<a href="{url}" aria-label="{_named(_("Leave out: {text}"), text)}">{escape(_("leave out"))}</a>'


def _closed(task: Task, road: Road, token: str, back: str) -> Iterator[str]:
    text, why = escape(task.text), ""
    if task.skipped_reason:
        why = f' <span class="xs">· {escape(_("left out"))}: {escape(task.skipped_reason)}</span>'
    yield f'<div class="rl"><span class="t-ok">{icon("check")}</span>'
    yield f'<div class="small muted">{text}{why}</div>'
    if task.pk in road.mine_to_do:
        yield _form("lifecycle:task_undone", task, token, back)
        words = _named(_("Open again: {text}"), text)
        yield f'<button class="btn btn-g btn-s" aria-label="{words}">'
        yield f"{escape(_('Open again'))}</button></form>"
    else:
        yield "<span></span>"
    yield "</div>"


def _form(name: str, task: Task, token: str, back: str) -> str:
    """A form that posts there and comes back, left open for its button."""
    return (
        f'<form method="post" action="{addresses.of(name, task.pk)}">{token}'
        f'<input type="hidden" name="next" value="{escape(back)}">'
    )


def _named(words: str, text: str) -> str:
    """Words around a text that is escaped already."""
    return escape(words).format(text=text)
