"""What a plan says is written by the verb that the quiz calls, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lifecycle.onboarding.learning import taking
from lifecycle.onboarding.learning.importing.planning import Coming, Outcome, ResultPlan
from partners.models import Event
from prm.models import Import, ImportRow
from prm.references import Reference
from prm.rows import Rows
from team.models import User


@dataclass
class Ready:
    """All that a file brings, ready to be written; see `prm.importing.Ready`."""

    imported: Import
    plan: ResultPlan
    at: datetime

    @property
    def by(self) -> User | str:
        return self.imported.by or "import"

    def has_moved(self) -> bool:
        return self.plan.has_moved()

    def write(self) -> None:
        new, marks = self.plan.of(Outcome.NEW), Rows()
        for one in new:
            self._record(one, marks)
        marks.write()
        Event.record(
            "results_imported",
            self.at,
            self.by,
            about=Reference("import", self.imported.pk),
            changes=self.imported.counts,
            note=f"{self.imported.file_name}: {len(new)} added",
        )

    def _record(self, one: Coming, marks: Rows) -> None:
        assert one.course is not None  # a row without one is rejected, as without the others
        assert one.contact is not None
        assert one.result is not None
        certificate = taking.record(one.course, one.contact, one.result, by=self.by, at=self.at)
        if certificate is not None:
            marks.change(ImportRow, one.row.pk, target=certificate.pk)
