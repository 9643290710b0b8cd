"""The doors of other programs to what stands along the road."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from lifecycle import tasks
from lifecycle.api import inputs, rows
from lifecycle.growth import customers, deals
from lifecycle.growth.investing import investments
from lifecycle.models import Deal, Investment, Plan, Task
from lifecycle.onboarding import plans
from partners.api.inputs import Reason
from prm import clock
from prm.api.filters import filters
from prm.api.resources import USUAL_SORTS, Changes, Makes, Reads, Typed, step
from prm.paging import Order
from team.api.permits import permitted, permitted_by, permitted_towards

WHERE = ("website", "country")


class Plans(Reads, Makes):
    noun, words = "plans", "Copies of a template with one partner; their steps are tasks."
    model, row, new = Plan, rows.PlanRow, inputs.NewPlan
    filterset_class = filters(Plan, keys=["partner", "template"], days=["starts_on"], moments=["finished_at"])

    def seen(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.user)

    may_make = permitted_towards("plan tasks", "partner")

    def make(self, typed: Typed) -> Any:
        return plans.make(
            typed["partner"], typed["template"], typed["starts_on"], by=self.user, at=clock.now()
        )

    @step(permitted("plan tasks"), inputs.StartOn, related=("partner__owner", "template", "version"))
    def move(self, thing: Plan, typed: Typed) -> None:
        """Move its start; what is open moves with it."""
        plans.move(thing, typed["starts_on"], by=self.user, at=clock.now())

    @step(permitted("plan tasks"), Reason, related=("partner__owner", "template", "version"))
    def stop(self, thing: Plan, typed: Typed) -> None:
        """What is open is left out with this reason."""
        plans.stop(thing, typed["reason"], by=self.user, at=clock.now())


class Tasks(Reads, Makes, Changes):
    noun, words = "tasks", "Dated steps with a partner, ours or theirs."
    model, row, new, changed = Task, rows.TaskRow, inputs.NewTask, inputs.TaskChange
    filterset_class = filters(
        Task,
        keys=["partner", "plan", "owner", "contact"],
        choices=["side", "stage"],
        booleans=["is_required"],
        days=["due_on"],
        moments=["done_at"],
    )
    sorts = USUAL_SORTS | {"due_on": Order("due_on")}

    def seen(self) -> QuerySet[Task]:
        return Task.objects.visible_to(self.user).select_related("partner", "owner", "fact")

    may_make = permitted_towards("plan tasks", "partner")

    def make(self, typed: Typed) -> Task:
        partner = typed.pop("partner")
        return tasks.add(partner, by=self.user, at=clock.now(), **typed)

    may_change = permitted_by(tasks.allowed_or_403)

    def change(self, thing: Task, typed: Typed) -> None:
        tasks.change(thing, typed, by=self.user, at=clock.now())

    @step(permitted_by(tasks.allowed_or_403), inputs.Done)
    def done(self, thing: Task, typed: Typed) -> None:
        """Tick it off; the evidence it stands for is recorded."""
        tasks.done(thing, by=self.user, at=clock.now(), note=typed["note"])

    @step(permitted_by(tasks.allowed_or_403))
    def undone(self, thing: Task, typed: Typed) -> None:
        """Take it up again; the evidence it left is withdrawn."""
        tasks.undone(thing, by=self.user, at=clock.now())

    @step(permitted_by(tasks.allowed_or_403), Reason)
    def skip(self, thing: Task, typed: Typed) -> None:
        """Leave it out, with a reason; it then stands before no gate."""
        tasks.skip(thing, typed["reason"], by=self.user, at=clock.now())


class Deals(Reads, Makes, Changes):
    noun, words = "deals", "Joint opportunities with a customer."
    model, row, new, changed = Deal, rows.DealRow, inputs.NewDeal, inputs.DealChange
    filterset_class = filters(
        Deal,
        keys=["partner", "customer", "phase", "owner"],
        choices=["state"],
        texts=["outside_id"],
        days=["expected_close_on", "closed_on"],
        moments=["created_at"],
    )
    sorts = USUAL_SORTS | {
        "name": Order("sort_name", nullable=False),
        "expected_close_on": Order("expected_close_on"),
        "created_at": Order("created_at", nullable=False),
    }

    def seen(self) -> QuerySet[Deal]:
        return Deal.objects.visible_to(self.user)

    may_make = permitted_towards("change deal", "partner")

    def make(self, typed: Typed) -> Deal:
        partner, at = typed.pop("partner"), clock.now()
        name, where = typed.pop("customer"), {key: typed.pop(key, "") for key in WHERE}
        if typed.get("owner", partner) is None:
            del typed["owner"]
        customer = customers.found(name, at, **where)
        return deals.start(partner, customer=customer, by=self.user, at=at, **typed)

    may_change = permitted_by(deals.allowed_or_403)

    def change(self, thing: Deal, typed: Typed) -> None:
        at, customer = clock.now(), thing.customer
        where = {key: typed.pop(key, getattr(customer, key)) for key in WHERE}
        if "customer" in typed:
            typed["customer"] = customers.found(typed["customer"], at, **where)
        deals.change(thing, typed, by=self.user, at=at)

    @step(permitted_by(deals.allowed_or_403), inputs.DealMove, related=("partner__owner", "phase"))
    def move(self, thing: Deal, typed: Typed) -> None:
        """Move it to a phase. Won and lost close it on a day, lost says why."""
        seen = str(typed.pop("seen", ""))
        deals.move(thing, by=self.user, at=clock.now(), seen=seen, **typed)

    @step(permitted_by(deals.allowed_or_403), inputs.Primary, related=("partner__owner",))
    def primary(self, thing: Deal, typed: Typed) -> None:
        """Give the primary credit to another partner that has a part in it."""
        deals.make_primary(thing, typed["partner"], by=self.user, at=clock.now())


class Investments(Reads, Makes):
    noun, words = "investments", "Hours, funds and introductions we gave a partner."
    model, row, new = Investment, rows.InvestmentRow, inputs.NewInvestment
    filterset_class = filters(
        Investment, keys=["partner", "logged_by"], choices=["kind"], booleans=["is_shown"], days=["on"]
    )
    sorts = USUAL_SORTS | {"on": Order("on", nullable=False)}

    def seen(self) -> QuerySet[Investment]:
        return Investment.objects.visible_to(self.user)

    may_make = permitted_towards(investments.ACTION, "partner")

    def make(self, typed: Typed) -> Investment:
        event = investments.log(typed["partner"], typed["spent"], by=self.user, at=clock.now())
        return Investment.objects.get(pk=event.about_id or 0)

    @step(permitted(investments.ACTION), related=("partner__owner",))
    def show(self, thing: Investment, typed: Typed) -> None:
        """Let the partner read it in its review; packets that are frozen stay."""
        investments.show(thing, True, by=self.user, at=clock.now())

    @step(permitted(investments.ACTION), related=("partner__owner",))
    def hide(self, thing: Investment, typed: Typed) -> None:
        """Let the partner read it no more."""
        investments.show(thing, False, by=self.user, at=clock.now())

    @step(permitted(investments.ACTION), Reason, related=("partner__owner",))
    def withdraw(self, thing: Investment, typed: Typed) -> None:
        """It was not so. It stays with its reason and counts no more."""
        investments.withdraw(thing, typed["reason"], by=self.user, at=clock.now())
