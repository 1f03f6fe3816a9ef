"""What `make bench` keeps: every figure once, with whether its target holds."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks.measurement import Measurement, median_seconds


@pytest.mark.parametrize(
    ("value", "at_most", "holds"), [(10, True, True), (11, True, False), (10, False, True), (9, False, False)]
)
def test_a_target_is_a_bound_from_above_or_below(value: float, at_most: bool, holds: bool) -> None:
    assert Measurement("m", "schedule", value, "ms", 10, at_most=at_most).holds is holds


def test_a_median_takes_at_least_five_runs_and_one_to_warm_up() -> None:
    calls: list[int] = []
    assert median_seconds(lambda: calls.append(1), runs=1) >= 0
    assert len(calls) == 6


def test_a_run_of_some_replaces_their_figures_and_keeps_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    bench.keep([Measurement(name, "schedule", 1, "s", 2) for name in ("a", "b")], all_were_run=True)
    bench.keep([Measurement("b", "schedule", 3, "s", 2)], all_were_run=False)
    kept = json.loads((tmp_path / "results.json").read_text())
    assert [(one["name"], one["value"], one["holds"]) for one in kept] == [("a", 1, True), ("b", 3, False)]
    assert set(kept[0]) == {"name", "part", "value", "unit", "target", "holds"}
    bench.keep([Measurement("c", "schedule", 1, "s", 2)], all_were_run=True)
    assert [one["name"] for one in json.loads((tmp_path / "results.json").read_text())] == ["c"]
