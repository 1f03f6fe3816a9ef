"""What the foundation puts into its own registries."""

from datetime import timedelta

from django.db.backends.signals import connection_created

from convenor.base import delivery, folding, functions, mail
from convenor.base.tasks import housekeeping, periodic


def register() -> None:
    functions.register()
    folding.register_lookup()
    connection_created.connect(folding.teach_sqlite, dispatch_uid="folding")
    delivery.register(mail.KIND, mail.deliver)
    periodic.every("housekeeping", timedelta(hours=24), housekeeping.tidy)
