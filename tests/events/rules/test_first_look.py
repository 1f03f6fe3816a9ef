"""The day on which a programme opens."""

from __future__ import annotations

from datetime import date

import pytest

from convenor.events.rules.dates import first_look

BEFORE, FIRST, SECOND, AFTER = date(2026, 12, 1), date(2026, 12, 7), date(2026, 12, 8), date(2026, 12, 14)
OWN = [FIRST, SECOND]


@pytest.mark.parametrize(
    ("own", "counts", "today", "opens"),
    [
        (OWN, {BEFORE: 1, FIRST: 3, SECOND: 2, AFTER: 1}, BEFORE, FIRST),
        (OWN, {BEFORE: 1, FIRST: 3, SECOND: 2, AFTER: 1}, SECOND, SECOND),
        (OWN, {BEFORE: 1, FIRST: 0, SECOND: 2}, BEFORE, SECOND),
        (OWN, {BEFORE: 1, FIRST: 0, SECOND: 0}, AFTER, BEFORE),
        (OWN, {}, BEFORE, FIRST),
        ([], {AFTER: 1}, AFTER, AFTER),
        ([], {}, AFTER, None),
    ],
)
def test_it_opens_where_most_look(
    own: list[date], counts: dict[date, int], today: date, opens: date | None
) -> None:
    assert first_look(own, counts, today) == opens
