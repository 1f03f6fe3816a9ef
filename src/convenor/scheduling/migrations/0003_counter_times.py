from django.db import migrations, models

from convenor.base import clock


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_roll")]

    operations = [
        migrations.AddField(
            model_name="counterproposal",
            name="instead_of_end",
            field=models.DateTimeField(default=clock.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="counterproposal",
            name="instead_of_start",
            field=models.DateTimeField(default=clock.now),
            preserve_default=False,
        ),
    ]
