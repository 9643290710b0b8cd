"""Two partners, or two contacts, become one: all points anew, and Undo puts all of it back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from conversations.models import Commitment, Conversation, Message, Policy, Wait
from lifecycle.models import Evidence, Task
from partners import (
    assignments,
    contacts,
    history,
    links,
    memberships,
    merging,
    organisations,
    profiles,
    ratings,
    repointing,
)
from partners.models import Contact, Event, Fit, Link, Membership, Merge, OutsideId, Partner, Programme, Stage
from partners.profiles import Entry
from partners.scoring import Thresholds
from prm.references import Reference
from team.models import Notice, User, Vertical
from tests.conftest import MONDAY

LATER = MONDAY + timedelta(hours=1)
SKILL = Entry("skill", "Skill", "rating", 60)


@pytest.fixture
def conversation(contoso: Partner, omar: Contact) -> Conversation:
    """Omar wrote and waits."""
    thread = Conversation.objects.create(partner=contoso, subject="Prices", created_at=MONDAY)
    message = Message.objects.create(
        conversation=thread,
        partner=contoso,
        direction=Message.Direction.IN,
        channel=Message.Channel.EMAIL,
        occurred_at=MONDAY,
        recorded_at=MONDAY,
        body="What does it cost?",
        contact=omar,
    )
    Wait.objects.create(
        conversation=thread,
        partner=contoso,
        opened_by=message,
        metric=Wait.Metric.FIRST,
        opened_at=MONDAY,
        due_at=LATER,
        warn_at=LATER,
        lead_at=LATER,
        policy=Policy.objects.get(),
        target_seconds=3600,
        calendar={},
    )
    return thread


@pytest.fixture
def full(
    northwind: Partner,
    contoso: Partner,
    nora: Contact,
    omar: Contact,
    conversation: Conversation,
    programme: Programme,
    alice: User,
    bob: User,
    ravi: User,
) -> tuple[Partner, Partner]:
    """Both have all that only one may have, and each has something of its own."""
    draft = profiles.start_draft(None, by=ravi, at=MONDAY)
    profiles.edit(draft, [SKILL], Thresholds(), "", by=ravi, at=MONDAY)
    profiles.publish(draft, by=ravi, at=MONDAY)
    assignments.set_owner(contoso, to=bob, by=alice, at=MONDAY)
    for partner, stars in ((northwind, 3), (contoso, 5)):
        memberships.join(partner, programme, by=alice, at=MONDAY, tier=programme.tiers.get(name="Gold"))
        ratings.rate(partner, "skill", stars, "", by=alice, at=MONDAY)
        Task.objects.create(partner=partner, text="Call", created_at=MONDAY)
    health, retail = (Vertical.objects.create(name=name) for name in ("Health", "Retail"))
    northwind.verticals.set([health])
    contoso.verticals.set([health, retail])
    OutsideId.objects.create(partner=contoso, system="CRM", value="17")
    Evidence.objects.create(
        partner=contoso, kind="agreement_signed", on=MONDAY.date(), recorded_at=MONDAY, by=alice
    )
    Commitment.objects.create(
        partner=contoso,
        side=Commitment.Side.THEIRS,
        contact=omar,
        text="A price list",
        promised_for=MONDAY.date(),
        original_promised_for=MONDAY.date(),
        ends_at=LATER,
        created_by=alice,
        created_at=MONDAY,
    )
    Notice.objects.create(
        person=alice,
        kind="late",
        cause_kind="partner",
        cause_id=contoso.pk,
        due_at=MONDAY,
        text="…",
        created_at=MONDAY,
    )
    northwind.refresh_from_db()
    contoso.refresh_from_db()
    return northwind, contoso


def current_fits() -> set[tuple[Any, ...]]:
    return set(
        Fit.objects.filter(is_current=True).values_list("partner", "score", "verdict", "lines__answer")
    )


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, but for history, the merges themselves and scores, which stay."""
    left_out = {"partners.Event", "partners.Merge", "partners.Fit", "partners.FitLine"}
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in {"partners", "conversations", "lifecycle", "team"}
        and model._meta.label not in left_out
    }


def merge(
    kept: Partner, gone: Partner, by: User, chosen: dict[str, Any] | None = None, at: Any = LATER
) -> Merge:
    return merging.merge_partners(kept, gone, chosen or {}, by=by, at=at)


