"""Whether anybody here has an address: of the directory, or of a registration."""

from __future__ import annotations

from convenor.attendance.queries.answering import is_registered
from convenor.people.queries.senders import known_addresses


def belong_to_somebody(address: str) -> bool:
    return bool(known_addresses([address])) or is_registered(address)
