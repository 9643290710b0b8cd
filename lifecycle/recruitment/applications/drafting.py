"""The draft of a no: what is known, and what would change the answer. No score, weight or threshold."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lifecycle.recruitment.applications.models import Application, ApplicationQuestion
from lifecycle.recruitment.applications.questions import CRITERION
from partners import countries
from partners.models import Fit, FitLine

MOST = 4


def no(application: Application) -> str:
    """Words to begin with, for a person to change and to send."""
    lines = _against(application)
    known = [_known(line) for line in lines if line.answer is not None] or _answered(application)
    missing = [str(line.criterion.name) for line in lines if line.answer is None]
    parts = [_("Thank you for your application. We say no for now, and this is why.")]
    if known:
        parts.append("\n".join([_("What we know:"), *known]))
    if missing:
        parts.append(_("What we do not know: {things}.").format(things=", ".join(missing)))
    parts.append(_("What would change our answer: news on one of these. Tell us, and we look again."))
    return "\n\n".join(parts)


def _against(application: Application) -> list[FitLine]:
    """What speaks most against it, of what the applicant was asked or the record holds: what must be there
    first, then what is far off. What we think of it is not told."""
    fit = Fit.objects.filter(partner=application.partner, is_current=True).first()
    if fit is None or application.was_known:
        return []
    asked = {
        to.removeprefix(CRITERION) for to in application.form.questions.values_list("maps_to", flat=True)
    }
    lines = FitLine.objects.filter(fit=fit).select_related("criterion")
    theirs = [line for line in lines if line.criterion.source or line.criterion.key in asked]
    against = [line for line in theirs if line.points is None or line.points < 0.5]
    return sorted(against, key=lambda line: (not line.criterion.must_have, line.points or 0))[:MOST]


def _answered(application: Application) -> list[str]:
    """What it said in short."""
    short = [each for each in application.said if each["kind"] != ApplicationQuestion.Kind.LONG]
    return [f"– {each['words']} {each['said']}" for each in short[:MOST]]


def _known(line: FitLine) -> str:
    return f"– {line.criterion.name}: {_said(line.answer, line.criterion.source)}"


def _said(answer: object, source: str) -> str:
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    if isinstance(answer, list):
        return ", ".join(map(str, answer))
    return countries.name_of(str(answer)) if source == "country" else str(answer)
