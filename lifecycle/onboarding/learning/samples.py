"""The courses of the sample company, and who passed them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from lifecycle.onboarding.learning.models import Certificate, Course, Enrolment, Lesson, Question
from lifecycle.onboarding.learning.taking import DAY, LETTERS
from partners.models import Contact, Stage
from prm.days import plus_months
from prm.samples import Sample

WORDS = """## What it does

- receives orders from **any** shop system
- plans the way of each parcel
- tells the customer where it is

## Three questions customers ask

1. How long does it take to set up? *Two weeks.*
2. Which carriers are there? *Forty, more on request.*
3. What does it cost? See the [price list](https://aldermoor.example/prices).
"""
QUESTIONS = (
    ("How long does a set-up take?", ["A day", "Two weeks", "Half a year"], [1]),
    ("What is planned?", ["The way of each parcel", "Shifts of drivers", "Invoices"], [0]),
    ("Which shop systems work?", ["Any", "Only our own"], [0]),
)


def make(sample: Sample) -> None:
    rng = sample.random("courses")
    sales, technical = _courses(sample)
    people = Contact.objects.current().filter(partner__stage=Stage.GROWTH, email__gt="")
    taken = list(people.select_related("partner").order_by("partner", F("pk")))[::2]
    rows, certificates = [], []
    for n, person in enumerate(taken):
        course = technical if n % 3 == 0 else sales
        passed_at = sample.at - timedelta(days=rng.randint(5, 420))
        rows.append(Enrolment(course=course, contact=person, enrolled_at=passed_at, passed_at=passed_at))
        number = "".join(rng.choice(LETTERS) for _ in range(12))
        certificates.append(
            Certificate(
                number=f"{number[:4]}-{number[4:8]}-{number[8:]}",
                outside_number=f"LRN-{40_000 + n}" if course == technical else "",
                course=course,
                partner=person.partner,
                contact=person,
                name=person.name,
                issued_on=passed_at.date(),
                valid_until=plus_months(passed_at.date(), 12) - DAY,
                next_check_at=sample.at,
            )
        )
    Enrolment.objects.bulk_create(rows, 1000)
    Certificate.objects.bulk_create(certificates, 1000)


def _courses(sample: Sample) -> tuple[Course, Course]:
    began = sample.at - timedelta(days=500)
    plain = {"valid_months": 12, "published_at": began, "created_at": began}
    about = "What it does, and the questions customers ask."
    sales = Course.objects.create(title="Selling Aldermoor", about=about, pass_mark=60, **plain)
    about, link = "Two days with our engineers.", "https://learn.aldermoor.example/"
    technical = Course.objects.create(title="Setting it up", about=about, link=link, **plain)
    Lesson.objects.create(course=sales, title="The product in ten minutes", body=WORDS)
    Question.objects.bulk_create(
        Question(course=sales, text=text, choices=choices, right=right, position=n)
        for n, (text, choices, right) in enumerate(QUESTIONS)
    )
    return sales, technical
