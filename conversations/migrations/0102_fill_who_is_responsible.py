"""Who is responsible for each conversation, as the rule says. No conversation is about a membership yet."""

from collections import defaultdict

from django.db import migrations
from django.db.models import F

from conversations import whose

BATCH = 1000


def fill(apps, schema_editor):
    conversation = apps.get_model("conversations", "Conversation")
    person = apps.get_model("team", "User")
    here = set(person.objects.filter(is_active=True).values_list("pk", flat=True))
    conversation.objects.filter(taken_by__in=here).update(responsible=F("taken_by"))
    for partners in _batches(apps.get_model("partners", "Partner"), BATCH):
        _fill_some(apps, conversation.objects.exclude(taken_by__in=here), partners, here)


def _batches(partner, size):
    last = 0
    while rows := list(partner.objects.filter(pk__gt=last).order_by("pk")[:size]):
        yield rows
        last = rows[-1].pk


def _fill_some(apps, conversations, partners, here):
    posts = defaultdict(list)
    current = apps.get_model("partners", "Assignment").objects.filter(ends_on=None, user__in=here)
    for row in current.filter(partner__in=partners):
        since = (row.starts_on.isoformat(), row.pk)
        post = whose.Post(row.user_id, row.role, since, row.is_owner, row.membership_id, row.region_id)
        posts[row.partner_id].append(post)
    theirs = defaultdict(list)
    for row in partners:
        topic = whose.Topic(row.stage, None, {row.region_id} - {None})
        owner = row.owner_id if row.owner_id in here else None
        theirs[whose.falls_to(topic, posts[row.pk], owner)].append(row.pk)
    for person, pks in theirs.items():
        conversations.filter(partner__in=pks).update(responsible=person)


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0101_tell_who_took_it_from_who_is_responsible"),
        ("partners", "0022_read_lists_from_narrow_indexes"),
        ("team", "0042_tell_partners_of_a_leave"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
