"""What a column of a list of deals can mean, and what it probably means."""

from __future__ import annotations

from prm.importing import Field

FIELDS = (
    Field(
        "outside_id",
        "Id in the other system",
        ("deal id", "opportunity id", "outside id", "external id", "crm id", "record id", "id"),
    ),
    Field("name", "Deal", ("deal", "deal name", "opportunity", "opportunity name", "title", "name")),
    Field("partner", "Partner", ("partner", "partner name", "partner domain", "partner id", "reseller")),
    Field("customer", "Customer", ("customer", "customer name", "account", "account name", "end customer")),
    Field("website", "Customer’s website", ("customer website", "customer domain", "website", "domain")),
    Field("country", "Customer’s country", ("customer country", "country"), listed=True),
    Field("amount", "Amount", ("amount", "value", "deal value", "revenue", "tcv", "acv")),
    Field("currency", "Currency", ("currency", "currency code"), listed=True),
    Field("phase", "Phase", ("phase", "stage", "deal stage", "status", "state"), listed=True),
    Field("probability", "Probability %", ("probability", "probability %", "likelihood")),
    Field("expected_close_on", "Expected close", ("expected close", "close date", "expected close date")),
    Field("closed_on", "Closed on", ("closed on", "closed", "won on", "closing date")),
    Field("lost_reason", "Lost because", ("lost because", "lost reason", "reason")),
    Field("next_step", "Next step", ("next step", "next action")),
    Field("next_step_on", "Next step by", ("next step by", "next step date", "due")),
    Field("products", "Products", ("products", "product"), listed=True),
    Field("role", "Their part", ("part", "role", "credit"), listed=True),
    Field("owner", "Looked after by", ("looked after by", "owner", "deal owner", "manager"), listed=True),
    Field("seller_name", "Our seller", ("our seller", "seller", "sales rep", "account executive")),
    Field("seller_email", "Our seller’s e-mail", ("seller email", "our seller e mail")),
    Field("term_months", "Term in months", ("term in months", "term", "contract months")),
)
BY_NAME = {field.name: field for field in FIELDS}
DATES = ("expected_close_on", "closed_on", "next_step_on")
LISTED = tuple(field.name for field in FIELDS if field.listed)
NEEDED = {
    "outside_id": "Say which column holds the deal’s id in the other system: by it a deal is found again.",
    "partner": "Say which column names the partner.",
}
