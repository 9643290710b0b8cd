"""Whose own figures one sees is one setting; of five people together everybody may see them."""

import pytest

from team import persons
from team.models import Company, Role, User
from tests.conftest import person

Figures = Company.Figures


def names(viewer: User) -> set[str]:
    viewer.__dict__.pop("company", None)
    return {person.name for person in User.objects.all() if persons.shows(viewer, person)}


@pytest.mark.parametrize(
    ("rule", "of_alice", "of_erin", "of_ravi"),
    [
        (Figures.NOBODY, set(), set(), set()),
        (Figures.PERSON, {"Alice"}, {"Erin"}, {"Ravi"}),
        (Figures.LEAD, {"Alice"}, {"Erin", "Alice", "Bob", "Ravi"}, {"Ravi"}),
        (Figures.HEADS, {"Alice"}, {"Erin", "Alice", "Bob", "Carl", "Ravi"}, {"Ravi", "Carl"}),
    ],
)
def test_each_step_of_the_setting_sees_what_those_before_it_see(
    rule: str, of_alice: set[str], of_erin: set[str], of_ravi: set[str], alice: User, bob: User, ravi: User
) -> None:
    carl = person("Carl", Role.GROWTH, lead=ravi)
    Company.objects.update(figures=rule)
    erin = User.objects.get(name="Erin")
    assert names(alice) == of_alice
    assert names(erin) == of_erin
    if rule in {Figures.LEAD, Figures.HEADS}:
        of_ravi = of_ravi | {carl.name}
    assert names(ravi) == of_ravi


def test_figures_of_five_together_are_of_no_single_person(alice: User, bob: User) -> None:
    five = [alice.pk, bob.pk, *(person(f"P{n}", Role.GROWTH).pk for n in range(3))]
    assert persons.may_see(bob, five)
    assert not persons.may_see(bob, five[:4])
    assert persons.may_see(bob, [bob.pk])
    assert not persons.may_see(bob, [alice.pk])
    assert persons.may_see(bob, [])


def test_who_is_named_and_has_nothing_to_show_hides_nobody(alice: User, bob: User) -> None:
    idle = [person(f"P{n}", Role.GROWTH).pk for n in range(4)]
    assert not persons.may_see(bob, [alice.pk], [alice.pk, *idle])
    assert not persons.may_see(bob, [], idle)
    assert not persons.may_see(bob, [bob.pk], idle)
    assert persons.may_see(bob, [bob.pk], [bob.pk])
    assert persons.may_see(bob, [alice.pk, *idle], [])
