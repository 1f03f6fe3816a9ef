"""What a scan comes to, by tables, and against the plainest book-keeping there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.enums import ScanKind, ScanOutcome, SeatState
from convenor.attendance.rules.check_in import (
    STAY,
    Asked,
    Movement,
    Presence,
    SeatFacts,
    Verdict,
    code_in,
    corrected,
    may_be_let_in,
    presence_of,
    verdict,
)
from convenor.attendance.rules.seat_states import By, may_become

NINE = datetime(2026, 12, 7, 9, tzinfo=UTC)
IN, OUT, UNDO = ScanKind.IN, ScanKind.OUT, ScanKind.UNDO


def movement(
    number: int, kind: ScanKind = IN, minute: int | None = None, undoes: int | None = None
) -> Movement:
    at = NINE + timedelta(minutes=number if minute is None else minute)
    return Movement(UUID(int=number), kind, at, UUID(int=undoes) if undoes is not None else None)


def asked(number: int, kind: ScanKind = IN, *, lets_in: bool = False, **given: int) -> Asked:
    return Asked(movement(number, kind, **given), lets_in)


@pytest.mark.parametrize(
    ("state", "is_room", "lets_in", "outcome", "after"),
    [
        (SeatState.CONFIRMED, False, False, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.HELD, False, False, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.WAITLISTED, True, False, ScanOutcome.REFUSED, SeatState.WAITLISTED),
        (SeatState.WAITLISTED, True, True, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.WAITLISTED, False, True, ScanOutcome.FULL, SeatState.WAITLISTED),
        (SeatState.OFFERED, False, False, ScanOutcome.REFUSED, SeatState.OFFERED),
        (SeatState.OFFERED, False, True, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.INVITED, True, True, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.INVITED, True, False, ScanOutcome.REFUSED, SeatState.INVITED),
        (SeatState.DECLINED, False, True, ScanOutcome.FULL, SeatState.DECLINED),
        (SeatState.CANCELLED, True, False, ScanOutcome.REFUSED, SeatState.CANCELLED),
        (SeatState.CANCELLED, True, True, ScanOutcome.IN, SeatState.CHECKED_IN),
        (SeatState.SUBSTITUTED, True, False, ScanOutcome.REFUSED, SeatState.SUBSTITUTED),
        (SeatState.NO_SHOW, True, False, ScanOutcome.REFUSED, SeatState.NO_SHOW),
        (SeatState.NO_SHOW, True, True, ScanOutcome.IN, SeatState.CHECKED_IN),
    ],
)
def test_what_the_first_scan_does(
    state: SeatState, is_room: bool, lets_in: bool, outcome: ScanOutcome, after: SeatState
) -> None:
    found = verdict(asked(1, lets_in=lets_in), [], SeatFacts(state, is_room=is_room))
    counts = outcome == ScanOutcome.IN
    assert found == Verdict(outcome, counts=counts, state=after)
    assert may_be_let_in(state, is_room=is_room) is (
        state not in {SeatState.CONFIRMED, SeatState.HELD} and (is_room or state == SeatState.OFFERED)
    )


@pytest.mark.parametrize(
    ("before", "scan", "outcome"),
    [
        ([], asked(1), ScanOutcome.IN),
        ([movement(1)], asked(2), ScanOutcome.ALREADY),
        ([movement(2)], asked(1), ScanOutcome.IN),  # a scan from before that comes in late was the first
        ([movement(1), movement(2, OUT)], asked(3), ScanOutcome.IN),
        ([movement(1), movement(2, UNDO, undoes=1)], asked(3), ScanOutcome.IN),
        ([movement(1)], asked(2, minute=16 * 60 + 1), ScanOutcome.IN),  # the next morning
        ([movement(1)], asked(2, minute=16 * 60), ScanOutcome.ALREADY),
        ([movement(2, UNDO, undoes=1)], asked(1), ScanOutcome.UNDONE),
        ([movement(1)], asked(2, OUT), ScanOutcome.OUT),
        ([movement(1), movement(2, OUT)], asked(3, OUT), ScanOutcome.NOT_IN),
        ([], asked(1, OUT), ScanOutcome.NOT_IN),
        ([movement(1)], asked(2, UNDO, undoes=1), ScanOutcome.UNDONE),
    ],
)
def test_what_a_later_scan_is_answered(before: Sequence[Movement], scan: Asked, outcome: ScanOutcome) -> None:
    state = SeatState.CHECKED_IN if presence_of(before).first_in else SeatState.CONFIRMED
    assert verdict(scan, before, SeatFacts(state)).outcome == outcome


@pytest.mark.parametrize("was", [SeatState.HELD, SeatState.WAITLISTED, SeatState.NO_SHOW])
def test_taking_back_makes_the_seat_what_it_was(was: SeatState) -> None:
    back = asked(2, UNDO, undoes=1)
    facts = SeatFacts(SeatState.CHECKED_IN, was)
    assert verdict(back, [movement(1)], facts).state == was
    assert verdict(back, [movement(1), movement(3)], facts).state == SeatState.CHECKED_IN
    assert (
        verdict(back, [movement(3)], facts).state == SeatState.CHECKED_IN
    )  # it takes back what hasn't come yet
    cancelled = replace(facts, state=SeatState.CANCELLED)
    assert verdict(back, [movement(1)], cancelled).state == SeatState.CANCELLED


@pytest.mark.parametrize("state", [each for each in SeatState if each != SeatState.CHECKED_IN])
def test_the_door_does_only_what_the_table_lets_it(state: SeatState) -> None:
    assert may_become(
        state, verdict(asked(1, lets_in=True), [], SeatFacts(state, is_room=True)).state, By.DOOR
    )
    if state != SeatState.OFFERED:  # it was accepted by coming
        back = verdict(asked(2, UNDO, undoes=1), [movement(1)], SeatFacts(SeatState.CHECKED_IN, state))
        assert may_become(SeatState.CHECKED_IN, back.state, By.DOOR)


def test_who_came_before_the_seat_was_given_up_has_it_again_if_there_is_room() -> None:
    given_up = SeatFacts(SeatState.NO_SHOW, ended_at=NINE + timedelta(minutes=30))
    late = asked(1, minute=29)
    assert verdict(late, [], given_up).outcome == ScanOutcome.FULL
    assert verdict(late, [], replace(given_up, is_room=True)).state == SeatState.CHECKED_IN
    assert verdict(asked(1, minute=31), [], replace(given_up, is_room=True)).outcome == ScanOutcome.REFUSED


def test_going_out_of_a_seat_that_was_cancelled_leaves_it_cancelled() -> None:
    found = verdict(asked(2, OUT), [movement(1)], SeatFacts(SeatState.CANCELLED))
    assert found == Verdict(ScanOutcome.OUT, counts=True, state=SeatState.CANCELLED)


def test_presence() -> None:
    day = [movement(1), movement(5), movement(9, OUT)]
    assert presence_of(day) == Presence(day[0].at, day[1].at, day[2].at)
    assert presence_of([movement(0, OUT), *day[:2]]) == Presence(day[0].at, day[1].at)
    here = presence_of(day[:2])
    assert here.is_in(day[1].at + STAY - timedelta(seconds=1))
    assert not here.is_in(day[1].at + STAY)
    assert not presence_of(day).is_in(day[2].at)
    assert not Presence().is_in(NINE)


@st.composite
def one_seats_scans(draw: st.DrawFn) -> list[Movement]:
    """Comings, goings and takings back, at times that may be the same."""
    count = draw(st.integers(1, 8))
    made = []
    for number in range(count):
        kind = draw(st.sampled_from(ScanKind))
        target = draw(st.integers(0, count - 1)) if kind == UNDO else None
        made.append(movement(number, kind, minute=draw(st.integers(0, 5)), undoes=target))
    return made


def recorded(arrived: Sequence[Movement], base: SeatState) -> tuple[SeatState, Presence]:
    """As the action keeps the books: one scan after the other, each uid once."""
    state, was, kept = base, None, list[Movement]()
    for scan in arrived:
        if any(each.uid == scan.uid for each in kept):
            continue
        found = verdict(Asked(scan), kept, SeatFacts(state, was))
        assert found.counts
        if found.state == SeatState.CHECKED_IN != state:
            was = state
        state = found.state
        kept.append(scan)
    return state, presence_of(kept)


def plainly(scans: Sequence[Movement], base: SeatState) -> tuple[SeatState, Presence]:
    """Everything known, what was taken back struck out, read from morning to evening."""
    struck = {each.undoes for each in scans if each.kind == UNDO}
    first = last = out = None
    for each in sorted(scans, key=lambda each: (each.at, each.uid)):
        if each.uid in struck or each.kind == UNDO:
            continue
        if each.kind == IN:
            first, last, out = first or each.at, each.at, None
        elif last is not None and out is None:
            out = each.at
    return (SeatState.CHECKED_IN if first else base), Presence(first, last, out)


@given(
    scans=one_seats_scans(),
    base=st.sampled_from([SeatState.CONFIRMED, SeatState.HELD]),
    data=st.data(),
)
def test_the_order_in_which_scans_reach_us_changes_nothing(
    scans: list[Movement], base: SeatState, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(scans), max_size=5))
    arrived = data.draw(st.permutations([*scans, *again]))
    assert recorded(arrived, base) == plainly(scans, base)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AB12CD34EF56AB78", "AB12CD34EF56AB78"),
        ("  ab12-cd34 ef56-ab78\n", "AB12CD34EF56AB78"),
        ("https://meet.example.org/b/AB12CD34EF56AB78", "AB12CD34EF56AB78"),
        ("https://meet.example.org/b/AB12CD34EF56AB78/?via=badge#top", "AB12CD34EF56AB78"),
        ("http://[broken/AB12", "AB12"),
        ("oi-l2", "0112"),
        ("", ""),
        ("/", ""),
        ("șțăâî", ""),
        ("A" * 5000, "A" * 64),
    ],
)
def test_the_code_in_what_was_scanned(text: str, code: str) -> None:
    assert code_in(text) == code


@pytest.mark.parametrize("off", [-7200, -3, 0, 1, 3, 86400])
def test_a_clock_that_is_off_is_corrected_by_ours(off: int) -> None:
    now = NINE + timedelta(minutes=10)
    read = NINE + timedelta(seconds=off)
    sent = now + timedelta(seconds=off)
    assert abs(corrected(read, sent, now) - NINE) <= timedelta(seconds=2)


def test_nothing_is_scanned_in_the_future() -> None:
    assert corrected(NINE + timedelta(hours=1), NINE, NINE) == NINE
