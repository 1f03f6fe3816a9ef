from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0002_seats_left"),
        ("people", "0002_roll"),
    ]

    operations = [
        migrations.AddField(
            model_name="scan",
            name="counts",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="scan",
            name="undoes",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scan",
            name="was",
            field=models.CharField(
                blank=True,
                choices=[
                    ("invited", "Invited"),
                    ("held", "Held"),
                    ("confirmed", "Confirmed"),
                    ("waitlisted", "On the waitlist"),
                    ("offered", "Offered"),
                    ("declined", "Declined"),
                    ("cancelled", "Cancelled"),
                    ("substituted", "Substituted"),
                    ("checked_in", "Checked in"),
                    ("no_show", "No-show"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="scan",
            name="kind",
            field=models.CharField(
                choices=[("in", "In"), ("out", "Out"), ("undo", "Taken back")], default="in", max_length=4
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "undo"), ("undoes__isnull", False)),
                    models.Q(models.Q(("kind", "undo"), _negated=True), ("undoes__isnull", True)),
                    _connector="OR",
                ),
                name="only_an_undo_undoes",
            ),
        ),
    ]
