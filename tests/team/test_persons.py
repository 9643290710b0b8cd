"""Whose own figures one sees is one setting; of five people together everybody may see them."""

import pytest

from team import persons
from team.models import Company, Role, User
from tests.conftest import person

Figures = Company.Figures


def names(viewer: User) -> set[str]:
    viewer.__dict__.pop("company", None)
    shown = set(User.objects.filter(persons.shown_to(viewer)))
    assert shown == set(User.objects.all()) - set(persons.hidden_from(viewer))
    assert persons.sees_own(viewer) is (viewer in shown)
    return {person.name for person in shown}


@pytest.mark.parametrize(
    ("rule", "of_alice", "of_erin", "of_ravi"),
    [
        (Figures.NOBODY, set(), set(), set()),
        (Figures.PERSON, {"Alice"}, {"Erin"}, {"Ravi"}),
        (Figures.LEAD, {"Alice"}, {"Erin", "Alice", "Bob", "Ravi"}, {"Ravi", "Carl"}),
        (Figures.HEADS, {"Alice"}, {"Erin", "Alice", "Bob", "Carl", "Ravi"}, {"Ravi", "Carl"}),
    ],
)
def test_each_step_of_the_setting_sees_what_those_before_it_see(
    rule: str, of_alice: set[str], of_erin: set[str], of_ravi: set[str], alice: User, bob: User, ravi: User
) -> None:
    person("Carl", Role.GROWTH, lead=ravi)
    Company.objects.update(figures=rule)
    assert names(alice) == of_alice
    assert names(User.objects.get(name="Erin")) == of_erin
    assert names(ravi) == of_ravi


@pytest.mark.parametrize(("n", "hide"), [(0, True), (1, False), (4, False), (5, True)])
def test_five_people_hide_each_other(n: int, hide: bool) -> None:
    assert persons.hide_each_other([*range(n), *range(n)]) is hide
