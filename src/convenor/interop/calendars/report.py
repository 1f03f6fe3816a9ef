"""What an import did, or would do: the same answer for the dry run and for the deed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from convenor.interop.ics.lines import unescape, utf8_bytes
from convenor.interop.ics.problems import Problem, Severity

Progress = Callable[[int, int], None]
"""Called with how many events are done, of how many."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of one component: `component` counts those below VCALENDAR from 1, `line` the file's lines from 1."""

    component: int | None
    line: int | None
    uid: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A meeting that was made, changed, left or cancelled."""

    uid: str
    title: str


@dataclass(slots=True)
class ImportReport:
    """`people` are those who weren't known before, now from outside; `notes` say what else is made."""

    created: list[ImportedRow] = field(default_factory=list)
    changed: list[ImportedRow] = field(default_factory=list)
    unchanged: list[ImportedRow] = field(default_factory=list)
    cancelled: list[ImportedRow] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)
    repaired: list[Remark] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_applied: bool = False

    @property
    def changes_something(self) -> bool:
        return bool(self.created or self.changed or self.cancelled)

    @property
    def counts(self) -> dict[str, int]:
        names = ("created", "changed", "unchanged", "cancelled", "refused", "repaired", "people")
        return {name: len(getattr(self, name)) for name in names}

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "counts": self.counts}


class Places:
    """Where in the file each UID stands, looked up only when something has to be said of one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._found: dict[str, tuple[int, int]] | None = None

    def of(self, uid: str) -> tuple[int | None, int | None]:
        """Component and line of its first event; Nones where it can't be told (a folded UID)."""
        if self._found is None:
            self._found = _places(utf8_bytes(self._data))
        return self._found.get(uid.partition("#")[0], (None, None))

    def remark(self, uid: str, sentence: str) -> Remark:
        component, line = self.of(uid)
        return Remark(component, line, uid, sentence)


def _places(data: bytes) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    component, begun = 0, 0
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data), start=1):
        start = line[:20].upper()
        if start.startswith(b"BEGIN:V") and not start.startswith((b"BEGIN:VCALENDAR", b"BEGIN:VALARM")):
            component, begun = component + 1, number
        elif start.startswith((b"UID:", b"UID;")):
            uid = unescape(line.partition(b":")[2].decode("utf-8", "replace")).strip()
            found.setdefault(uid, (component, begun))
    return found


def remarks_of(problems: Sequence[Problem]) -> tuple[list[Remark], list[Remark]]:
    """What the reader refused, and what it repaired."""
    refused: list[Remark] = []
    repaired: list[Remark] = []
    for each in problems:
        remark = Remark(each.component, each.line, each.uid, each.sentence)
        (refused if each.severity == Severity.REFUSED else repaired).append(remark)
    return refused, repaired