def test_everything_points_at_the_kept_one(full: tuple[Partner, Partner], alice: User) -> None:
    kept, gone = full
    merge(kept, gone, by=alice)
    left = {
        f"{pointer.model._meta.label}.{pointer.column}": pointer.rows(gone.pk).count()
        for pointer in repointing.pointers(gone)
        if pointer.rows(gone.pk).exists()
    }
    assert left == {"partners.Partner_verticals.partner_id": 1}  # both are in Health; once is enough
    assert {v.name for v in kept.verticals.all()} == {"Health", "Retail"}
    assert kept.conversations.count() == 1
    assert kept.waits.get().partner == kept
    assert kept.contacts.count() == 2
    assert kept.outside_ids.get().value == "17"
    assert Notice.objects.get(kind="late").cause_id == kept.pk
    assert kept.tasks.count() == 2


def test_what_only_one_may_have_is_the_kept_ones(full: tuple[Partner, Partner], alice: User) -> None:
    kept, gone = full
    merge(kept, gone, by=alice)
    kept.refresh_from_db()
    assert kept.owner == alice
    assert kept.assignments.filter(ends_on=None, is_owner=True).get().user == alice
    assert kept.contacts.get(is_primary=True).name == "Nora Berg"
    assert kept.visits.get(left_at=None).stage == Stage.RECRUITMENT
    assert kept.visits.count() == 2
    assert kept.memberships.get(ends_on=None).is_main
    assert kept.memberships.count() == 2
    assert kept.fits.get(is_current=True).score == 100  # the newest rating counts
    assert gone.fits.get(is_current=True).score == 100  # how the other one stood


def test_names_and_domains_stay_and_both_are_found(full: tuple[Partner, Partner], alice: User) -> None:
    kept, gone = full
    merge(kept, gone, by=alice)
    kept.refresh_from_db()
    assert {name.name for name in kept.names.all()} == {"Northwind", "Contoso"}
    assert {domain.domain for domain in kept.domains.all()} == {"northwind.co.uk", "contoso.com"}
    assert "contoso" in kept.search_key
    assert list(Partner.objects.visible_to(alice)) == [kept]
    assert merging.standing(gone.pk) == kept.pk
    assert merging.standing(kept.pk) == kept.pk


def test_values_are_chosen_field_by_field(northwind: Partner, contoso: Partner, alice: User) -> None:
    Partner.objects.filter(pk=contoso.pk).update(city="Utrecht", employees=80)
    merge(northwind, contoso, by=alice, chosen={"city": "Utrecht", "name": "Contoso"})
    northwind.refresh_from_db()
    assert (northwind.name, northwind.city, northwind.employees) == ("Contoso", "Utrecht", None)
    assert northwind.sort_name == "contoso"
    assert northwind.names.count() == 2


def test_without_an_owner_the_others_owner_stays(contoso: Partner, northwind: Partner, alice: User) -> None:
    merge(contoso, northwind, by=alice)
    contoso.refresh_from_db()
    assert contoso.owner == alice


