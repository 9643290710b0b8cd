from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0221_fill_the_raw_mail_of_messages")]

    operations = [
        migrations.RemoveField(model_name="rawmail", name="message"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("raw__isnull", False)), fields=["raw"], name="messages_of_a_raw_mail"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id", "partner"),
                name="one_message_per_message_id_and_partner",
            ),
        ),
        migrations.RemoveConstraint(model_name="message", name="one_message_per_message_id"),
    ]
