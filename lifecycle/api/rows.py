"""What other programs are told of agreements, plans, tasks, training, deals and applications."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from conversations.models import Matter
from lifecycle.growth.investing import investments
from lifecycle.models import Agreement, Application, Credit, Deal, Evidence, Investment, Side
from partners.api.rows import grouped
from partners.models import Partner, Stage
from prm import clock
from prm.api.rows import Row, Told
from prm.money import Money
from team.roles import may

Ids = serializers.IntegerField


class AgreementRow(Row):
    partner = Ids(source="partner_id")
    state = serializers.ChoiceField(Agreement.State.choices)
    kind = serializers.CharField(source="version.kind", allow_null=True)
    signed_on = serializers.DateField(allow_null=True)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True, help_text="Its last day; null: it has none.")
    notice_on = serializers.DateField(allow_null=True, help_text="The last day for notice.")
    ended_on = serializers.DateField(allow_null=True)
    renews = Ids(source="renews_id", allow_null=True)
    created_at = serializers.DateTimeField()


class PlanRow(Row):
    partner = Ids(source="partner_id")
    template = Ids(source="template_id", allow_null=True, help_text="Null: a plan of its own, by its name.")
    template_name = serializers.CharField(source="template.name", allow_null=True)
    name = serializers.CharField()
    aim = serializers.CharField(help_text="What good looks like.")
    look_again_on = serializers.DateField(allow_null=True)
    is_shared = serializers.BooleanField(help_text="The partner sees it.")
    starts_on = serializers.DateField()
    made_by = Ids(source="made_by_id", allow_null=True)
    made_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True, help_text="Null: it runs.")
    stopped_reason = serializers.CharField()


class TaskRow(Row):
    partner = Ids(source="partner_id")
    plan = Ids(source="plan_id", allow_null=True)
    stage = serializers.ChoiceField(Stage.choices)
    text = serializers.CharField()
    side = serializers.ChoiceField(Side.choices)
    owner = Ids(source="owner_id", allow_null=True)
    contact = Ids(source="contact_id", allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    is_required = serializers.BooleanField()
    needs_approval = serializers.BooleanField()
    evidence = serializers.ChoiceField([*Evidence.Kind.choices, ""], help_text="What it proves once done.")
    note = serializers.CharField()
    handed_in_at = serializers.DateTimeField(allow_null=True, help_text="Since then it waits for our yes.")
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = Ids(source="done_by_id", allow_null=True)
    skipped_at = serializers.DateTimeField(allow_null=True)
    skipped_reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class CourseRow(Row):
    title = serializers.CharField()
    about = serializers.CharField()
    link = serializers.CharField()
    pass_mark = serializers.IntegerField(allow_null=True, help_text="In per cent.")
    valid_months = serializers.IntegerField(allow_null=True, help_text="Of its certificates; null: for good.")
    counts = serializers.BooleanField(help_text="Whoever holds its certificate counts as certified.")
    published_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class CertificateRow(Row):
    number = serializers.CharField()
    outside_number = serializers.CharField()
    course = Ids(source="course_id")
    course_title = serializers.CharField(source="course.title")
    partner = Ids(source="partner_id")
    contact = Ids(source="contact_id", allow_null=True)
    name = serializers.CharField()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)


class CreditedRow(serializers.Serializer[Any]):
    partner = serializers.IntegerField()
    role = serializers.ChoiceField(Credit.Role.choices)
    from_at = serializers.DateTimeField()
    to_at = serializers.DateTimeField(allow_null=True)


def told_amount(rows: list[Told], field: str = "amount") -> None:
    """An amount in minor units, told in units of its currency."""
    for row in rows:
        if row[field] is not None:
            row[field] = str(Money(row[field], row["currency"]).amount)


class DealRow(Row):
    name = serializers.CharField()
    partner = Ids(source="partner_id", help_text="Who has the primary credit.")
    customer = Ids(source="customer_id")
    customer_name = serializers.CharField(source="customer.name")
    customer_domain = serializers.CharField(source="customer.domain")
    phase = Ids(source="phase_id")
    phase_name = serializers.CharField(source="phase.name")
    phase_since = serializers.DateTimeField()
    state = serializers.ChoiceField(Deal.State.choices)
    amount = serializers.DecimalField(max_digits=18, decimal_places=3, allow_null=True)
    currency = serializers.CharField(help_text="ISO 4217.")
    probability = serializers.IntegerField(allow_null=True, help_text="In per cent; null: the phase's.")
    expected_close_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    lost_reason = serializers.CharField()
    next_step = serializers.CharField()
    next_step_on = serializers.DateField(allow_null=True)
    owner = Ids(source="owner_id", allow_null=True)
    seller_name = serializers.CharField()
    seller_email = serializers.CharField()
    outside_id = serializers.CharField(help_text="What your CRM calls it.")
    term_months = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    renews = Ids(source="renews_id", allow_null=True, help_text="The deal whose term it goes on from.")
    products = serializers.ListField(child=serializers.CharField(), help_text="By name.")
    credits = CreditedRow(many=True, help_text="Who has a part in it; see credits.")
    beside = frozenset({"credits", "products"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        told_amount(rows)
        sold = Deal.products.through._default_manager.filter(deal__in=[row["id"] for row in rows])
        grouped(rows, sold.order_by("product__name").values_list("deal", "product__name"), "products")
        names = ("partner", "role", "from_at", "to_at")
        found = Credit.objects.filter(deal__in=[row["id"] for row in rows]).order_by("pk")
        told = found.values_list("deal", *names)
        grouped(rows, ((deal, dict(zip(names, each, strict=True))) for deal, *each in told), "credits")


class InvestmentRow(Row):
    partner = Ids(source="partner_id")
    kind = serializers.ChoiceField(Investment.Kind.choices)
    on = serializers.DateField()
    words = serializers.CharField()
    minutes = serializers.IntegerField(allow_null=True)
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=3, allow_null=True, help_text="Null where it is withheld."
    )
    currency = serializers.CharField(help_text="ISO 4217; empty where the amount is withheld.")
    is_withheld = serializers.BooleanField(help_text="There is an amount that you may not read.")
    to = serializers.CharField(help_text="Whom we introduced them to.")
    is_shown = serializers.BooleanField(help_text="The partner reads it in its review.")
    logged_by = Ids(source="logged_by_id")
    logged_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_reason = serializers.CharField()
    beside = frozenset({"is_withheld"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        """Amounts for those who may read them, which the audit keeps; to others they are withheld."""
        of = {row["partner"] for row in rows if row["amount"] is not None}
        partners = Partner.objects.filter(pk__in=of).select_related("owner").prefetch_related("verticals")
        readable = {each.pk: each for each in partners if may(user, "read confidential", each)}
        for row in rows:
            row["is_withheld"] = row["amount"] is not None and row["partner"] not in readable
            if row["is_withheld"]:
                row["amount"], row["currency"] = None, ""
            elif row["amount"] is not None:
                row["amount"] = str(Money(row["amount"], row["currency"]).amount)
        investments.amounts_read(readable.values(), user, clock.now())


class ApplicationRow(Row):
    form = Ids(source="form_id")
    state = serializers.ChoiceField(Application.State.choices)
    organisation = serializers.CharField()
    website = serializers.CharField()
    person = serializers.CharField()
    email = serializers.CharField()
    answers = serializers.JSONField(help_text="What was answered, by question.")
    partner = Ids(source="partner_id", allow_null=True)
    contact = Ids(source="contact_id", allow_null=True)
    was_known = serializers.BooleanField(help_text="It came from a firm that was here already.")
    sent_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    waits = serializers.ListField(
        child=Ids(), help_text="What it asked for, an appeal last; decide on the open one by decisions."
    )
    beside = frozenset({"waits"})

    @classmethod
    def complete(cls, rows: list[Told], user: Any) -> None:
        asked = Matter.objects.filter(about_kind="application", about_id__in=[row["id"] for row in rows])
        grouped(rows, asked.order_by("pk").values_list("about_id", "wait"), "waits")
