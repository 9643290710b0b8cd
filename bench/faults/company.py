"""A company whose partners wait for a reply that falls due now."""

from datetime import datetime, timedelta

from conversations.models import Conversation, Message, Policy, Wait
from partners import organisations
from partners.models import Partner
from prm.calendars import WorkCalendar
from team.models import Calendar, Company, Grant, Role, User

PEOPLE, PARTNERS = 5, 25
DAY = timedelta(days=1)


def found(at: datetime) -> None:
    """Five managers with five partners each."""
    weekly = {str(day): [["00:00", "24:00"]] for day in range(7)}
    calendar = Calendar.objects.create(name="Always", zone="UTC", weekly=weekly)
    Company.objects.create(name="Acme", calendar=calendar, set_up_at=at)
    Policy.objects.create(created_at=at)
    managers = [_manager(n) for n in range(PEOPLE)]
    for n in range(PARTNERS):
        organisations.add(f"Partner {n}", by="bench", at=at, owner=managers[n % PEOPLE])


def _manager(n: int) -> User:
    user = User.objects.create_user(f"manager{n}@acme.example", name=f"Manager {n}")
    Grant.objects.create(user=user, role=Role.FULL_LIFECYCLE)
    return user


def _thread(partner: Partner, subject: str, at: datetime) -> Conversation:
    return Conversation(
        partner=partner, responsible_id=partner.owner_id, subject=subject, created_at=at, last_message_at=at
    )


def ask(numbers: range, at: datetime, over: timedelta) -> None:
    """Questions of yesterday that fall due from `at` on, one after the other, `over` a time."""
    partners, policy, calendar = list(Partner.objects.all()), Policy.objects.get(), Calendar.objects.get()
    kept = WorkCalendar.always().as_json()
    dues = {n: at + over * ((n - numbers.start) / len(numbers)) for n in numbers}
    threads = Conversation.objects.bulk_create(
        _thread(partners[n % len(partners)], f"[{n:05}]", due - DAY) for n, due in dues.items()
    )
    messages = Message.objects.bulk_create(
        Message(
            conversation=thread,
            partner=thread.partner,
            direction=Message.Direction.IN,
            channel=Message.Channel.EMAIL,
            occurred_at=due - DAY,
            recorded_at=due - DAY,
            body="?",
        )
        for thread, due in zip(threads, dues.values(), strict=True)
    )
    Wait.objects.bulk_create(
        Wait(
            conversation=message.conversation,
            partner=message.partner,
            opened_by=message,
            metric=Wait.Metric.FIRST,
            opened_at=due - DAY,
            due_at=due,
            warn_at=due - DAY / 4,
            lead_at=due + DAY / 6,
            next_check_at=due,
            policy=policy,
            target_seconds=86400,
            calendar=kept,
            calendar_of=calendar,
        )
        for message, due in zip(messages, dues.values(), strict=True)
    )
