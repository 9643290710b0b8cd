"""How partners fit: scored anew when a fact, a rating or the profile has changed; old scores stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from partners import facts, moving, profiles, renamings, rules, scoring
from partners.models import Criterion, Event, Fit, FitLine, Partner, Profile, Rating, Status, Verdict
from prm import clock
from prm.jobs import Progress
from prm.models import Job

CHUNK = 250
MOST_A_SWEEP = 1000
SCORER = "Profile"


@dataclass(frozen=True)
class Standard:
    """A published version, read once for many partners, with the names of now."""

    profile: Profile
    criteria: tuple[Criterion, ...]
    asked: tuple[scoring.Criterion, ...]
    bounds: scoring.Thresholds

    @classmethod
    def of(cls, profile: Profile, criteria: Iterable[Criterion]) -> Standard:
        held = tuple(criteria)
        return cls(
            profile,
            held,
            tuple(rules.of(criterion) for criterion in held),
            profiles.thresholds(profile),
        )

    def result(self, partner: Partner, given: Mapping[str, Any]) -> scoring.Result:
        """What a partner (fetched `facts.with_facts`) reaches; `given` are the ratings by key."""
        read = facts.answers(partner, [each.source for each in self.criteria if each.source])
        answers = {
            each.key: read.get(each.source) if each.source else given.get(each.key) for each in self.criteria
        }
        return scoring.score(self.asked, answers, self.bounds)


def standards() -> dict[int | None, Standard]:
    """The published versions by partner type; None is the general one. Three queries."""
    live = list(Profile.objects.filter(state=Profile.State.PUBLISHED).prefetch_related("criteria"))
    criteria = renamings.criteria_of(live)
    return {profile.kind_id: Standard.of(profile, criteria[profile.pk]) for profile in live}


def standard_for(partner: Partner) -> Standard | None:
    """The version this partner is measured by: its type's, else the general one."""
    known = standards()
    return known.get(partner.kind_id) or known.get(None)


def newest_ratings(partners: Iterable[int], before: datetime | None = None) -> dict[int, dict[str, Rating]]:
    """The newest rating of each partner and key (given before a moment). One query."""
    ratings = Rating.objects.filter(partner__in=list(partners)).select_related("by").order_by("at", "pk")
    found: dict[int, dict[str, Rating]] = {}
    for rating in ratings.filter(at__lt=before) if before else ratings:
        found.setdefault(rating.partner_id, {})[rating.key] = rating
    return found


def refresh(partner: Partner, at: datetime) -> Fit | None:
    """Score one partner anew if anything changed; its current fit, None where no profile is for it.

    Verbs that change a fact call this. The columns on `partner` follow.
    """
    refresh_many([partner.pk], at)
    fit = Fit.objects.filter(partner=partner, is_current=True).select_related("profile").first()
    partner.score, partner.coverage, partner.verdict = _columns(fit)
    return fit


@transaction.atomic
def refresh_many(partners: Iterable[int], at: datetime) -> int:
    """Score these partners (by id) anew in a fixed number of queries; how many got a new fit.

    Where answers and version are as they were, the fit stays as it is.
    """
    rows = Partner.objects.select_for_update(of=("self",)).filter(pk__in=list(partners), merged_into=None)
    held = list(facts.with_facts(rows.order_by("pk")))
    known, given = standards(), newest_ratings(partner.pk for partner in held)
    former = _current_fits(held)
    fresh: list[tuple[Partner, Standard, scoring.Result]] = []
    orphaned: list[Partner] = []
    for partner in held:
        standard = known.get(partner.kind_id) or known.get(None)
        if standard is None:
            orphaned += [partner] if partner.pk in former else []
            continue
        answers = {key: rating.value for key, rating in given.get(partner.pk, {}).items()}
        result = standard.result(partner, answers)
        if not _is_same(former.get(partner.pk), standard, result):
            fresh.append((partner, standard, result))
    _retire([*(partner for partner, *_ in fresh), *orphaned])
    _push(_write(fresh, at), orphaned)
    _record(fresh, former, at)
    return len(fresh)


def _current_fits(partners: list[Partner]) -> dict[int, Fit]:
    fits = Fit.objects.filter(partner__in=partners, is_current=True).prefetch_related("lines")
    return {fit.partner_id: fit for fit in fits}


def _is_same(fit: Fit | None, standard: Standard, result: scoring.Result) -> bool:
    if fit is None or fit.profile_id != standard.profile.pk:
        return False
    stood = {line.criterion_id: (line.answer, line.points) for line in fit.lines.all()}
    pairs = zip(standard.criteria, result.lines, strict=True)
    return stood == {criterion.pk: (line.answer, line.points) for criterion, line in pairs}


