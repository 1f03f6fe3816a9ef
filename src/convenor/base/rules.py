"""The foundation's pure decisions."""

from __future__ import annotations

import hashlib
from datetime import timedelta

FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=1)
JITTER = 0.2


def retry_delay(attempt: int, key: str) -> timedelta:
    """How long to wait after failed attempt number `attempt` (1, 2, …): doubling up to an hour.

    A fifth more or less, drawn from `key` and the attempt, keeps a thousand jobs that failed
    together from coming back together; the same key always gives the same answer.
    """
    delay = min(FIRST_RETRY * (1 << min(attempt - 1, 16)), LONGEST_RETRY)
    draw = int.from_bytes(hashlib.blake2b(f"{key}:{attempt}".encode(), digest_size=4).digest()) / 2**32
    return delay * (1 - JITTER + 2 * JITTER * draw)
