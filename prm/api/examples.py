"""Examples for the OpenAPI document: what one of each looks like, by the names and kinds of its fields."""

from __future__ import annotations

from typing import Any

BY_NAME: dict[str, Any] = {
    "name": "Northwind",
    "legal_name": "Northwind Traders GmbH",
    "website": "https://www.northwind.example",
    "domain": "northwind.example",
    "country": "DE",
    "city": "Bremen",
    "zone": "Europe/Berlin",
    "email": "nora@northwind.example",
    "language": "de",
    "phones": ["+49 421 5550100"],
    "certifications": ["ISO 27001"],
    "verticals": ["Retail"],
    "subject": "Dates for the training",
    "body": "Could you send us the dates?",
    "text": "Send the dates",
    "title": "Slow answers of the server",
    "words": "Since Monday.",
    "reason": "Strategy changed",
    "why": "It is still slow.",
    "detail": "Northwind cannot move to Onboarding yet. Still missing: Agreement is signed.",
    "reasons": ["Agreement is signed"],
    "choices": ["Paris", "Rome"],
    "weekly": {"0": [["09:00", "17:00"]]},
    "windows": [["09:00", "12:00"]],
    "quiet_from": "20:00",
    "quiet_until": "08:00",
    "digest_at": "08:30",
    "right": [0],
    "to": "onboarding",
    "currency": "EUR",
    "amount": "12500.00",
    "worth": "1.0832",
    "coverage": 80,
    "year": 2027,
    "employees": 120,
    "probability": 60,
    "score": 74.5,
    "health": 74.5,
}
BY_FORMAT = {
    "date": "2027-03-31",
    "date-time": "2027-03-31T08:30:00Z",
    "email": "nora@northwind.example",
    "uri": "https://www.northwind.example",
}
BY_TYPE: dict[str, Any] = {"integer": 7, "number": 1.5, "boolean": False, "string": "", "object": {}}


def add(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Give each schema of the document its example."""
    for schema in result["components"]["schemas"].values():
        if schema.get("properties"):
            schema["example"] = {name: _of(name, each, result) for name, each in schema["properties"].items()}
    return result


def _of(name: str, schema: dict[str, Any], document: dict[str, Any]) -> Any:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for either in ("allOf", "oneOf"):
        if either in schema:
            return _of(name, schema[either][0], document)
    choices = schema.get("enum", ())
    if choices:
        return BY_NAME[name] if name in BY_NAME and BY_NAME[name] in choices else choices[0]
    if name in BY_NAME and _fits(BY_NAME[name], schema):
        return BY_NAME[name]
    if schema.get("type") == "array":
        return [_of("", schema["items"], document)]
    if schema.get("properties"):
        return {each: _of(each, inner, document) for each, inner in schema["properties"].items()}
    found = BY_FORMAT.get(schema.get("format", "")) or BY_TYPE.get(schema.get("type", ""))
    return found if found != 7 or schema.get("maximum", 7) >= 7 else schema["maximum"]


def _fits(example: Any, schema: dict[str, Any]) -> bool:
    """Whether the example is of this type, and its entries of theirs where those are said."""
    inner = schema.get("items", {})
    entries = example if inner.get("type") and isinstance(example, list) else ()
    return isinstance(example, _python(schema)) and all(_fits(each, inner) for each in entries)


def _python(schema: dict[str, Any]) -> Any:
    kinds = {"string": str, "integer": int, "number": (int, float), "array": list, "object": dict}
    return kinds.get(schema.get("type", ""), ())
