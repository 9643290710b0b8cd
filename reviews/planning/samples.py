"""Joint plans of the sample company: what it wants itself, and the plans with two of Maya's partners."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from partners.models import Contact, Partner, Stage
from partners.organisations import local_day
from prm import quarters
from prm.samples import Sample
from reviews.planning import company, goals, objectives, targets
from reviews.planning.models import CompanyObjective
from reviews.planning.targets import Wanted as Target
from team.companies import fiscal_month, zone_of
from team.models import User

DAY = timedelta(days=1)
OURS = (
    "A third of new revenue comes with partners",
    "Every wanted region has a partner that delivers",
    "Partners would recommend us: NPS above 30",
)
AIMS = (("won_sourced", 6_000_000, 500_000), ("brought", 3, 1), ("certified", 2, 0))
GOALS = (
    ("Earn more from services than from licences", "Two shadowed projects, and our delivery kit."),
    ("Be known in health care", "A joint reference story, and places at our spring event."),
    ("Ten engineers who can install by themselves", ""),
)


def make(sample: Sample) -> None:
    maya: User = sample.made["users"]["maya"]
    ingrid: User = sample.made["users"]["ingrid"]
    today = local_day(sample.at, zone_of())
    year = quarters.year_of(today, fiscal_month())
    ours = [company.add(company.Wanted(words, year, ingrid), ingrid, sample.at) for words in OURS]
    mine = Partner.objects.filter(owner=maya, stage=Stage.GROWTH, merged_into=None)
    partners = list(mine.filter(stage_since__lt=sample.at - 70 * DAY).order_by("pk")[:3])
    for partner in partners[:2]:
        _goals(partner, maya, sample.at)
        _objective(partner, ours[0], maya, sample.at, today)
        _targets(partner, maya, sample.at)
    for partner in partners[1:]:
        _experiment(partner, ours[1], maya, sample.at, today)


def _goals(partner: Partner, maya: User, at: datetime) -> None:
    who = Contact.objects.current().filter(partner=partner).order_by("-is_primary", "pk").first()
    for n, (text, help) in enumerate(GOALS):
        by = who if n == 2 and who is not None else maya
        goals.add(partner, text, by=by, at=at - 40 * DAY, ours=help)


def _objective(partner: Partner, serves: CompanyObjective, maya: User, at: datetime, today: date) -> None:
    begun = at - 200 * DAY
    wanted = objectives.Wanted(
        "Half of their new customers come with us",
        (today - 200 * DAY),
        (today + 560 * DAY),
        serves=serves,
        note="Their founder wants to sell within five years.",
    )
    objective = objectives.add(partner, wanted, by=maya, at=begun)
    first = objectives.add_mark(objective, today - 30 * DAY, "Both sales teams trained", maya, begun)
    objectives.say(first, True, by=maya, at=at - 29 * DAY)
    objectives.add_mark(objective, today + 200 * DAY, "A quarter of their new customers", maya, begun)


def _targets(partner: Partner, maya: User, at: datetime) -> None:
    for place, quarter in enumerate(targets.offered(at, zone_of())[:3]):
        for measure, wanted, more in AIMS:
            currency = "EUR" if measure.startswith("won") else ""
            aim = Target(measure, wanted + place * more, quarter.first, currency)
            targets.set_one(partner, aim, by=maya, at=at)


def _experiment(partner: Partner, serves: CompanyObjective, maya: User, at: datetime, today: date) -> None:
    ended = objectives.Wanted(
        "A joint desk at the regional fair",
        today - 150 * DAY,
        today - 60 * DAY,
        serves=serves,
        is_experiment=True,
        trying="One of theirs and one of us at one desk, three days, our demo with their services.",
        how_we_know="Ten conversations that both sides want to go on with.",
    )
    desk = objectives.add(partner, ended, by=maya, at=at - 150 * DAY)
    result = "Six conversations, two of them now deals. The second day was empty; next time two days."
    objectives.end(desk, "partly", result, by=maya, at=at - 58 * DAY)
    runs = objectives.Wanted(
        "An engineer of ours with them one day a week",
        today - 30 * DAY,
        today + 60 * DAY,
        is_experiment=True,
        trying="Thursdays in their office, on their open projects.",
        how_we_know="Half as many questions to our support.",
    )
    objectives.add(partner, runs, by=maya, at=at - 30 * DAY)
