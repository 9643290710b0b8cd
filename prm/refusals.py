"""Refusals: what a verb raises when a rule says no, in words a person can read."""

from collections.abc import Sequence


class Refused(Exception):
    """A rule said no. `str(refusal)` is one sentence; `reasons` are its parts in words."""

    def __init__(self, detail: str, reasons: Sequence[str] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reasons = list(reasons) or [detail]
