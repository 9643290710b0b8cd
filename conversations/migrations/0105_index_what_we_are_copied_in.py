from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0104_list_what_we_are_copied_in")]

    operations = [
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("copied_at__isnull", False), ("merged_into", None), ("state", "open")),
                fields=["-copied_at", "-id"],
                name="conversations_we_are_copied_in",
            ),
        ),
    ]
