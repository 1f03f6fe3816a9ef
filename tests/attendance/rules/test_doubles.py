"""Two seats at one time are found whatever they have in common, and an event doesn't clash with its own functions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.doubles import Held, clashes, doubles_among

NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)


def held(
    seat: int,
    *,
    roll: int,
    event: int = 1,
    function: int | None = None,
    registration: int = 0,
    person: int | None = None,
    email: str = "",
    hours: tuple[int, int] = (0, 1),
) -> Held:
    start, end = (NINE + timedelta(hours=hour) for hour in hours)
    return Held(
        seat, roll, event, function, registration or seat, person, email, f"N{seat}", "T", "UTC", start, end
    )


def pairs(ours: list[Held], everything: list[Held]) -> set[tuple[int, int]]:
    return {(each.here.seat_id, each.there.seat_id) for each in doubles_among(ours, everything)}


def test_by_person_or_by_email() -> None:
    mine = held(1, roll=1, person=7, email="ana@x.example")
    by_person = held(2, roll=2, event=2, person=7)
    by_email = held(3, roll=3, event=3, email="ana@x.example")
    another = held(4, roll=4, event=4, person=8, email="bob@x.example")
    assert pairs([mine], [by_person, by_email, another]) == {(1, 2), (1, 3)}


@pytest.mark.parametrize(
    ("hours", "found"), [((1, 2), False), ((0, 1), True), ((-1, 5), True), ((-1, 0), False)]
)
def test_spans_are_half_open(hours: tuple[int, int], found: bool) -> None:
    mine, other = held(1, roll=1, person=7), held(2, roll=2, event=2, person=7, hours=hours)
    assert bool(pairs([mine], [other])) is found


def test_an_event_and_its_functions_belong_together_but_two_functions_clash() -> None:
    whole = held(1, roll=1, registration=9, hours=(0, 9))
    morning = held(2, roll=2, function=5, registration=9)
    beside = held(3, roll=3, function=6, registration=9)
    everything = [whole, morning, beside]
    assert pairs(everything, everything) == {(2, 3)}


def test_another_event_is_named_once() -> None:
    ours = [held(1, roll=1, registration=9, person=7), held(2, roll=2, function=5, registration=9, person=7)]
    theirs = [
        held(3, roll=3, event=2, registration=8, person=7),
        held(4, roll=4, event=2, function=6, registration=8, person=7),
    ]
    assert pairs(ours, [*ours, *theirs]) == {(1, 3)}


def test_guests_without_address_are_nobody_else() -> None:
    assert pairs([held(1, roll=1)], [held(2, roll=2, event=2)]) == set()


SEATS = st.builds(
    held,
    st.integers(1, 60),
    roll=st.integers(1, 5),
    event=st.integers(1, 3),
    function=st.none() | st.integers(1, 4),
    registration=st.integers(1, 8),
    person=st.none() | st.integers(1, 3),
    email=st.sampled_from(["", "a@x.example", "b@x.example"]),
    hours=st.sampled_from([(0, 1), (0, 3), (1, 2), (2, 3)]),
)


@given(st.lists(SEATS, max_size=12, unique_by=lambda each: each.seat_id))
def test_whoever_is_twice_somewhere_is_found_and_nobody_else(everything: list[Held]) -> None:
    def is_double(one: Held) -> bool:
        same = (each for each in everything if set(each.names) & set(one.names))
        return any(clashes(one, each) for each in same)

    found = doubles_among(everything, everything)
    assert all(clashes(each.here, each.there) for each in found)
    assert all(set(each.here.names) & set(each.there.names) for each in found)
    expected = {each.registration_id for each in everything if is_double(each)}
    assert {each.here.registration_id for each in found} | {
        each.there.registration_id for each in found
    } == expected
