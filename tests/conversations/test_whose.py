"""The rule of who is responsible, with values: 1 is the owner, 2 and 3 are colleagues beside."""

import pytest

from conversations.whose import Post, Topic, responsible
from partners.models import Stage
from team.models import Role

OWNER = Post(1, Role.FULL_LIFECYCLE, ("2026-01-01", 1), is_owner=True)
FOR_RESALE = Post(2, Role.GROWTH, ("2026-01-02", 2), membership=10)
FOR_NORDICS = Post(3, Role.GROWTH, ("2026-01-03", 3), region=20)
GENERAL, RESALE = Topic(Stage.GROWTH), Topic(Stage.GROWTH, membership=10)


@pytest.mark.parametrize(
    ("taken_by", "topic", "posts", "owner", "whose"),
    [
        (None, GENERAL, [], None, None),
        (None, GENERAL, [], 1, 1),
        (None, GENERAL, [OWNER], 1, 1),
        (3, RESALE, [OWNER, FOR_RESALE], 1, 3),  # who took it comes before every assignment
        (None, RESALE, [OWNER, FOR_RESALE], 1, 2),
        (None, GENERAL, [OWNER, FOR_RESALE], 1, 1),  # it is about no membership
        (None, Topic(Stage.GROWTH, membership=11), [OWNER, FOR_RESALE], 1, 1),  # about another one
        (None, Topic(Stage.GROWTH, regions={20, 21}), [OWNER, FOR_NORDICS], 1, 3),
        (None, Topic(Stage.GROWTH, regions={21}), [OWNER, FOR_NORDICS], 1, 1),
        (None, Topic(Stage.GROWTH, 10, {20}), [OWNER, FOR_NORDICS, FOR_RESALE], 1, 2),  # narrower
        (None, Topic(Stage.GROWTH, 10, {21}), [Post(2, Role.GROWTH, membership=10, region=20)], 1, 1),
        (None, Topic(Stage.GROWTH, 10, {20}), [Post(2, Role.GROWTH, membership=10, region=20)], 1, 2),
    ],
)
def test_who_took_it_then_what_fits_then_the_owner(
    taken_by: int | None, topic: Topic, posts: list[Post], owner: int | None, whose: int | None
) -> None:
    assert responsible(taken_by, topic, posts, owner) == whose


@pytest.mark.parametrize(
    ("stage", "owns", "beside", "whose"),
    [
        (Stage.RECRUITMENT, Role.RECRUITMENT, Role.GROWTH, 1),
        (Stage.GROWTH, Role.RECRUITMENT, Role.GROWTH, 2),  # signed: the colleague for growth answers
        (Stage.EVALUATION, Role.RECRUITMENT, Role.SUCCESS, 2),
        (Stage.ONBOARDING, Role.RECRUITMENT, Role.ENABLEMENT, 2),
        (Stage.GROWTH, Role.FULL_LIFECYCLE, Role.GROWTH, 1),  # both fit: the owner
        (Stage.GROWTH, Role.SUCCESS, Role.GROWTH, 1),
        (Stage.GROWTH, Role.GROWTH, Role.MARKETING, 1),
        (Stage.GROWTH, Role.OPERATIONS, Role.MARKETING, 1),  # neither fits: the owner
        (Stage.ENDED, Role.GROWTH, Role.FULL_LIFECYCLE, 1),
    ],
)
def test_a_role_fits_the_stages_it_belongs_to(stage: str, owns: str, beside: str, whose: int) -> None:
    posts = [Post(2, beside, ("2026-01-01", 1)), Post(1, owns, ("2026-01-02", 2), is_owner=True)]
    assert responsible(None, Topic(stage), posts, 1) == whose


def test_without_an_owner_the_older_of_two_that_fit() -> None:
    posts = [Post(2, Role.GROWTH, ("2026-02-01", 1)), Post(3, Role.SUCCESS, ("2026-01-01", 2))]
    assert responsible(None, Topic(Stage.GROWTH), posts, None) == 3
