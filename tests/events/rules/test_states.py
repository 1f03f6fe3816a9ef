"""The table of states, on its own."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.enums import EventState
from convenor.events.rules.states import TABLE, Dossier, Step, step_between, steps_from

S = EventState
NOW = datetime(2026, 12, 8, 18, tzinfo=UTC)
READY_FOR_ANYTHING = Dossier(
    event_id=1,
    state=S.PLANNING,
    starts_at=NOW - timedelta(days=2),
    ends_at=NOW - timedelta(hours=1),
    load_in_day=date(2026, 12, 6),
    today=date(2026, 12, 8),
    now=NOW,
    has_sponsor=True,
    needs_sponsor=True,
    functions=1,
    needs_certificate=True,
    has_go=True,
    actual_count=12,
    reason="Because",
)


def reached_from(first: EventState) -> set[EventState]:
    found, waiting = {first}, [first]
    while waiting:
        state = waiting.pop()
        fresh = {step.target for step in TABLE if step.source == state} - found
        found |= fresh
        waiting += fresh
    return found


def test_every_state_is_reached_from_an_enquiry() -> None:
    assert reached_from(S.ENQUIRY) == set(S)


def test_only_closed_and_cancelled_are_the_end() -> None:
    assert {state for state in S if not steps_from(state)} == {S.CLOSED, S.CANCELLED}


def test_whatever_is_not_over_can_come_to_an_end() -> None:
    for state in S:
        assert {S.CLOSED, S.CANCELLED} & reached_from(state)


def test_no_way_is_there_twice_and_none_leads_nowhere() -> None:
    ways = [(step.source, step.target) for step in TABLE]
    assert len(ways) == len(set(ways))
    assert all(source != target for source, target in ways)


def test_an_event_that_lacks_nothing_can_go_every_way() -> None:
    assert [step for step in TABLE if step.missing(READY_FOR_ANYTHING)] == []


def step(source: EventState, target: EventState) -> Step:
    found = step_between(source, target)
    assert found is not None
    return found


def lacking(way: tuple[EventState, EventState], **facts: object) -> list[tuple[str, str]]:
    missing = step(*way).missing(replace(READY_FOR_ANYTHING, **facts))  # type: ignore[arg-type]  # a table of cases
    return [(each.sentence, each.where.kind if each.where else "") for each in missing]


@pytest.mark.parametrize(
    ("way", "facts", "says"),
    [
        (
            (S.ENQUIRY, S.PLANNING),
            {"owner_is_active": False, "starts_at": None, "ends_at": None},
            [
                ("Its coordinator has left: name another.", "event.edit"),
                ("It has no start and end yet.", "event.edit"),
            ],
        ),
        (
            (S.PLANNING, S.CONFIRMED),
            {"has_sponsor": False, "functions": 0, "has_go": False},
            [
                ("Its class asks for a sponsor: name one.", "event.edit"),
                ("Its programme is empty: add at least one function.", "event.programme"),
                (
                    "Its class asks for a go/no-go certificate with everybody's go for its present dates.",
                    "event.readiness",
                ),
            ],
        ),
        (
            (S.PLANNING, S.CONFIRMED),
            {"needs_certificate": False, "blocking": ("No room.", "No chair.")},
            [("Readiness is blocked. No room. No chair.", "event.readiness")],
        ),
        ((S.PLANNING, S.CONFIRMED), {"blocking": ("No room.",)}, []),
        ((S.PLANNING, S.CONFIRMED), {"has_sponsor": False, "needs_sponsor": False}, []),
        (
            (S.CONFIRMED, S.IN_PROGRESS),
            {"today": date(2026, 12, 5)},
            [("It can't be in progress before 6 December 2026.", "")],
        ),
        (
            (S.IN_PROGRESS, S.DEBRIEF),
            {"ends_at": NOW + timedelta(seconds=1)},
            [("It isn't over yet.", "")],
        ),
        ((S.IN_PROGRESS, S.DEBRIEF), {"ends_at": NOW}, []),
        (
            (S.DEBRIEF, S.CLOSED),
            {"undone_tasks": 2, "actual_count": None, "blocking": tuple(f"{n}." for n in range(7))},
            [
                ("2 tasks are neither done nor dropped.", "event.tasks"),
                ("Say how many people came.", "event.edit"),
                ("Readiness is blocked. 0. 1. 2. 3. 4. And 2 more.", "event.readiness"),
            ],
        ),
        ((S.DEBRIEF, S.CLOSED), {"actual_count": 0}, []),
        ((S.PLANNING, S.POSTPONED), {"reason": " "}, [("Say why.", "event.state")]),
        ((S.IN_PROGRESS, S.CANCELLED), {"reason": ""}, [("Say why.", "event.state")]),
    ],
)
def test_everything_that_is_missing_is_said_with_where_to_mend_it(
    way: tuple[EventState, EventState], facts: dict[str, object], says: list[tuple[str, str]]
) -> None:
    assert lacking(way, **facts) == says


def test_a_postponed_event_goes_back_to_where_it_was() -> None:
    assert [step.target for step in steps_from(S.POSTPONED, S.CONFIRMED)] == [S.CONFIRMED, S.CANCELLED]
    assert step_between(S.POSTPONED, S.PLANNING, S.CONFIRMED) is None
    assert step_between(S.POSTPONED, S.PLANNING, S.PLANNING) is not None


DOSSIERS = st.builds(
    Dossier,
    event_id=st.just(1),
    state=st.sampled_from(S),
    owner_is_active=st.booleans(),
    starts_at=st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=1)]),
    ends_at=st.sampled_from([None, NOW - timedelta(hours=1), NOW + timedelta(days=2)]),
    load_in_day=st.sampled_from([None, date(2026, 12, 7), date(2026, 12, 9)]),
    today=st.just(date(2026, 12, 8)),
    now=st.just(NOW),
    has_sponsor=st.booleans(),
    needs_sponsor=st.booleans(),
    functions=st.integers(0, 2),
    blocking=st.lists(st.just("It is blocked."), max_size=7).map(tuple),
    needs_certificate=st.booleans(),
    has_go=st.booleans(),
    undone_tasks=st.integers(0, 2),
    actual_count=st.none() | st.integers(0, 2),
    reason=st.sampled_from(["", " ", "Because"]),
)


def allowed(source: EventState, target: EventState, it: Dossier) -> bool:
    """The same table in one expression each, written apart from the code."""
    dated = it.starts_at is not None and it.ends_at is not None
    judged = it.has_go if it.needs_certificate else not it.blocking
    ways = {
        (S.ENQUIRY, S.PLANNING): it.owner_is_active and dated,
        (S.PLANNING, S.CONFIRMED): it.owner_is_active
        and dated
        and (it.has_sponsor or not it.needs_sponsor)
        and it.functions > 0
        and judged,
        (S.CONFIRMED, S.IN_PROGRESS): dated and (it.load_in_day is None or it.load_in_day <= it.today),
        (S.CONFIRMED, S.PLANNING): True,
        (S.IN_PROGRESS, S.DEBRIEF): it.ends_at is not None and it.ends_at <= it.now,
        (S.DEBRIEF, S.CLOSED): not it.undone_tasks and it.actual_count is not None and not it.blocking,
        (S.PLANNING, S.POSTPONED): dated and bool(it.reason.strip()),
        (S.CONFIRMED, S.POSTPONED): dated and bool(it.reason.strip()),
        (S.POSTPONED, S.PLANNING): it.owner_is_active and dated,
        (S.POSTPONED, S.CONFIRMED): it.owner_is_active and dated,
    }
    if target == S.CANCELLED and source not in {S.DEBRIEF, S.CLOSED, S.CANCELLED}:
        return bool(it.reason.strip())
    return ways.get((source, target), False)


@given(DOSSIERS, st.sampled_from(S), st.sampled_from(S))
def test_the_table_says_what_the_plain_conditions_say(
    dossier: Dossier, source: EventState, target: EventState
) -> None:
    found = step_between(source, target)
    assert (found is not None and not found.missing(dossier)) == allowed(source, target, dossier)
