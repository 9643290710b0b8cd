from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0033_pause_clocks_on_a_ground")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="declined_at",
            field=models.DateTimeField(blank=True, help_text="A lead did not confirm it.", null=True),
        ),
        migrations.AddField(
            model_name="wait",
            name="reply_reported",
            field=models.BooleanField(default=False, help_text="Somebody reports a reply; not confirmed."),
        ),
    ]
