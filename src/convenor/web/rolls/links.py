"""What other screens say of rolls: Today, a function's page, the programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from convenor.attendance.queries.numbers import numbers_of
from convenor.attendance.queries.roll_page import rolls_of_functions
from convenor.attendance.rules.roll_notes import NoteKind, RollNote
from convenor.attendance.sentences.roll import note_sentence
from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.web.rolls.page import title_of

MOST_NOTES = 6


def roll_lines(notes: Sequence[RollNote]) -> dict[str, Any]:
    """The first few for Today; an outgrown roll leads to the rooms that would fit."""
    shown = notes[:MOST_NOTES]
    return {
        "lines": [
            {"sentence": note_sentence(each), "title": each.title, "href": _href(each), "at": _due(each)}
            for each in shown
        ],
        "total": len(notes),
        "more": len(notes) - len(shown),
    }


def function_rolls(actor: Actor, event: Any, function_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The rolls of these functions of an event, for who may see them."""
    if not function_ids or not may(actor, "roll.see", event):
        return []
    rolls = rolls_of_functions(function_ids)
    numbers = numbers_of(rolls)
    return [{"roll": roll, "title": title_of(roll), "numbers": numbers[roll.pk]} for roll in rolls]


def _href(note: RollNote) -> str:
    return reverse("roll.refit" if note.kind is NoteKind.OUTGROWN else "roll", args=[note.roll_id])


def _due(note: RollNote) -> Any:
    return note.at if note.kind is NoteKind.GUARANTEE_DUE else None
