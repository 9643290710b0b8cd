"""The cards of both boards and the rows of deals and plans as markup. A board holds sixty of them, and by
templates they cost more than all that is read for them."""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lifecycle.board import Card
from lifecycle.growth.pipeline import Row as Deal
from lifecycle.onboarding.listing import Row as Plan
from prm.templatetags.ui import icon, moment

register = template.Library()

PILLS = {"won": "pill ok", "lost": "pill"}  # of deals that are closed, by their state


@register.simple_tag
def partner_cards(cards: Iterable[Card]) -> SafeString:
    """Each partner of a column: what stands ahead, its facts, and the button of its moves."""
    return SafeString("".join(part for card in cards for part in _partner(card)))


def _partner(card: Card) -> Iterator[str]:
    yield _begun(card.key, card.name, card.url, card.is_in_trouble, card.move_url if card.may_move else "")
    on = f", {moment(card.next_on)}" if card.next_on else ""
    yield f'<div class="small next {card.next_tone}">{escape(card.next_words)}{on}</div>'
    yield f'<div class="xs muted num">{escape(card.facts)}</div>'
    yield from _ended(card.road_url, card.move_words) if card.may_move else ("</li>",)


@register.simple_tag
def deal_cards(cards: Iterable[Deal]) -> SafeString:
    """Each deal of a phase: customer and partner, the next step, its worth, and the button of its moves."""
    return SafeString("".join(part for card in cards for part in _deal(card)))


def _deal(card: Deal) -> Iterator[str]:
    is_late = card.is_overdue or card.is_step_overdue
    yield _begun(card.key, card.name, card.url, is_late, card.move_url if card.may_move else "")
    yield f'<div class="xs muted one">{escape(card.customer)} · {escape(card.partner)}</div>'
    step, tone = card.next_step or _("No next step"), "t-warn" if card.is_step_overdue else "muted"
    yield f'<div class="small next {tone}">{escape(step)}{_day(", ", card.next_step_on)}</div>'
    worth = _("no amount") if card.worth is None else str(card.worth)
    tone, closes = "t-warn" if card.is_overdue else "muted", _day(" · ", card.close_on)
    yield f'<div class="xs num {tone}">{escape(worth)} · {card.likely} %{closes}</div>'
    yield from _ended(card.move_url, card.move_words) if card.may_move else ("</li>",)


@register.simple_tag
def deal_rows(rows: Iterable[Deal]) -> SafeString:
    """Each deal as a row of the table."""
    return SafeString("".join(part for row in rows for part in _deal_row(row)))


def _deal_row(row: Deal) -> Iterator[str]:
    name = escape(row.name)
    yield '<tr data-row><td class="lead"><span class="who"><span class="pile">'
    yield f'<a class="b6 one" href="{row.url}" title="{name}">{name}</a>'
    yield f'<span class="xs muted one">{escape(row.customer)}</span></span></span></td>'
    yield f'<td class="num">{"–" if row.worth is None else escape(str(row.worth))}</td>'
    yield f'<td class="fact">{_phase(row)}</td>'
    yield f'<td class="fact{" t-warn" if row.is_overdue else ""}">'
    yield date_format(row.close_on, "j M Y") if row.close_on else "–"
    yield f"{_past(_('passed')) if row.is_overdue else ''}</td>"
    yield f'<td class="fact one"><a href="{row.partner_url}">{escape(row.partner)}</a></td>'
    yield f'<td class="small one {"t-warn" if row.is_step_overdue else "muted"}">{escape(row.next_step)}'
    yield f"{_day(' · ', row.next_step_on)}{_past(_('overdue')) if row.is_step_overdue else ''}</td>"
    yield f'<td class="fact one muted small">{escape(row.owner)}</td></tr>'


def _phase(row: Deal) -> str:
    phase = escape(row.phase)
    if row.state in PILLS:
        return f'<span class="{PILLS[row.state]}">{phase}</span>'
    return f'{phase} <span class="small muted num">{row.likely} %</span>'


def _past(words: str) -> str:
    return f' <span class="xs">{escape(words)}</span>'


def _begun(key: str, name: str, url: str, is_late: bool, move_url: str) -> str:
    worn = " st" if is_late else ""
    movable = f' data-movable="{escape(move_url)}"' if move_url else ""
    shown = f'<a class="b6 one" href="{escape(url)}">{escape(name)}</a>'
    return f'<li class="kc{worn}" id="card-{key}"{movable}>{shown}'


def _ended(url: str, words: str) -> Iterator[str]:
    yield f'<button class="mv" form="look" formaction="{escape(url)}" aria-label="{escape(words)}">'
    yield icon("dots-vertical", "icon-sm")
    yield "</button></li>"


def _day(before: str, day: date | None) -> str:
    return f"{before}{date_format(day, 'j M')}" if day else ""


@register.simple_tag
def plan_rows(plans: Iterable[Plan]) -> SafeString:
    """Each plan of the list: whose it is, how far it is, what is due next."""
    return SafeString("".join(part for plan in plans for part in _plan(plan)))


def _plan(plan: Plan) -> Iterator[str]:
    name, late = escape(plan.template), plan.late
    yield f'<tr data-row><td class="lead"><span class="pile"><a class="b6 one" href="{escape(plan.url)}">'
    yield f'{escape(plan.partner)}<span class="visually-hidden">, {name}</span></a>'
    yield f'<span class="small muted one">{name}</span></span></td>'
    yield f'<td class="fact">{date_format(plan.starts_on, "j M Y")}</td>'
    closed = _("{closed} of {n} closed").format(closed=plan.closed, n=plan.tasks)
    yield f'<td class="fact">{escape(closed)}</td>'
    due = date_format(plan.next_on, "j M Y") if plan.next_on else "–"
    yield f'<td class="fact{" t-warn" if late else ""}">{due}</td>'
    if late:
        words = ngettext("{n} task late", "{n} tasks late", late).format(n=late)
        yield f'<td class="fact"><span class="pill warn">{escape(words)}</span></td>'
    else:
        worn = " ok" if plan.state == "running" else ""
        yield f'<td class="fact"><span class="pill{worn}">{escape(plan.word)}</span></td>'
    yield f'<td class="fact one muted small">{escape(plan.owner or _("Unassigned"))}</td></tr>'
