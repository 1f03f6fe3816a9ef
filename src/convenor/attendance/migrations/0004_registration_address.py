import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0003_scans_that_count"),
        ("events", "0001_initial"),
        ("people", "0002_roll"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="registrations",
                to="events.event",
            ),
        ),
        migrations.AddIndex(
            model_name="registration",
            index=models.Index(fields=["event", "email"], name="registration_address"),
        ),
        migrations.AlterConstraint(
            model_name="allotment",
            name="allotment_never_oversold",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", models.F("taken"))),
                name="allotment_never_oversold",
                violation_error_code="allotment_never_oversold",
                violation_error_message="There are no seats left in this allotment.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="fieldoption",
            name="option_never_oversold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("limit__isnull", True), ("limit__gte", models.F("taken")), _connector="OR"
                ),
                name="option_never_oversold",
                violation_error_code="option_never_oversold",
                violation_error_message="This option has run out.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="registration",
            name="registered_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("email", ""), _negated=True), ("guest_of__isnull", True)),
                fields=("event", "email"),
                name="registered_once",
                violation_error_code="registered_once",
                violation_error_message="This address is on the list already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="registration",
            name="person_registered_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("guest_of__isnull", True), ("person__isnull", False)),
                fields=("event", "person"),
                name="person_registered_once",
                violation_error_code="registered_once",
                violation_error_message="This person is on the list already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="registration",
            name="form_sent_once",
            constraint=models.UniqueConstraint(
                condition=models.Q(("nonce", ""), _negated=True),
                fields=("nonce",),
                name="form_sent_once",
                violation_error_code="form_sent_once",
                violation_error_message="This form was sent already.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="roll",
            name="never_oversold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("limit__isnull", True),
                    (
                        "limit__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("taken"), "+", models.F("allotted")
                        ),
                    ),
                    _connector="OR",
                ),
                name="never_oversold",
                violation_error_code="never_oversold",
                violation_error_message="There are no seats left.",
            ),
        ),
    ]