def test_a_link_between_the_two_does_not_point_at_itself(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    links.link(northwind, contoso, Link.Kind.DELIVERS_WITH, by=alice, at=MONDAY)
    merge(northwind, contoso, by=alice)
    assert Link.objects.get().of_id == northwind.pk
    assert Link.objects.get().to_id == contoso.pk


def test_links_that_would_close_a_circle_are_ended_first(
    northwind: Partner, contoso: Partner, alice: User
) -> None:
    between = organisations.add("Fabrikam", by=alice, at=MONDAY)
    links.link(northwind, between, Link.Kind.DISTRIBUTES_TO, by=alice, at=MONDAY)
    links.link(between, contoso, Link.Kind.DISTRIBUTES_TO, by=alice, at=MONDAY)
    with pytest.raises(merging.MergeRefused, match="would close a circle"):
        merge(northwind, contoso, by=alice)
    assert not Merge.objects.exists()
    contoso.refresh_from_db()
    assert contoso.merged_into is None


def test_undo_restores_exactly(full: tuple[Partner, Partner], alice: User) -> None:
    kept, gone = full
    before, scores = everything(), current_fits()
    merge(kept, gone, by=alice, chosen={"name": "Contoso", "city": "Utrecht"})
    assert everything() != before
    event = Event.objects.get(kind="partners_merged")
    assert event.partner == kept
    history.undo(event, by=alice, at=LATER + timedelta(days=29))
    after = everything()
    assert {label for label in before if before[label] != after[label]} == set()
    assert current_fits() == scores
    assert set(Partner.objects.visible_to(alice)) == {kept, gone}


def test_undo_ends_after_thirty_days(northwind: Partner, contoso: Partner, alice: User) -> None:
    merge(northwind, contoso, by=alice)
    with pytest.raises(history.UndoRefused, match="too late"):
        history.undo(
            Event.objects.get(kind="partners_merged"), by=alice, at=LATER + timedelta(days=30, seconds=1)
        )


def test_what_came_since_stays_with_the_kept_one(northwind: Partner, contoso: Partner, alice: User) -> None:
    merge(northwind, contoso, by=alice, chosen={"city": "Utrecht"})
    organisations.change(northwind, {"city": "Bonn"}, by=alice, at=LATER)
    contacts.add(northwind, "Newcomer", by=alice, at=LATER)
    history.undo(Event.objects.get(kind="partners_merged"), by=alice, at=LATER)
    northwind.refresh_from_db()
    assert northwind.city == "Bonn"
    assert northwind.contacts.get().name == "Newcomer"


def test_a_chain_is_taken_back_from_its_end(
    northwind: Partner, contoso: Partner, omar: Contact, alice: User
) -> None:
    third = organisations.add("Fabrikam", by=alice, at=MONDAY)
    merge(northwind, contoso, by=alice)
    merge(third, northwind, by=alice, at=LATER + timedelta(minutes=1))
    assert merging.standing(contoso.pk) == third.pk
    first, second = Event.objects.filter(kind="partners_merged").order_by("at")
    with pytest.raises(history.UndoRefused, match="was itself merged since"):
        history.undo(first, by=alice, at=LATER + timedelta(minutes=2))
    history.undo(second, by=alice, at=LATER + timedelta(minutes=2))
    history.undo(first, by=alice, at=LATER + timedelta(minutes=3))
    assert Contact.objects.get(pk=omar.pk).partner == contoso


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda one, other: (one, one), "It is the same one"),
        (
            lambda one, other: (
                one,
                Partner.objects.filter(pk=other.pk).update(status="live", stage="growth", step="") and other,
            ),
            "Contoso is live and Northwind is not: keep Contoso",
        ),
        (
            lambda one, other: (one, Partner.objects.filter(pk=other.pk).update(merged_into=one) and other),
            "Contoso was merged already",
        ),
    ],
)
def test_what_cannot_be_merged_is_refused_in_words(
    northwind: Partner, contoso: Partner, alice: User, arrange: Callable[..., Any], words: str
) -> None:
    kept, gone = arrange(northwind, contoso)
    with pytest.raises(merging.MergeRefused, match=words):
        merge(kept, gone, by=alice)
    assert not Merge.objects.exists()


def test_only_facts_can_be_chosen(northwind: Partner, contoso: Partner, alice: User) -> None:
    with pytest.raises(TypeError, match="stage"):
        merge(northwind, contoso, by=alice, chosen={"stage": "growth"})


def test_what_was_written_meanwhile_follows(
    northwind: Partner, contoso: Partner, alice: User, omar: Contact
) -> None:
    merge(northwind, contoso, by=alice)
    late = Task.objects.create(partner=contoso, text="Call", created_at=LATER)
    assert merging.gather_strays(LATER) == 1
    assert merging.gather_strays(LATER) == 0
    late.refresh_from_db()
    assert late.partner == northwind
    history.undo(Event.objects.get(kind="partners_merged"), by=alice, at=LATER)
    late.refresh_from_db()
    assert late.partner == contoso


def test_a_merge_takes_as_many_queries_for_many_rows_as_for_few(
    alice: User, django_assert_max_num_queries: Any
) -> None:
    def pair(size: int) -> tuple[Partner, Partner]:
        kept, gone = (organisations.add(f"{name} {size}", by=alice, at=MONDAY) for name in ("Kept", "Gone"))
        Task.objects.bulk_create(Task(partner=gone, text="Call", created_at=MONDAY) for _ in range(size))
        return kept, gone

    few, many = pair(3), pair(300)
    with django_assert_max_num_queries(400) as first:
        merge(*few, by=alice)
    with django_assert_max_num_queries(len(first)):
        merge(*many, by=alice)


