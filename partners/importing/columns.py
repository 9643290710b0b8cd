"""What a column of a partner list can mean, and what it probably means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from prm.importing import Field
from prm.search import fold

# Synonyms stand in order of strength: "company" names the partner before a mere "name" does.
FIELDS = (
    Field(
        "name",
        "Name",
        (
            "partner name",
            "partner",
            "company name",
            "company",
            "organisation name",
            "organisation",
            "organization name",
            "organization",
            "account name",
            "account",
            "firm",
            "business name",
            "display name",
            "firma",
            "unternehmen",
            "name",
        ),
    ),
    Field("legal_name", "Legal name", ("legal name", "registered name", "legal entity", "entity name")),
    Field("also", "Other names", ("also", "aliases", "alias", "also known as", "trading name"), many=True),
    Field(
        "website",
        "Website",
        ("website", "homepage", "home page", "web", "url", "web site", "site", "domain", "company domain"),
    ),
    Field("country", "Country", ("country", "country code", "land", "pays"), listed=True),
    Field("city", "City", ("city", "town", "location", "ort")),
    Field("region", "Region", ("region", "territory", "sales region", "geo"), listed=True),
    Field(
        "vertical", "Verticals", ("verticals", "vertical", "industries", "industry", "sector"), listed=True
    ),
    Field(
        "employees", "Employees", ("employees", "number of employees", "headcount", "company size", "staff")
    ),
    Field("certifications", "Certifications", ("certifications", "certificates", "competencies")),
    Field("about", "About", ("about", "description", "notes", "note", "comment", "comments")),
    Field("kind", "Type", ("partner type", "partner kind", "kind", "type", "category"), listed=True),
    Field("programme", "Programme", ("programme", "program", "partner program", "membership"), listed=True),
    Field("tier", "Tier", ("tier", "level", "partner level", "partner tier", "status level"), listed=True),
    Field(
        "member_since", "Member since", ("member since", "joined", "joined on", "join date", "member from")
    ),
    Field(
        "stage",
        "Stage",
        ("stage", "partner stage", "lifecycle stage", "status", "step", "state"),
        listed=True,
    ),
    Field("stage_since", "In this stage since", ("stage since", "in stage since")),
    Field(
        "signed_on",
        "Signed on",
        (
            "signed on",
            "signed",
            "signing date",
            "date signed",
            "contract date",
            "agreement date",
            "agreement start",
        ),
    ),
    Field(
        "agreement_ends_on",
        "Agreement ends",
        (
            "agreement ends",
            "agreement ends on",
            "agreement end",
            "contract end",
            "contract ends",
            "end of agreement",
            "renewal date",
            "expiry date",
            "expires",
            "valid until",
        ),
    ),
    Field(
        "owner",
        "Owner",
        ("owner", "partner manager", "account owner", "manager", "account manager"),
        listed=True,
    ),
    Field("source", "Source", ("source", "lead source", "partner source", "origin"), listed=True),
    Field("source_detail", "Source: which one", ("source detail", "campaign", "event", "event name")),
    Field(
        "outside_id",
        "Id in another system",
        (
            "outside id",
            "external id",
            "crm id",
            "salesforce id",
            "hubspot id",
            "account id",
            "partner id",
            "record id",
            "registration number",
            "duns",
            "crunchbase",
            "linkedin",
            "id",
        ),
        many=True,
    ),
    Field(
        "contact_first", "Contact: first name", ("first name", "contact first name", "given name", "vorname")
    ),
    Field("contact_last", "Contact: last name", ("last name", "contact last name", "surname", "family name")),
    Field(
        "contact_name",
        "Contact: name",
        (
            "contact name",
            "contact person",
            "primary contact",
            "contact",
            "full name",
            "ansprechpartner",
            "name",
        ),
    ),
    Field(
        "contact_email",
        "Contact: e-mail",
        ("contact email", "contact e mail", "email", "e mail", "email address", "e mail address", "mail"),
    ),
    Field("contact_title", "Contact: job title", ("contact title", "job title", "title", "position", "role")),
    Field(
        "contact_phone",
        "Contact: phone",
        ("contact phone", "phone", "phone number", "telephone", "mobile", "tel"),
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
DATES = ("member_since", "stage_since", "signed_on", "agreement_ends_on")
DAY_FIRST, MONTH_FIRST = "day", "month"
_WORDS = re.compile(r"[^a-z0-9]+")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-]\d{4}")


def guess(columns: list[dict[str, Any]], fields: Iterable[Field] = FIELDS) -> dict[str, str]:
    """The probable meaning of each column, by its place: {"0": "name"}."""
    free = {_WORDS.sub(" ", fold(column["name"])).strip(): str(place) for place, column in enumerate(columns)}
    meant: dict[str, str] = {}
    for field in fields:
        for synonym in field.synonyms:
            if synonym in free:
                meant[free.pop(synonym)] = field.name
                if not field.many:
                    break
    return meant


def order_of_dates(texts: Iterable[str]) -> str:
    """Whether 03/04/2026 is probably the third of April: a first figure over 12 says so, a second one
    says the opposite; without either the day comes first."""
    for first, second in (found.groups() for text in texts if (found := _SLASHED.fullmatch(text.strip()))):
        if int(first) > 12:
            return DAY_FIRST
        if int(second) > 12:
            return MONTH_FIRST
    return DAY_FIRST


def dates(columns: list[dict[str, Any]], meant: Mapping[str, str], names: Iterable[str]) -> str:
    """How the columns that mean one of `names` probably write their days."""
    wanted = frozenset(names)
    held = [columns[int(place)] for place, name in meant.items() if name in wanted]
    return order_of_dates(text for column in held for text in (column["values"] or column["samples"]))


def places(mapping: dict[str, Any], by_name: Mapping[str, Field] = BY_NAME) -> dict[str, list[int]]:
    """The columns of each field, in the order of the file."""
    found: dict[str, list[int]] = {}
    for place, name in sorted(mapping.get("columns", {}).items(), key=lambda item: int(item[0])):
        if name in by_name:
            found.setdefault(name, []).append(int(place))
    return found
