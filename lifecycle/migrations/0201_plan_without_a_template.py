import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lifecycle", "0200_invest_in_partners"),
        ("partners", "0055_keep_the_health"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="aim",
            field=models.TextField(blank=True, help_text="What good looks like."),
        ),
        migrations.AddField(
            model_name="plan",
            name="is_shared",
            field=models.BooleanField(default=True, help_text="The partner sees it."),
        ),
        migrations.AddField(
            model_name="plan",
            name="look_again_on",
            field=models.DateField(blank=True, help_text="When both look whether it is so.", null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="name",
            field=models.CharField(blank=True, help_text="Of a plan without a template.", max_length=100),
        ),
        migrations.AlterField(
            model_name="plan",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="lifecycle.plantemplate",
            ),
        ),
        migrations.AlterField(
            model_name="plan",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="lifecycle.templateversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("template__isnull", False), ("version__isnull", False)),
                    models.Q(("template", None), ("version", None), models.Q(("name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_plan_has_a_template_or_a_name",
            ),
        ),
    ]
