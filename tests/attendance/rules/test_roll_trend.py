"""The roll over time adds up day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.roll_trend import HEIGHT, WIDTH, roll_trend

TODAY = date(2026, 11, 23)
DAYS = st.integers(0, 60).map(lambda back: TODAY - timedelta(days=back))


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_a_roll_without_yesterday_has_no_picture() -> None:
    assert roll_trend({}, {}, today=TODAY, capacity=10) is None
    assert roll_trend({TODAY: 3}, {}, today=TODAY, capacity=10) is None


def test_it_says_where_it_began_stands_and_was_at_most() -> None:
    found = roll_trend({before(2): 5, before(1): 5}, {TODAY: 4}, today=TODAY, capacity=20)
    assert found is not None
    assert (found.first, found.first_count) == (before(2), 5)
    assert (found.last, found.last_count) == (TODAY, 6)
    assert (found.most, found.most_on) == (10, before(1))
    assert found.line == "0.0,90.0 300.0,60.0 600.0,84.0"
    assert found.capacity_y == 0.0


def test_a_far_capacity_is_left_out() -> None:
    found = roll_trend({before(1): 5}, {}, today=TODAY, capacity=500)
    assert found is not None
    assert found.capacity_y is None
    assert found.top == 5


@given(
    came=st.dictionaries(DAYS, st.integers(1, 50)),
    gone=st.dictionaries(DAYS, st.integers(1, 50)),
    capacity=st.none() | st.integers(0, 500),
)
def test_the_last_count_is_the_sum_and_all_points_are_inside(
    came: dict[date, int], gone: dict[date, int], capacity: int | None
) -> None:
    left = {day: min(count, came.get(day, 0)) for day, count in gone.items()}  # nobody leaves who never came
    found = roll_trend(came, left, today=TODAY, capacity=capacity)
    if found is None:
        assert min([*came, *left], default=TODAY) == TODAY
        return
    assert found.last_count == sum(came.values()) - sum(left.values())
    for point in found.line.split():
        x, y = (float(part) for part in point.split(","))
        assert 0 <= x <= WIDTH
        assert 0 <= y <= HEIGHT
