from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0035_delete_messages_with_a_trace")]

    operations = [
        migrations.AddField(
            model_name="wait",
            name="asked_again",
            field=models.BooleanField(
                default=False, help_text="They wrote again within two working days of the answer."
            ),
        ),
    ]
