"""What a seat may become, by whom; the docs show the same table."""

from __future__ import annotations

from pathlib import Path

import pytest

from convenor.attendance.enums import GONE, SeatState
from convenor.attendance.rules.seat_states import (
    LAPSED,
    MOVES,
    By,
    as_markdown,
    is_open_again,
    may_become,
    reason_words,
)

DOCS = Path(__file__).resolve().parents[3] / "docs" / "roll.md"


def test_the_docs_show_the_table() -> None:
    assert as_markdown() in DOCS.read_text(encoding="utf-8")


def test_every_state_is_in_the_table_and_leads_somewhere_else() -> None:
    assert set(MOVES) == set(SeatState)
    assert all(moves and old not in moves for old, moves in MOVES.items())


@pytest.mark.parametrize("state", [SeatState.HELD, SeatState.CONFIRMED])
def test_nobody_gives_themselves_a_seat_from_the_waitlist(state: SeatState) -> None:
    assert not may_become(SeatState.WAITLISTED, state, By.SELF)
    assert may_become(SeatState.WAITLISTED, state, By.MACHINE)
    assert may_become(SeatState.WAITLISTED, state, By.STAFF)


def test_who_was_given_up_does_not_bring_themselves_back() -> None:
    assert not any(may_become(SeatState.NO_SHOW, state, By.SELF) for state in SeatState)


def test_who_is_gone_or_only_asked_may_register_again() -> None:
    assert {state for state in SeatState if is_open_again(state)} == {*GONE, SeatState.INVITED}


def test_our_own_reasons_are_said_in_words_and_others_as_they_were_written() -> None:
    assert reason_words(LAPSED) == "The offer wasn't answered in time."
    assert reason_words("Ill") == "Ill"
