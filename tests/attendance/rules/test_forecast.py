"""The forecast: bounds, honesty about how little is known, and ranges that hold what they promise."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from statistics import mean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.forecast import (
    LEAST_SEATS,
    OWN_WEIGHT,
    Forecast,
    Kind,
    Past,
    Sitter,
    forecast,
    share_of,
)

COMING, INVITED = Kind.COMING, Kind.INVITED
History = Mapping[Kind, Sequence[Past]]

pasts = st.integers(0, 60).flatmap(lambda of: st.builds(Past, st.integers(0, of), st.just(of)))
histories = st.dictionaries(st.sampled_from(Kind), st.lists(pasts, max_size=6))
sitters = st.lists(
    st.integers(0, 8).flatmap(
        lambda of: st.builds(Sitter, st.sampled_from(Kind), st.integers(0, of), st.just(of))
    ),
    max_size=40,
)


def known(certain: int, people: Sequence[Sitter], history: History) -> Forecast:
    found = forecast(certain, people, history)
    assert found is not None
    return found


@given(st.integers(0, 20), sitters, histories)
def test_the_range_lies_within_who_is_there_and_who_is_on_the_roll(
    certain: int, people: list[Sitter], history: dict[Kind, list[Past]]
) -> None:
    found = forecast(certain, people, history)
    counted = sum(past.of for past in history.get(COMING, ()))
    assert (found is None) == (counted < LEAST_SEATS)
    if found is not None:
        assert certain <= found.low <= found.likely <= found.high <= found.seats == certain + len(people)
        assert found.people == counted


@pytest.mark.parametrize(("of", "says"), [(LEAST_SEATS - 1, False), (LEAST_SEATS, True)])
def test_too_few_counted_say_nothing(of: int, says: bool) -> None:
    history = {COMING: [Past(of - 2, of)], INVITED: [Past(500, 1_000)]}
    assert (forecast(0, [Sitter(COMING)] * 10, history) is not None) == says
    assert forecast(0, [Sitter(COMING)] * 10, {}) is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_the_more_is_known_the_narrower(share: float) -> None:
    people = [Sitter(COMING)] * 200
    widths = []
    for events in (1, 2, 8, 64):
        history = {COMING: [Past(round(share * 50), 50)] * events}
        found = known(0, people, history)
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1]


def test_events_that_differ_make_it_wider_than_events_alike() -> None:
    people = [Sitter(COMING)] * 200
    alike = known(0, people, {COMING: [Past(40, 50)] * 4})
    unlike = known(0, people, {COMING: [Past(30, 50), Past(50, 50), Past(32, 50), Past(48, 50)]})
    assert alike.likely == unlike.likely
    assert unlike.high - unlike.low > 1.5 * (alike.high - alike.low)


def test_a_persons_own_past_weighs_the_more_the_longer_it_is() -> None:
    history = {COMING: [Past(80, 100)]}
    never = [known(0, [Sitter(COMING, 0, of)] * 100, history).likely for of in (0, 1, OWN_WEIGHT, 50)]
    always = [known(0, [Sitter(COMING, of, of)] * 100, history).likely for of in (0, 1, OWN_WEIGHT, 50)]
    assert never == sorted(never, reverse=True)
    assert always == sorted(always)
    assert never[2] == pytest.approx(share_of(history[COMING]).mean * 50, abs=1)  # half and half
    assert (never[-1] < 10, always[-1] > 95) == (True, True)


def test_who_is_in_already_is_certain() -> None:
    history = {COMING: [Past(50, 100)]}
    found = known(30, [], history)
    assert (found.low, found.likely, found.high) == (30, 30, 30)


def test_a_kind_that_was_never_seen_could_be_anything() -> None:
    found = known(0, [Sitter(INVITED)] * 100, {COMING: [Past(90, 100)]})
    assert found.likely == 50
    assert found.high - found.low > 60


class TestAgainstSimulation:
    """The forecast against worlds in which the truth is known; with fixed seeds."""

    @pytest.mark.parametrize("events", [1, 2, 3, 6, 12])
    @pytest.mark.parametrize("seats", [15, 60, 250])
    def test_four_of_five_events_end_within_the_range(self, events: int, seats: int) -> None:
        """Each world has its own share, and each of its events differs from it as events usually do."""
        draw, inside, worlds = random.Random(f"{events}/{seats}"), 0, 1_000
        for _ in range(worlds):
            share = draw.betavariate(8, 3)
            history = [came_to(draw, share, draw.randint(20, 80)) for _ in range(events)]
            found = known(0, [Sitter(COMING)] * seats, {COMING: history})
            came = came_to(draw, share, seats).came
            inside += found.low <= came <= found.high
        assert 0.76 <= inside / worlds <= 0.92

    def test_it_is_what_drawing_the_unknown_again_and_again_gives(self) -> None:
        """Mean and spread of the plainest oracle: draw the share from what is known, then everybody by themselves."""
        draw, known_past = random.Random(7), [Past(45, 60), Past(52, 60), Past(40, 60)]
        people = [Sitter(COMING)] * 80 + [Sitter(COMING, 1, 6)] * 20 + [Sitter(INVITED)] * 40
        history = {COMING: known_past, INVITED: [Past(30, 100)]}
        shares = {kind: share_of(history.get(kind, ())) for kind in (COMING, INVITED)}
        drawn = []
        for _ in range(4_000):
            truth = {
                kind: min(max(draw.gauss(each.mean, each.variance**0.5), 0), 1)
                for kind, each in shares.items()
            }
            drawn.append(
                sum(
                    draw.random() < (each.came + OWN_WEIGHT * truth[each.kind]) / (each.of + OWN_WEIGHT)
                    for each in people
                )
            )
        drawn.sort()
        found = known(0, people, history)
        assert found.likely == pytest.approx(mean(drawn), abs=1)
        assert found.low == pytest.approx(drawn[len(drawn) // 10], abs=2)
        assert found.high == pytest.approx(drawn[len(drawn) * 9 // 10], abs=2)
        assert pvariance(drawn) > sum(shares[each.kind].mean * 0.1 for each in people)


def came_to(draw: random.Random, share: float, of: int) -> Past:
    """An event of the world: its own share, then everybody by themselves."""
    own = min(max(draw.gauss(share, 0.05), 0.0), 1.0)
    return Past(sum(draw.random() < own for _ in range(of)), of)
