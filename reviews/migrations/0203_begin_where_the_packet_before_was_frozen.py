from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0202_find_answers_by_age"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="since_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the packet before was frozen, on the day before: what was recorded later is its own.",
                null=True,
            ),
        ),
    ]
