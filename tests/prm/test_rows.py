"""Rows made ready in memory and written at once, as the slower ways would write them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from pytest_django import DjangoAssertNumQueries

from partners.models import Contact, Domain, Partner
from prm.rows import Rows, reserve
from team.models import Region
from tests.conftest import MONDAY

FACTS: dict[str, Any] = {
    "name": 'Škoda % "Söhne"',
    "certifications": ["ISO 27001", "Tür"],
    "stage_since": MONDAY,
    "step_since": MONDAY,
    "created_at": MONDAY,
    "signed_on": MONDAY.date(),
    "employees": 12,
}

pytestmark = pytest.mark.django_db


def test_a_row_is_written_as_bulk_create_writes_it() -> None:
    region = Region.objects.create(name="Nowhere")
    (slowly,) = Partner.objects.bulk_create([Partner(**FACTS, region=region)])
    (pk,) = reserve(Partner, 1)
    rows = Rows()
    rows.add([Partner(pk=pk, **FACTS, region=region)])
    assert not Partner.objects.filter(pk=pk).exists(), "it is only ready"
    rows.write()
    assert model_to_dict(Partner.objects.get(pk=pk)) == model_to_dict(Partner.objects.get(pk=slowly.pk)) | {
        "id": pk
    }
    assert Partner.objects.get(pk=pk).sort_name == Partner.objects.get(pk=slowly.pk).sort_name


def test_reserved_ids_are_given_to_nobody_else() -> None:
    first, second = reserve(Partner, 3), reserve(Partner, 2)
    made = Partner.objects.create(**FACTS)
    assert len({*first, *second, made.pk}) == 6
    assert reserve(Partner, 0) == []


def test_rows_point_at_others_that_are_only_ready() -> None:
    pks = reserve(Partner, 2)
    partners = [Partner(pk=pk, **FACTS) for pk in pks]
    rows = Rows()
    rows.add(partners)
    rows.add(Domain(partner=partner, domain=f"firm{partner.pk}.example") for partner in partners)
    rows.write()
    assert set(Domain.objects.values_list("partner", flat=True)) == set(pks)


def test_columns_are_changed_row_by_row() -> None:
    one, other = (Partner.objects.create(**FACTS) for _ in range(2))
    region = Region.objects.create(name="Nowhere")
    rows = Rows()
    rows.change(Partner, one.pk, city="Kiel", region=region)
    rows.change(Partner, other.pk, certifications=["CISA"], signed_on=None)
    rows.write()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.city, one.region, one.certifications) == ("Kiel", region, FACTS["certifications"])
    assert (other.city, other.certifications, other.signed_on) == ("", ["CISA"], None)


def test_all_goes_in_or_nothing() -> None:
    partner = Partner.objects.create(**FACTS)
    rows = Rows()
    rows.add([Domain(partner=partner, domain="northwind.example")])
    rows.add(
        Contact(partner=partner, name=f"Person {n}", is_primary=True, created_at=MONDAY) for n in range(2)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.write()
    assert not Domain.objects.exists()


def test_the_statements_do_not_grow_with_the_rows(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    rows = Rows()
    rows.add(Partner(pk=pk, **FACTS) for pk in reserve(Partner, 900))
    with django_assert_max_num_queries(1):
        rows.write()
    assert Partner.objects.count() == 900
