"""What the foundation puts into its own registries."""

from datetime import timedelta

from convenor.base import delivery, functions, mail
from convenor.base.tasks import housekeeping, periodic


def register() -> None:
    functions.register()
    delivery.register(mail.KIND, mail.deliver)
    periodic.every("housekeeping", timedelta(hours=24), housekeeping.tidy)
