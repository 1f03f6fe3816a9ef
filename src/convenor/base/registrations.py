"""What the foundation puts into its own registries."""

from datetime import timedelta

from convenor.base import delivery, mail
from convenor.base.tasks import housekeeping, periodic


def register() -> None:
    delivery.register(mail.KIND, mail.deliver)
    periodic.every("housekeeping", timedelta(hours=24), housekeeping.tidy)