# --- contacts ------------------------------------------------------------------------------------------


@pytest.fixture
def twin(northwind: Partner, nora: Contact, alice: User) -> Contact:
    """Nora once more, under a private address."""
    return contacts.add(
        northwind, "N. Berg", by=alice, at=MONDAY, email="nora@gmail.com", title="Head of sales"
    )


def test_two_contacts_become_one(northwind: Partner, nora: Contact, twin: Contact, alice: User) -> None:
    Message.objects.create(
        conversation=Conversation.objects.create(partner=northwind, subject="Hello", created_at=MONDAY),
        partner=northwind,
        direction=Message.Direction.IN,
        channel=Message.Channel.CALL,
        occurred_at=MONDAY,
        recorded_at=MONDAY,
        contact=twin,
    )
    merging.merge_contacts(nora, twin, {"title": "Head of sales"}, by=alice, at=LATER)
    nora.refresh_from_db()
    assert nora.title == "Head of sales"
    assert [address.email for address in nora.addresses.all()] == ["nora@gmail.com"]
    assert Message.objects.get().contact == nora
    assert list(Contact.objects.current()) == [nora]
    northwind.refresh_from_db()
    assert "nora@gmail.com" in northwind.search_key


def test_the_primary_mark_follows(nora: Contact, twin: Contact, alice: User) -> None:
    merging.merge_contacts(twin, nora, {"email": nora.email}, by=alice, at=LATER)
    twin.refresh_from_db()
    assert twin.is_primary
    assert [address.email for address in twin.addresses.all()] == ["nora@gmail.com"]


def test_undo_restores_both_contacts(nora: Contact, twin: Contact, alice: User) -> None:
    Contact.objects.filter(pk=twin.pk).update(successor=nora)
    before = everything()
    merging.merge_contacts(twin, nora, {"email": nora.email}, by=alice, at=LATER)
    twin.refresh_from_db()
    assert twin.successor is None
    history.undo(Event.objects.get(kind="contacts_merged"), by=alice, at=LATER + timedelta(days=3))
    after = everything()
    assert {label for label in before if before[label] != after[label]} == set()


def test_contacts_of_two_partners_are_not_merged(nora: Contact, omar: Contact, alice: User) -> None:
    with pytest.raises(merging.MergeRefused, match="Merge the partners first"):
        merging.merge_contacts(nora, omar, {}, by=alice, at=LATER)


def test_who_is_still_there_is_kept(nora: Contact, twin: Contact, alice: User) -> None:
    contacts.leave(twin, on=MONDAY.date(), by=alice, at=MONDAY)
    with pytest.raises(merging.MergeRefused, match="has left and"):
        merging.merge_contacts(twin, nora, {}, by=alice, at=LATER)


def test_an_open_wait_stays_open_with_its_times(
    northwind: Partner, contoso: Partner, conversation: Conversation, alice: User
) -> None:
    merge(northwind, contoso, by=alice)
    wait = Wait.objects.get()
    assert (wait.partner, wait.conversation.partner, wait.opened_at, wait.due_at, wait.state) == (
        northwind,
        northwind,
        MONDAY,
        LATER,
        "open",
    )


def test_a_kind_and_id_is_a_pointer_like_a_key(northwind: Partner, contoso: Partner, alice: User) -> None:
    Event.record("noted", MONDAY, alice, about=Reference("partner", contoso.pk))
    merge(northwind, contoso, by=alice)
    assert Event.objects.get(kind="noted").about_id == northwind.pk


def test_memberships_in_two_programmes_are_both_kept(
    northwind: Partner, contoso: Partner, programme: Programme, alice: User
) -> None:
    other = Programme.objects.create(name="Distribution", kind=programme.kind)
    memberships.join(northwind, programme, by=alice, at=MONDAY)
    memberships.join(contoso, other, by=alice, at=MONDAY)
    merge(northwind, contoso, by=alice)
    places = Membership.objects.filter(partner=northwind, ends_on=None)
    assert {(place.programme, place.is_main) for place in places} == {(programme, True), (other, False)}
