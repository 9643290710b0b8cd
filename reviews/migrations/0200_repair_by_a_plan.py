import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0201_plan_without_a_template"),
        ("reviews", "0031_find_healths_by_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="action",
            name="task",
            field=models.OneToOneField(
                blank=True,
                help_text="As a step of the plan that repairs.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="review_action",
                to="lifecycle.task",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="repair_plan",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="review",
                to="lifecycle.plan",
            ),
        ),
    ]
