"""When a roll has outgrown its room, and when a clearly smaller one would do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.refit import Demand, Fit, fit_of, largest_smaller, seats_to_look_for

NUMBERS = st.integers(0, 500)


@pytest.mark.parametrize(
    ("demand", "seats", "fit", "looked_for"),
    [
        (Demand(40), 40, Fit.GOOD, 40),
        (Demand(41), 40, Fit.OUTGROWN, 41),
        (Demand(38, waiting=5, invited=9), 40, Fit.OUTGROWN, 43),
        (Demand(26, is_settled=True), 40, Fit.SHRUNK, 26),
        (Demand(27, is_settled=True), 40, Fit.GOOD, 27),
        (Demand(20, is_settled=False), 40, Fit.GOOD, 20),
        (Demand(20, invited=10, is_settled=True), 40, Fit.GOOD, 20),
        (Demand(20, invited=6, is_settled=True), 40, Fit.SHRUNK, 26),
        (Demand(0, is_settled=True), 40, Fit.GOOD, 0),
        (Demand(41), None, Fit.GOOD, 41),
    ],
)
def test_fit(demand: Demand, seats: int | None, fit: Fit, looked_for: int) -> None:
    assert fit_of(demand, seats) is fit
    assert seats_to_look_for(demand, fit) == looked_for


@given(taken=NUMBERS, waiting=NUMBERS, invited=NUMBERS, seats=NUMBERS, settled=st.booleans())
def test_whoever_is_told_of_a_smaller_room_still_fits_in_it(
    taken: int, waiting: int, invited: int, seats: int, settled: bool
) -> None:
    demand = Demand(taken, waiting, invited, settled)
    fit = fit_of(demand, seats)
    assert (fit is Fit.OUTGROWN) == (taken + waiting > seats)
    if fit is Fit.SHRUNK:
        assert seats_to_look_for(demand, fit) <= largest_smaller(seats) <= seats * 2 / 3
