"""Changing several functions at once, also where each wants the room that another one is about to leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from convenor.events.actions.function import change_function
from convenor.events.drafts import FunctionDraft
from convenor.events.plan.changes import Applying
from convenor.events.plan.function_values import function_draft
from convenor.events.plan.laying import Plan
from convenor.scheduling.refusals import RoomClashes


def change_functions(applying: Applying, changes: Sequence[tuple[int, FunctionDraft]]) -> None:
    """One after the other; those that stand in each other's way first leave their rooms, and then take the new ones.

    Raises as change_function.
    """
    waiting = [pair for pair in changes if not _is_changed(applying, *pair)]
    if len(waiting) > 1:
        for function, draft in waiting:
            _change(applying, function, replace(draft, room_ids=(), equipment=()))
    for function, draft in waiting:
        _change(applying, function, draft)


def leave_rooms(plan: Plan, keys: Mapping[str, int]) -> None:
    """Let go the rooms that the plan no longer wants, before the event moves: where they lie then, others may be."""
    for row in plan.rows["function"]:
        before = row.before
        if before is None or not set(before["rooms"]) - set(row.values["rooms"]):
            continue
        kept = [code for code in before["rooms"] if code in row.values["rooms"]]
        draft = function_draft(before | {"rooms": kept}, plan.names)
        change_function(actor=plan.actor, function_id=keys[before["key"]], draft=draft, now=plan.now)


def _is_changed(applying: Applying, function: int, draft: FunctionDraft) -> bool:
    try:
        _change(applying, function, draft)
    except RoomClashes:
        return False
    return True


def _change(applying: Applying, function: int, draft: FunctionDraft) -> None:
    change_function(actor=applying.actor, function_id=function, draft=draft, now=applying.now)
