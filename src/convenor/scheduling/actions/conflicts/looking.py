"""Looking again for conflicts. Nothing of it goes on record: conflicts are worked out from what does."""

from __future__ import annotations

from datetime import datetime

from convenor.scheduling.queries.conflicts.upkeep import catch_up_wholly, look_at_everything


def refresh(now: datetime) -> int:
    """Look again at everything that changed, and at what the time alone changes; how many marks were worked off.

    In as many transactions as there are hundreds of marks; several workers may do it at once.
    """
    return catch_up_wholly(now)


def rebuild(now: datetime) -> None:
    """Find every conflict anew; what was ignored stays so. For a database that was filled in another way than by actions."""
    look_at_everything(now)
