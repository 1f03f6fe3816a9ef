"""Pure decisions about people: how a week is told, who leads what, who may be whose delegate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from functools import lru_cache

from convenor.kernel.weekly_hours import OFFICE_WEEK, Hours, WeeklyHours, seconds_from, seconds_until


@lru_cache(maxsize=4096)
def week_from_text(text: str | None) -> WeeklyHours:
    """The week that `queries.availability` reads as text, "0 09:00:00 17:00:00;1 …" in any order; nothing is Monday to Friday, 9 to 17.

    People share weeks, so the same text gives the same value.
    """
    if not text:
        return OFFICE_WEEK
    return tuple(sorted(_hours(*each.split(" ")) for each in text.split(";")))


def _hours(weekday: str, starts: str, ends: str) -> Hours:
    return Hours(
        int(weekday), seconds_from(time.fromisoformat(starts)), seconds_until(time.fromisoformat(ends))
    )


def makes_cycle(parent_of: Mapping[int, int | None], child: int, parent: int | None) -> bool:
    """Whether `child` under `parent` would make a node its own ancestor."""
    seen = {child}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parent_of.get(parent)
    return False


def below(parent_of: Mapping[int, int | None], root: int) -> set[int]:
    """The node and everything under it."""
    children: dict[int, list[int]] = {}
    for node, parent in parent_of.items():
        if parent is not None:
            children.setdefault(parent, []).append(node)
    found, waiting = {root}, [root]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def in_tree_order(nodes: Sequence[tuple[int, int | None]]) -> list[tuple[int, int]]:
    """Pairs of node and depth, each under its parent, siblings in the given order; a parent that isn't among the nodes counts as none."""
    known = {node for node, _parent in nodes}
    children: dict[int | None, list[int]] = {}
    for node, parent in nodes:
        children.setdefault(parent if parent in known else None, []).append(node)
    ordered: list[tuple[int, int]] = []
    waiting = [(node, 0) for node in reversed(children.get(None, []))]
    while waiting:
        node, depth = waiting.pop()
        ordered.append((node, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.get(node, [])))
    return ordered


def overlapping_hours(stretches: Iterable[tuple[int, time, time]]) -> tuple[int, time, time] | None:
    """The first stretch (weekday, from, until) that begins before the one before it on its day ends; touching is no overlap."""
    last: tuple[int, time, time] | None = None
    for stretch in sorted(stretches):
        if last is not None and stretch[0] == last[0] and stretch[1] < last[2]:
            return stretch
        last = stretch
    return None


def is_in_force(starts_on: date, ends_on: date | None, today: date) -> bool:
    """Whether a delegation from/until (both included) counts today."""
    return starts_on <= today and (ends_on is None or today <= ends_on)
