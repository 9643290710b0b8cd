"""A colleague in a form: in a list of up to fifty, called by name or e-mail in a larger company."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecycle import tasks
from lifecycle.growth import phases
from lifecycle.models import Task
from partners.models import Partner
from team.colleague_field import ColleagueField, ColleaguesField, offer_several
from team.models import Calendar, User
from tests.conftest import MONDAY
from tests.lifecycle.growth.conftest import deal_with
from tests.team.test_choosing import hire

GIVE = "/partners/owners/"


class Several(forms.Form):
    who = ColleaguesField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_several(self, "who", User.objects.current())


class Form(forms.Form):
    who = ColleagueField(required=False, empty_label="nobody yet")


@pytest.fixture
def erika(company: object) -> User:
    return User.objects.create_user("erika@acme.example", name="Érika Nordmann")


@pytest.fixture
def lund(company: object) -> User:
    return User.objects.create_user("lund@acme.example", name="Erika Lund")


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def sent(text: str, **more: Any) -> Form:
    data = QueryDict(mutable=True)
    data.update({"who": text, **{name.replace("_", "-"): value for name, value in more.items()}})
    return Form(data)


@pytest.mark.parametrize("options", [{}, {"required": False, "empty_label": "–"}, {"empty_label": None}])
@pytest.mark.parametrize("chosen", [False, True])
def test_up_to_fifty_are_listed_as_in_any_form(
    alice: User, erika: User, options: dict[str, Any], chosen: bool
) -> None:
    hire(50 - User.objects.count())

    class Both(forms.Form):
        ours = ColleagueField(**options)
        plain = forms.ModelChoiceField(User.objects.current(), **options)

    form = Both(initial=dict.fromkeys(Both.base_fields, erika if chosen else None))
    assert str(form["ours"]) == str(form["plain"]).replace("plain", "ours")


@pytest.mark.parametrize("number", [3, 60])
def test_one_who_is_called_clearly_is_taken(alice: User, erika: User, number: int) -> None:
    hire(number)
    for text in ("nordmann", "erika@acme.example", "Érika Nordmann <erika@acme.example>", str(erika.pk)):
        form = sent(text)
        assert form.is_valid(), text
        assert form.cleaned_data["who"] == erika
    nobody = sent("")
    assert (nobody.is_valid(), nobody.cleaned_data["who"]) == (True, None)


def test_who_is_chosen_stands_in_the_text_field_and_stays(alice: User, erika: User) -> None:
    hire(60)
    shown = str(Form(initial={"who": erika})["who"])
    assert 'value="Érika Nordmann &lt;erika@acme.example&gt;"' in shown
    assert 'placeholder="Name or e-mail; empty: nobody yet"' in shown
    assert "Ada Berg" not in shown
    same = Form({"who": "Érika Nordmann <erika@acme.example>"}, initial={"who": erika})
    assert (same.is_valid(), same.changed_data) == (True, [])
    assert Form({"who": "ada berg 005"}, initial={"who": erika}).changed_data == ["who"]
    assert Form({"who": "zoe"}, initial={"who": erika}).changed_data == ["who"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zoe", "No colleague is called “zoe”."),
        ("ada", "60 colleagues are called like “ada”: type more of the name, or the e-mail."),
        ("gone", "No colleague is called “gone”."),
        ("9" * 30, f"No colleague is called “{'9' * 30}”."),
    ],
)
def test_what_was_typed_stays_with_why_it_is_not_clear(alice: User, text: str, says: str) -> None:
    hire(60)
    User.objects.create(email="gone@acme.example", name="Gone", is_active=False)
    form = sent(text)
    assert form.errors["who"] == [says]
    assert f'value="{text}"' in str(form["who"])
    assert "radio" not in str(form["who"])


def test_of_several_one_is_ticked_unless_the_text_changed(alice: User, erika: User, lund: User) -> None:
    hire(60)
    asked = sent("erika")
    assert asked.errors["who"] == ["Which colleague is “erika”?"]
    ticks = dict(re.findall(r'type="radio" name="who-meant" value="([^"]+)"> ([^<]+)<', str(asked["who"])))
    assert sorted(ticks.values()) == ["Erika Lund · lund@acme.example", "Érika Nordmann · erika@acme.example"]
    tick = next(value for value, words in ticks.items() if "lund" in words)
    for text, meant in (("erika", lund), ("nordmann", erika), ("", None)):
        form = sent(text, who_meant=tick)
        assert form.is_valid()
        assert form.cleaned_data["who"] == meant


@pytest.mark.parametrize("chosen", [False, True])
def test_a_field_costs_the_same_however_many_there_are(alice: User, erika: User, chosen: bool) -> None:
    def cost() -> int:
        form = Form(initial={"who": erika if chosen else None})
        with CaptureQueriesContext(connection) as asked:
            str(form["who"])
        return len(asked)

    hire(30)
    assert cost() == 1
    hire(30)
    few = cost()
    hire(200)
    assert cost() == few == 1 + chosen


# --- several ---


def test_few_are_ticked_in_a_list_as_in_any_form(alice: User, erika: User) -> None:
    hire(3)

    class Plain(forms.Form):
        who = forms.ModelMultipleChoiceField(
            User.objects.current(), required=False, widget=forms.CheckboxSelectMultiple
        )

    first = {"who": [erika]}
    assert str(Several(initial=first)["who"]) == str(Plain(initial=first)["who"])


def test_of_many_the_chosen_stay_ticked_and_further_ones_are_called(
    alice: User, erika: User, lund: User
) -> None:
    hire(60)
    shown = str(Several(initial={"who": [erika]})["who"])
    assert shown.count('type="checkbox"') == 1
    assert f'value="{erika.pk}" checked> Érika Nordmann' in shown
    form = Several(QueryDict(f"who={erika.pk}&who=lund@acme.example, alice"))
    assert form.is_valid()
    assert set(form.cleaned_data["who"]) == {erika, lund, alice}
    unticked = Several(QueryDict("who="))
    assert (unticked.is_valid(), list(unticked.cleaned_data["who"])) == (True, [])


def test_who_of_several_is_meant_is_ticked_and_the_rest_stays(alice: User, erika: User, lund: User) -> None:
    hire(60)
    asked = Several(QueryDict(f"who={alice.pk}&who=erika, zoe"))
    assert asked.errors["who"] == ["Which colleague is “erika”?", "No colleague is called “zoe”."]
    again = str(asked["who"])
    assert 'value="erika, zoe"' in again
    assert f'value="{alice.pk}" checked> Alice' in again
    assert f'name="who-meant" value="{lund.pk} erika"> Erika Lund · lund@acme.example' in again
    form = Several(
        QueryDict(f"who={alice.pk}&who=erika&who-meant={lund.pk} erika&who-meant={erika.pk} erika")
    )
    assert form.is_valid()
    assert set(form.cleaned_data["who"]) == {alice, lund, erika}
    assert Several(QueryDict(f"who={', '.join('abcdefghijklmnopqrstu')}")).errors["who"] == [
        "Call at most 20 at once."
    ]


@pytest.mark.parametrize("number", [3, 30, 60, 200])
def test_several_cost_the_same_however_many_there_are(alice: User, erika: User, number: int) -> None:
    hire(number)
    with CaptureQueriesContext(connection) as asked:
        str(Several(initial={"who": [erika]})["who"])
    assert len(asked) == (1 if number < 50 else 2)


# --- giving many partners away ---


def test_partners_are_given_to_who_is_called(desk: Client, northwind: Partner, erika: User) -> None:
    hire(60)
    asked = desk.post(GIVE, {"which": "ticked", "ids": [northwind.pk], "count": 1, "to": ""})
    assert 'id="to"' in asked.text
    assert "Ada Berg" not in asked.text
    given = desk.post(GIVE, {"which": "ticked", "ids": [northwind.pk], "to": "nordmann"})
    assert given.status_code == 303
    northwind.refresh_from_db()
    assert northwind.owner == erika


@pytest.mark.parametrize("number", [3, 60])
@pytest.mark.parametrize(
    ("to", "says"),
    [
        (["erika"], "Which colleague is “erika”?"),
        (["zoe"], "No colleague is called “zoe”."),
        (["999"], "Choose who the partners are given to."),
        (["nordmann", "none"], "Say one: a colleague, or what is ticked."),
    ],
)
def test_while_it_is_not_clear_to_whom_it_is_asked_and_the_ticks_stay(
    desk: Client, northwind: Partner, erika: User, lund: User, number: int, to: list[str], says: str
) -> None:
    hire(number)
    asked = desk.post(f"{GIVE}?q=north", {"which": "ticked", "ids": [northwind.pk], "to": to})
    assert asked.status_code == 422
    assert says in asked.text
    assert f'<input type="hidden" name="ids" value="{northwind.pk}">' in asked.text
    northwind.refresh_from_db()
    assert northwind.owner != erika


def test_nobody_is_ticked_beside_the_text_field(desk: Client, northwind: Partner) -> None:
    hire(60)
    bar = desk.get(GIVE, headers={"HX-Request": "true"}).text
    assert 'type="checkbox" name="to" value="none"> Nobody (Unassigned)' in bar
    assert "required" not in bar
    desk.post(GIVE, {"which": "ticked", "ids": [northwind.pk], "to": ["", "none"]})
    northwind.refresh_from_db()
    assert northwind.owner is None


# --- forms ---


@pytest.fixture
def forms_of(northwind: Partner, alice: User, client: Client, ravi: User) -> dict[str, str]:
    """The pages on which one of us is chosen, with the name of the field."""
    phases.seed()
    client.force_login(ravi)
    here = f"/partners/{northwind.pk}"
    deal = deal_with(northwind, alice)
    task = tasks.add(northwind, "Call", by=alice, at=MONDAY)
    return {
        "/partners/add/": "owner",
        f"{here}/owner/": "owner",
        f"{here}/assignments/add/": "user",
        f"{here}/deals/add/": "owner",
        f"/deals/{deal.pk}/edit/": "owner",
        f"{here}/tasks/add/": "owner",
        f"/tasks/{task.pk}/edit/": "owner",
        f"{here}/issues/raise/": "owner",
        f"{here}/promises/add/": "owner",
        "/objectives/": "owner",
        "/settings/applications/": "owner",
        "/settings/mailboxes/add/": "lead",
        "/settings/people/": "lead",
        f"/settings/people/{alice.pk}/": "lead",
        "/settings/me/": "delegate",
        f"{here}/kick-off/plan/": "colleagues",
        f"/settings/calendars/{Calendar.objects.get().pk}/": "people",
    }


@pytest.mark.parametrize("number", [3, 60])
def test_every_form_lists_few_and_lets_one_of_many_be_called(
    client: Client, forms_of: dict[str, str], number: int
) -> None:
    hire(number)
    kinds = {address: _kind(client.get(address).text, name) for address, name in forms_of.items()}
    assert kinds == dict.fromkeys(forms_of, "list" if number == 3 else "text")


def _kind(page: str, name: str) -> str:
    lists = {"select": "list", 'input type="checkbox"': "list", 'input type="text"': "text"}
    field = re.search(rf'<({"|".join(lists)}) (?:class="form-check-input" +)?name="{name}"', page)
    return lists[field[1]] if field else "none"


def test_a_task_goes_to_who_is_ticked_and_nothing_typed_is_lost(
    client: Client, forms_of: dict[str, str], northwind: Partner, erika: User, lund: User
) -> None:
    hire(60)
    address = f"/partners/{northwind.pk}/tasks/add/"
    typed = {"text": "Send the pack", "side": "ours", "stage": "onboarding", "owner": "erika"}
    asked = client.post(address, typed)
    assert asked.status_code == 422
    assert "Which colleague is “erika”?" in asked.text
    for words in ("erika", "Send the pack", f"{lund.pk} erika"):
        assert f'value="{words}"' in asked.text
    assert client.post(address, typed | {"owner-meant": f"{lund.pk} erika"}).status_code == 303
    assert Task.objects.get(text="Send the pack").owner == lund
