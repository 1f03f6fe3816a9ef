"""What an import would do, or did, row by row: the same answer for the dry run and for the deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

Item = TypeVar("Item")

CHUNK = 5_000
"""Keys in one look-up and rows in one statement: far below both engines' limits."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value before and after, as a reader sees it; before is "" for a new row."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that is made, changed or left; `line` is the file's."""

    line: int
    label: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """Why a row is refused; `field` is "" where it is the whole row."""

    line: int
    field: str
    sentence: str


@dataclass(slots=True)
class Plan:
    """What is done with each row. `notes` say what else is made: departments, organisations, kinds of equipment."""

    created: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    unchanged: list[PlannedRow] = field(default_factory=list)
    refused: list[RowProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def refused_lines(self) -> set[int]:
        return {problem.line for problem in self.refused}

    def refuse(self, line: int, field_name: str, sentence: str) -> None:
        self.refused.append(RowProblem(line, field_name, sentence))

    def refuse_all(self, line: int, problems: Mapping[str, Iterable[ValidationError]]) -> None:
        """Refuse a row for everything that `changes.row_problems` found wrong with it."""
        for name, errors in problems.items():
            for error in errors:
                for sentence in error.messages:
                    self.refuse(line, "" if name == NON_FIELD_ERRORS else name, str(sentence))


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def once(names: Iterable[str]) -> list[str]:
    """The names in their first order, each once."""
    return list(dict.fromkeys(names))
