from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0030_scope_policies")]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="head_after_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=2,
                help_text="Working days after the due time; empty: no head is told.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="wait",
            name="head_at",
            field=models.DateTimeField(help_text="When the head hears of it; empty: never.", null=True),
        ),
    ]
