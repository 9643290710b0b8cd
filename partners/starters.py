"""Profiles to begin with: a draft's first words, to be changed before it is published."""

from __future__ import annotations

from dataclasses import dataclass

from partners.models import Criterion

Kind = Criterion.Kind


@dataclass(frozen=True)
class Row:
    """One criterion as a person would write it; without a source a person rates."""

    key: str
    name: str
    kind: str
    weight: int
    rule: str = ""
    source: str = ""
    must: bool = False
    met_from: str = ""
    help: str = ""


@dataclass(frozen=True)
class Starter:
    """A profile to begin with, offered for partner types of that name."""

    name: str
    about: str
    rows: tuple[Row, ...]


INTEGRITY = Row(
    "reputation",
    "Trades cleanly",
    Kind.YES_NO,
    10,
    must=True,
    help="References, payment history and sanctions lists show nothing against it.",
)
SPONSOR = Row(
    "sponsor",
    "Executive sponsor",
    Kind.RATING,
    15,
    help="0 nobody named · 3 named and met · 5 has put people and a number behind it",
)
CULTURE = Row(
    "culture",
    "Openness and follow-through",
    Kind.RATING,
    15,
    help="0 promises slip unannounced · 3 as agreed · 5 says early what will not work",
)

STARTERS: dict[str, Starter] = {
    "general": Starter(
        "General",
        "For every partner whose type has no profile of its own.",
        (
            Row("size", "Size", Kind.NUMBER, 15, "0=0, 20=0.5, 200=1", "employees"),
            Row(
                "market",
                "Sells to our market",
                Kind.RATING,
                25,
                must=True,
                met_from="0.4",
                help="0 other customers than ours · 3 half of them · 5 the same buyers, day by day",
            ),
            Row(
                "skill",
                "Technical skill",
                Kind.RATING,
                20,
                help="0 none · 3 can demonstrate · 5 has built with products like ours",
            ),
            SPONSOR,
            CULTURE,
            INTEGRITY,
        ),
    ),
    "reseller": Starter(
        "Reseller",
        "Sells our product to customers of its own.",
        (
            Row("size", "Size", Kind.NUMBER, 10, "0=0, 10=0.5, 100=1", "employees"),
            Row(
                "verticals",
                "Verticals we want",
                Kind.OVERLAP,
                15,
                "Public sector, Health care, Manufacturing",
                "verticals",
            ),
            Row(
                "customers",
                "Sells to our market",
                Kind.RATING,
                20,
                must=True,
                met_from="0.4",
                help="0 other customers than ours · 3 half of them · 5 the same buyers, day by day",
            ),
            Row(
                "sales_people",
                "People who sell",
                Kind.NUMBER,
                15,
                "0=0, 3=0.5, 10=1",
                help="Who would carry our product, not all of its sales force.",
            ),
            Row(
                "conflict",
                "Competing products",
                Kind.CHOICE,
                10,
                "None=1, Some=0.5, Sells our rival first=0",
            ),
            SPONSOR,
            CULTURE,
            INTEGRITY,
        ),
    ),
    "distributor": Starter(
        "Distributor",
        "Reaches resellers we would not reach.",
        (
            Row(
                "reach",
                "Active resellers",
                Kind.NUMBER,
                25,
                "0=0, 50=0.4, 300=1",
                help="Resellers that bought from it in the last twelve months.",
            ),
            Row("size", "Size", Kind.NUMBER, 10, "0=0, 50=0.5, 500=1", "employees"),
            Row(
                "credit",
                "Carries the credit risk",
                Kind.YES_NO,
                15,
                must=True,
                help="Invoices its resellers itself and stands in for what they owe.",
            ),
            Row(
                "enablement",
                "Trains its resellers",
                Kind.RATING,
                15,
                help="0 sends price lists · 3 runs webinars · 5 has an own academy",
            ),
            Row(
                "conflict",
                "Competing products",
                Kind.CHOICE,
                10,
                "None=1, Some=0.5, Carries our rival first=0",
            ),
            SPONSOR,
            INTEGRITY,
        ),
    ),
    "system integrator": Starter(
        "System integrator",
        "Builds and delivers with our product.",
        (
            Row("size", "Size", Kind.NUMBER, 10, "0=0, 50=0.5, 500=1", "employees"),
            Row(
                "certifications",
                "Certifications we ask for",
                Kind.OVERLAP,
                15,
                "ISO 27001, ISO 9001",
                "certifications",
            ),
            Row(
                "skill",
                "Technical skill",
                Kind.RATING,
                25,
                must=True,
                met_from="0.4",
                help="0 none · 2 can learn it · 3 can demonstrate · 5 has built with products like ours",
            ),
            Row(
                "capacity",
                "Projects it can staff this year",
                Kind.NUMBER,
                15,
                "0=0, 2=0.4, 10=1",
            ),
            Row(
                "delivery",
                "Delivers",
                Kind.CHOICE,
                10,
                "Alone=1, With our help=0.6, Only advises=0.2",
            ),
            SPONSOR,
            CULTURE,
            INTEGRITY,
        ),
    ),
}
