"""Words of issues that were messages, too, go when an admin deletes the message."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from conversations.models import Message
from partners.models import Event
from reviews.issues.models import Issue, Resolution


def forget(deleted: Sequence[Message]) -> None:
    """What was said of an issue in one of these messages: its words, how it was solved, why it was not."""
    bodies = [message.body for message in deleted if message.body]
    threads = {message.conversation_id for message in deleted}
    found = Issue.objects.filter(wait__conversation__in=threads)
    touched = {issue.pk for issue in found if _words_of(issue, bodies)}
    for resolution in Resolution.objects.filter(issue__in=found):
        if _resolution_of(resolution, bodies):
            touched.add(resolution.issue_id)
    Event.objects.filter(about_kind="issue", about_id__in=touched).update(note="")


def _words_of(issue: Issue, bodies: list[str]) -> bool:
    """Whether its words stood in one of them; its title is the opening of the same."""
    if (issue.words or issue.title) not in bodies:
        return False
    Issue.objects.filter(pk=issue.pk).update(words="", title=_("Deleted"))
    return True


def _resolution_of(resolution: Resolution, bodies: list[str]) -> bool:
    changed = {}
    if any(body.startswith(resolution.words) for body in bodies):
        changed["words"] = _("Deleted")
    if resolution.reopened_why in bodies:
        changed["reopened_why"] = _("Deleted")
    if changed:
        Resolution.objects.filter(pk=resolution.pk).update(**changed)
    return bool(changed)
