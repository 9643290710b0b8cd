from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0003_drop_indexes_that_others_cover"),
        ("reviews", "0201_confirm_definitions"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="answer",
            name="comments_by_age",
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(fields=["-at", "-id"], name="answers_by_age"),
        ),
    ]
