"""A person's days as its working calendar has them: where its week begins, ends and rests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from prm.calendars import WorkCalendar

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Here:
    """A reader's local now and its working calendar."""

    now: datetime
    calendar: WorkCalendar

    @property
    def today(self) -> date:
        return self.now.date()

    def week(self, ahead: int = 0) -> date:
        """The first day of this week, or of one `ahead`. A week begins after its longest rest: on Monday
        where Monday to Friday are worked, on Sunday where Sunday to Thursday are."""
        since = (self.today.weekday() - self._first_weekday()) % 7
        return self.today + (7 * ahead - since) * ONE

    def _first_weekday(self) -> int:
        worked = [day for day in range(7) if self.calendar.weekly[day]]
        if len(worked) in {0, 7}:
            return 0
        rests = {day: min((day - other - 1) % 7 for other in worked) for day in worked}
        return max(worked, key=lambda day: rests[day])

    def last_worked(self, first: date, last: date) -> date:
        """The last working day of a span, today or later; the span's last day where none is left."""
        day = last
        while day >= max(first, self.today):
            if self.calendar.works_on(day):
                return day
            day -= ONE
        return last

    def end_of_week(self, first: date) -> date:
        """The last working day of a week; the next one's where that has passed."""
        worked = [day for day in (first + n * ONE for n in range(7)) if self.calendar.works_on(day)]
        if worked and worked[-1] < self.today:
            return self.end_of_week(first + 7 * ONE)
        return worked[-1] if worked else first + 6 * ONE

    def worked_before(self, day: date) -> date:
        """The last working day before; the day before where the month before holds none."""
        for back in range(1, 32):
            if self.calendar.works_on(day - back * ONE):
                return day - back * ONE
        return day - ONE

    def worked_after(self, count: int) -> date:
        """The day on which `count` working days have passed since today; ValueError where they never do."""
        day, left = self.today, count
        for _ in range(7 * count + 60):
            if left == 0:
                return day
            day += ONE
            left -= self.calendar.works_on(day)
        raise ValueError(f"no {count} working days ahead")
