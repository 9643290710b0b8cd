from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0034_decide_on_late_reports")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="erased_at",
            field=models.DateTimeField(blank=True, help_text="An admin deleted its words.", null=True),
        ),
    ]
