from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="registrationform",
            name="shows_seats_left",
            field=models.BooleanField(default=False, verbose_name="say how many seats are left"),
        )
    ]
