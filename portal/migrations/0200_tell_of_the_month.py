from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0001_tables"),
    ]

    operations = [
        migrations.AddField(
            model_name="digest",
            name="month_told_on",
            field=models.DateField(help_text="The last day it told of the month before.", null=True),
        ),
    ]
