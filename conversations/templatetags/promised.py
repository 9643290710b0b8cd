"""An open promise as markup: the box that says it is done, whose it is, and when it is due."""

from html import escape

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations.models import Commitment
from prm import addresses
from prm.templatetags.ui import due

register = template.Library()


@register.simple_tag(takes_context=True)
def promise_row(context: template.Context, promise: Commitment, with_partner: bool = False) -> SafeString:
    """One row; `with_partner` names the partner. It comes back to `back_to` of the page, where the page is
    not at the address that was asked for."""
    text, token = escape(promise.text), CsrfTokenNode().render(context)
    back = escape(context.get("back_to") or context["request"].get_full_path())
    done, done_with = escape(_("Done")), escape(_("Done: {text}")).format(text=text)
    side, whose = escape(str(promise.get_side_display())), _whose(promise, with_partner)
    keep, opens = (addresses.of(f"conversations:{name}", promise.pk) for name in ("keep", "promise"))
    return SafeString(
        f'<div class="row-i cm" data-row><form method="post" action="{keep}">{token}'
        f'<input type="hidden" name="next" value="{back}">'
        f'<button class="chk" aria-label="{done_with}" title="{done}"></button></form>'
        f'<div><div class="one b6"><a class="plain" href="{opens}">{text}</a></div>'
        f'<div class="xs muted one">{side}{whose}</div>'
        f"</div>{due(promise.promised_for)}</div>"
    )


def _whose(promise: Commitment, with_partner: bool) -> str:
    if with_partner:
        name = escape(str(promise.partner))
        return f' · <a href="{promise.partner.get_absolute_url()}">{name}</a>'
    whose = promise.owner if promise.side == Commitment.Side.OURS and promise.owner else promise.contact
    return f" · {escape(str(whose))}" if whose else ""
