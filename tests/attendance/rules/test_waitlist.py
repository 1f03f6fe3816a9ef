"""Who is given the places that come free, against the plainest reading of each rule."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.enums import WaitlistRule
from convenor.attendance.rules.waitlist import OPEN, Party, Placed, Places, next_up

DAY = datetime(2026, 11, 1, tzinfo=UTC)
ORDER, PRIORITY, BALANCE = WaitlistRule.ORDER, WaitlistRule.PRIORITY, WaitlistRule.BALANCE


def party(key: int, size: int = 1, *, after: int | None = None, **fields: object) -> Party:
    since = DAY + timedelta(minutes=key if after is None else after)
    return Party(key=key, size=size, since=since, **fields)  # type: ignore[arg-type]  # as its fields


def keys(placed: list[Placed]) -> list[int]:
    return [each.key for each, _where in placed]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(ORDER, [1, 2, 3]), (PRIORITY, [4, 2, 1]), (BALANCE, [3, 4, 1])],
)
def test_each_rule_has_its_own_order(rule: WaitlistRule, expected: list[int]) -> None:
    waiting = [
        party(4, priority=2, group="law"),
        party(1, group="sales"),
        party(2, priority=1, group="sales"),
        party(3, group="law"),
    ]
    assert keys(next_up(waiting, rule, Places(3), {"sales": 2, "law": 0})) == expected


def test_who_came_at_the_same_instant_goes_by_key() -> None:
    waiting = [party(2, after=0), party(1, after=0)]
    assert keys(next_up(waiting, ORDER, Places(1))) == [1]


def test_a_party_sits_together_or_waits_on_while_smaller_ones_go_before_it() -> None:
    waiting = [party(1, 3), party(2, 1), party(3, 2)]
    assert keys(next_up(waiting, ORDER, Places(2))) == [2]
    assert keys(next_up(waiting, ORDER, Places(3))) == [1]
    assert keys(next_up(waiting, ORDER, Places(None))) == [1, 2, 3]


def test_seats_of_an_allotment_go_to_its_own_people_alone() -> None:
    waiting = [party(1), party(2, allotments=(7,)), party(3, allotments=(7,)), party(4)]
    placed = next_up(waiting, ORDER, Places(1, {7: 1}))
    assert [(each.key, where) for each, where in placed] == [(1, OPEN), (2, 7)]


def test_the_nearest_allotment_goes_before_the_open_seats() -> None:
    (placed,) = next_up([party(1, 2, allotments=(7, 8))], ORDER, Places(5, {7: 1, 8: 2}))
    assert placed[1] == 8


def test_balance_counts_the_seats_that_it_gives() -> None:
    waiting = [party(n, group="sales" if n < 4 else "law") for n in range(1, 7)]
    assert keys(next_up(waiting, BALANCE, Places(4))) == [1, 4, 2, 5]


def slowly(waiting: list[Party], rule: WaitlistRule, places: Places, held: Counter[str]) -> list[Placed]:
    """The rule read aloud: again and again the first of all who fit."""
    left, placed = list(waiting), []
    while fitting := [each for each in left if places.find(each.size, each.allotments) is not None]:
        first = min(
            fitting,
            key=lambda each: (
                held[each.group] if rule == BALANCE else 0,
                -each.priority if rule == PRIORITY else 0,
                each.since,
                each.key,
            ),
        )
        where = places.find(first.size, first.allotments)
        assert where is not None
        places.take(first.size, where)
        held[first.group] += first.size
        left.remove(first)
        placed.append((first, where))
    return placed


parties = st.lists(
    st.builds(
        party,
        st.integers(1, 1_000),
        st.integers(1, 3),
        after=st.integers(0, 5),
        priority=st.integers(0, 2),
        group=st.sampled_from(["law", "sales", "press", ""]),
        allotments=st.lists(st.sampled_from([7, 8, 9]), unique=True, max_size=2).map(tuple),
    ),
    unique_by=lambda each: each.key,
    max_size=12,
)
spares = st.dictionaries(st.sampled_from([7, 8]), st.integers(0, 4))
helds = st.dictionaries(st.sampled_from(["law", "sales", "press"]), st.integers(0, 4))


@given(parties, st.sampled_from(WaitlistRule), st.none() | st.integers(0, 8), spares, helds)
def test_every_rule_is_what_it_reads_as(
    waiting: list[Party],
    rule: WaitlistRule,
    free: int | None,
    spare: dict[int, int],
    held: dict[str, int],
) -> None:
    plain, ours = Places(free, dict(spare)), Places(free, dict(spare))
    assert next_up(waiting, rule, ours, held) == slowly(waiting, rule, plain, Counter(held))
    assert ours == plain
    assert ours.free is None or ours.free >= 0
    assert all(count >= 0 for count in ours.spare.values())
