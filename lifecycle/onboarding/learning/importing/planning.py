"""What becomes of each row: a new result, one that stands already, or rejected. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Max
from django.utils.translation import gettext as _

from lifecycle.onboarding.learning.importing.lists import PASSED
from lifecycle.onboarding.learning.importing.people import People
from lifecycle.onboarding.learning.models import Attempt, Certificate, Course
from lifecycle.onboarding.learning.taking import Result
from partners.importing.matching import chunks
from partners.importing.naming import Named
from partners.models import Contact, Event, Partner
from partners.organisations import local_day
from prm.models import Import, ImportRow
from team.companies import zone_of
from team.models import User

MOST = 10_000  # rows: each is written by the verb that the quiz calls
FIRST_YEAR = 1990  # as evidence asks
TOUCHING = ("results_imported", "certificate_issued", "certificate_withdrawn")
Outcome = ImportRow.Outcome
Key = tuple[int, int, date]  # course, person, day


@dataclass
class Coming:
    """One row, whose result of which course it is, and what stands of it already."""

    row: ImportRow
    partner: Partner | None = None
    course: Course | None = None
    contact: Contact | None = None
    result: Result | None = None
    refusal: str = ""
    note: str = ""
    certificate: int | None = None

    @property
    def outcome(self) -> str:
        if self.refusal:
            return Outcome.REJECTED
        return Outcome.SAME if self.note else Outcome.NEW


@dataclass
class ResultPlan:
    """All rows of a file with what becomes of them, as things stood after the event `as_of`."""

    coming: list[Coming]
    as_of: int = 0

    def of(self, outcome: str) -> list[Coming]:
        return [one for one in self.coming if one.outcome == outcome]

    def counts(self) -> dict[str, int]:
        return {
            "things_new": len(self.of(Outcome.NEW)),
            "things_changed": 0,
            "things_same": len(self.of(Outcome.SAME)),
        }

    def has_moved(self) -> bool:
        """Whether any result came since: then it is planned once more."""
        return Event.objects.filter(pk__gt=self.as_of, kind__in=TOUCHING).exists()


def plan(imported: Import, rows: Sequence[ImportRow]) -> ResultPlan:
    """Plan the rows that could be read, and write outcome and words on them."""
    as_of = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    read = [row for row in rows if row.facts is not None]
    there = There.of(read, imported.by, local_day(imported.created_at, zone_of()))
    coming = [there.plan(row) for row in read]
    for one in coming:
        _say(one)
    return ResultPlan(coming, as_of)


@dataclass
class There:
    """What stands of all that a file touches."""

    named: Named
    people: People
    courses: dict[str, Course]
    certificates: dict[Key, Certificate]
    failed: set[Key]
    today: date
    many: bool
    seen: dict[Key, Coming] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[ImportRow], by: User | None, today: date) -> There:
        facts = [row.facts or {} for row in rows]
        people = People.of(each["email"] for each in facts)
        pks = {person.pk for person in people.by_address.values()}
        titles = {each["course"] for each in facts}
        return cls(
            named=Named.of((each["partner"] for each in facts), by),
            people=people,
            courses={course.title: course for course in Course.objects.all() if course.title in titles},
            certificates=_certificates(pks),
            failed=_failed(pks),
            today=today,
            many=len(rows) > MOST,
        )

    def plan(self, row: ImportRow) -> Coming:
        one, facts = Coming(row), row.facts or {}
        one.course = self.courses.get(facts["course"])
        one.partner = self.named.one(facts["partner"])
        if one.partner is not None:
            one.contact = self.people.one(one.partner.pk, facts["email"])
        one.refusal = self._of_whom(one) or self._when(one) or self._how(one)
        if not one.refusal:
            self._compare(one)
        return one

    def _of_whom(self, one: Coming) -> str:
        facts = one.row.facts or {}
        if self.many:
            return _("A list of results has {n} rows at most. Split it in parts.").format(n=f"{MOST:,}")
        if several := self.named.several(facts["partner"]):
            words = _("It could be {names}. Write the partner’s domain or id.")
            return words.format(names=", ".join(several))
        if one.partner is None:
            words = _("“{name}” is no partner here. Add it first, or correct the name.")
            return words.format(name=facts["partner"])
        if one.contact is None:
            words = _("Nobody at {partner} has the address {email}. Add the person there, or correct it.")
            return words.format(partner=one.partner, email=facts["email"])
        if one.contact.left_on is not None and one.contact.left_on <= self.today:
            return _("{person} has left {partner}.").format(person=one.contact, partner=one.partner)
        if one.course is None:
            return _("The course “{course}” is not here any more.").format(course=facts["course"])
        return ""

    def _when(self, one: Coming) -> str:
        facts = one.row.facts or {}
        on = date.fromisoformat(facts["on"])
        if on > self.today:
            return _("Day: it is still to come. A result says what has happened.")
        if on.year < FIRST_YEAR:
            return _("Day: it is too long ago. Check the year.")
        if facts.get("valid_until", facts["on"]) < facts["on"]:
            return _("Valid until lies before the day of the result. Check both.")
        return ""

    def _how(self, one: Coming) -> str:
        """Whether it was passed: as the file says, else by the score."""
        facts, course = one.row.facts or {}, one.course
        assert course is not None
        score = facts.get("score")
        if "result" in facts:
            is_passed = facts["result"] == PASSED
        elif score is None:
            return _("Nothing says whether it was passed. Give a score, or Passed or Failed.")
        elif course.pass_mark is None:
            words = _("“{course}” has no pass mark, so a score says nothing. Write Passed or Failed.")
            return words.format(course=course)
        else:
            is_passed = score >= course.pass_mark
        until = facts.get("valid_until")
        one.result = Result(
            on=date.fromisoformat(facts["on"]),
            is_passed=is_passed,
            score=score,
            outside_number=facts.get("number", ""),
            valid_until=date.fromisoformat(until) if until else None,
        )
        return ""

    def _compare(self, one: Coming) -> None:
        """The same person, course and day are the same result."""
        assert one.course is not None
        assert one.contact is not None
        assert one.result is not None
        key = (one.course.pk, one.contact.pk, one.result.on)
        first = self.seen.setdefault(key, one)
        certificate = self.certificates.get(key)
        if first is not one:
            assert first.result is not None
            if first.result.is_passed != one.result.is_passed:
                words = _("Row {n} says otherwise of the same person, course and day. Keep one of them.")
                one.refusal = words.format(n=first.row.number)
            one.note = _("As row {n}").format(n=first.row.number)
        elif certificate is not None:
            one.certificate = certificate.pk
            words = _("{number} stands") if certificate.withdrawn_at is None else _("{number} was withdrawn")
            one.note = words.format(number=certificate.number)
        elif key in self.failed and not one.result.is_passed:
            one.note = _("It stands as failed")


def _certificates(people: Iterable[int]) -> dict[Key, Certificate]:
    found: dict[Key, Certificate] = {}
    for some in chunks(people):
        for row in Certificate.objects.filter(contact__in=some).order_by("-withdrawn_at", "pk"):
            found[row.course_id, row.contact_id or 0, row.issued_on] = row
    return found


def _failed(people: Iterable[int]) -> set[Key]:
    zone = ZoneInfo(zone_of())
    found: set[Key] = set()
    for some in chunks(people):
        rows = Attempt.objects.filter(enrolment__contact__in=some, is_passed=False)
        for course, contact, at in rows.values_list("enrolment__course", "enrolment__contact", "at"):
            found.add((course, contact, at.astimezone(zone).date()))
    return found


def _say(one: Coming) -> None:
    """Write on the row what becomes of it."""
    row = one.row
    row.outcome, row.reason, row.note = one.outcome, one.refusal, "" if one.refusal else one.note
    row.title = str(one.contact or (row.facts or {}).get("email", ""))[:200]
    row.target = one.certificate
    row.changes = {}


def facts_in_words(row: ImportRow) -> str:
    """What a row brings, for a person: "Northwind · Selling · passed on 3 May 2026"."""
    facts = row.facts or {}
    score = f"{facts['score']} %" if "score" in facts else ""
    said = (facts.get("partner"), facts.get("course"), facts.get("result"), score, facts.get("on"))
    return " · ".join(str(part) for part in said if part)
