import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0210_keep_replies_for_later")]

    operations = [
        migrations.RemoveConstraint(model_name="rawmail", name="a_filed_mail_has_its_message"),
        migrations.AlterField(
            model_name="rawmail",
            name="message",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="conversations.message",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="raw",
            field=models.ForeignKey(
                db_index=False,
                help_text=(
                    "The mail as it came; one of ours to people of several partners is a message with each."
                ),
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="conversations.rawmail",
            ),
        ),
    ]
