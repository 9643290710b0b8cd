"""What the values of listed columns of results mean."""

from __future__ import annotations

from functools import cached_property

from lifecycle.onboarding.learning.models import Course
from partners.importing.lists import Lists
from prm.search import fold

PASSED, FAILED = "Passed", "Failed"
_RESULTS = {
    PASSED: ("passed", "pass", "yes", "true", "1", "completed", "complete", "ok", "successful"),
    FAILED: ("failed", "fail", "no", "false", "0", "not passed", "unsuccessful"),
}


class ResultLists(Lists):
    """Our courses that were ever offered, and how a course can end."""

    @cached_property
    def _entries(self) -> dict[str, dict[str, str]]:
        courses = Course.objects.exclude(published_at=None).values_list("title", flat=True)
        return {
            "course": {fold(title): title for title in courses},
            "result": {word: result for result, words in _RESULTS.items() for word in words},
        }