def _retire(partners: list[Partner]) -> None:
    if partners:
        Fit.objects.filter(partner__in=partners, is_current=True).update(is_current=False)


def _write(fresh: list[tuple[Partner, Standard, scoring.Result]], at: datetime) -> list[Fit]:
    fits = Fit.objects.bulk_create(
        Fit(
            partner=partner,
            profile=standard.profile,
            score=result.score,
            coverage=result.coverage,
            verdict=result.verdict,
            scored_at=at,
        )
        for partner, standard, result in fresh
    )
    FitLine.objects.bulk_create(
        FitLine(fit=fit, criterion=criterion, answer=line.answer, points=line.points)
        for fit, (_, standard, result) in zip(fits, fresh, strict=True)
        for criterion, line in zip(standard.criteria, result.lines, strict=True)
    )
    return fits


def _columns(fit: Fit | None) -> tuple[Any, int | None, str]:
    return (fit.score, fit.coverage, fit.verdict) if fit else (None, None, "")


def _push(fits: list[Fit], orphaned: list[Partner]) -> None:
    """Write score, coverage and verdict onto the partners, which lists filter and sort by."""
    changed = [fit.partner for fit in fits] + orphaned
    for partner, fit in zip(changed, [*fits, *(None for _ in orphaned)], strict=True):
        partner.score, partner.coverage, partner.verdict = _columns(fit)
    Partner.objects.bulk_update(changed, ["score", "coverage", "verdict"])


def _record(
    fresh: list[tuple[Partner, Standard, scoring.Result]], former: dict[int, Fit], at: datetime
) -> None:
    """An event for each partner whose score or verdict is another than before."""
    Event.objects.bulk_create(
        Event(
            kind="fit_changed",
            at=at,
            partner=partner,
            by_system=SCORER,
            changes={
                "score": [_plain(was.score), _plain(result.score)],
                "verdict": [was.verdict, result.verdict],
                "version": [was.profile_id, standard.profile.pk],
            },
        )
        for partner, standard, result in fresh
        if (was := former.get(partner.pk)) and (was.score, was.verdict) != (result.score, result.verdict)
    )


def _plain(score: Any) -> float | None:
    return None if score is None else float(score)


def words(event: Event) -> str:
    """What a change of fit says, after "Profile"."""
    before, now = event.changes["score"]
    verdict = event.changes["verdict"][1]
    if now is None:
        return f"has no score any more, was {before:g}"
    scored = f"scored it {now:g}, {Verdict(verdict).label.lower()}"
    return scored if before is None else f"{scored}; was {before:g}"


# --- all partners of a version ------------------------------------------------------------------------


def measured_by(profile: Profile) -> QuerySet[Partner]:
    """The partners this version is for when published: those of its type, or of types without an
    own profile. Declined and ended ones keep the version they were judged by."""
    partners = Partner.objects.filter(merged_into=None).exclude(status__in=[Status.DECLINED, Status.ENDED])
    if profile.kind_id is not None:
        return partners.filter(kind=profile.kind_id)
    own = Profile.objects.filter(state=Profile.State.PUBLISHED, kind__isnull=False).values("kind")
    return partners.filter(Q(kind=None) | ~Q(kind__in=own))


def pending(profile: Profile) -> QuerySet[Partner]:
    """Those of them that have no current fit against it yet."""
    scored = Fit.objects.filter(partner=OuterRef("pk"), is_current=True, profile=profile)
    return measured_by(profile).filter(~Exists(scored)).order_by("pk")


def score_all(job: Job, progress: Progress) -> str:
    """The job that publishing starts: chunk by chunk, going on where a stopped worker left off."""
    profile = Profile.objects.get(pk=job.about["profile"])
    total, done, last = pending(profile).count(), 0, 0
    while True:
        profile.refresh_from_db()
        if profile.state != Profile.State.PUBLISHED:
            return f"{profile} was replaced meanwhile; the newer version scores the partners."
        chunk = list(pending(profile).filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK])
        if not chunk:
            moving.tell(profile, at=clock.now())
            return f"{done} partners scored against {profile}."
        refresh_many(chunk, at=clock.now())
        done, last = done + len(chunk), chunk[-1]
        progress(done, max(total, done))


def catch_up(at: datetime) -> int:
    """Score partners that came by a door that did not: a sweep. How many were scored."""
    count = 0
    for profile in Profile.objects.filter(state=Profile.State.PUBLISHED):
        missing = list(pending(profile).values_list("pk", flat=True)[: MOST_A_SWEEP - count])
        for start in range(0, len(missing), CHUNK):
            refresh_many(missing[start : start + CHUNK], at)
        count += len(missing)
    return count
