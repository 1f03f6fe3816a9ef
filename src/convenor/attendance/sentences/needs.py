"""Needs in words: for lists, for papers, and for the fields that the roll adds to function sheets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from convenor.attendance.drafts import NeedsDraft
from convenor.attendance.enums import AccessNeed, Diet
from convenor.attendance.rules.needs import OTHER, NeedCounts
from convenor.events.registry import SheetField

COUNTED_ON = {
    "function": gettext_lazy("the function's roll"),
    "event": gettext_lazy("the event's roll"),
}


def diet_words(needs: NeedsDraft) -> str:
    return ", ".join(filter(None, [*(str(each.label) for each in needs.diets), needs.dietary]))


def access_words(needs: NeedsDraft) -> str:
    return ", ".join(filter(None, [*(str(each.label) for each in needs.access), needs.access_text]))


def diet_rows(counts: NeedCounts) -> list[tuple[str, int]]:
    """Label and number."""
    rows = [(str(diet.label), n) for diet, n in counts.diets]
    return [*rows, *_other_row(counts.other_diets)]


def access_rows(counts: NeedCounts) -> list[tuple[str, int]]:
    rows = [(str(need.label), n) for need, n in counts.access]
    return [*rows, *_other_row(counts.other_access)]


def sheet_fields() -> dict[str, SheetField]:
    """For events.registry.sheet_fields: what queries/sheet_contents.py adds."""
    return {
        "expected": SheetField(gettext_lazy("Expected"), _number),
        "guaranteed": SheetField(gettext_lazy("Guaranteed"), _number),
        "counted_on": SheetField(gettext_lazy("Counted on"), lambda value: str(COUNTED_ON.get(value, value))),
        "diets": SheetField(gettext_lazy("Diets"), lambda value: _pairs(value, Diet)),
        "access": SheetField(gettext_lazy("Access needs"), lambda value: _pairs(value, AccessNeed)),
    }


def _number(value: Any) -> str:
    return str(value)


def _pairs(value: Iterable[tuple[str, int]], codes: type[Diet] | type[AccessNeed]) -> str:
    """A line each: `Vegetarian: 12`; a code that this version doesn't know stands for itself."""
    return "\n".join(f"{_name(code, codes)}: {n}" for code, n in value)


def _name(code: str, codes: type[Diet] | type[AccessNeed]) -> str:
    if code == OTHER:
        return _("Other, known to the coordinator")
    return str(codes(code).label) if code in codes else code


def _other_row(n: int) -> list[tuple[str, int]]:
    return [(pgettext("needs", "Other, in their own words"), n)] if n else []
