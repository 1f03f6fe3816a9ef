"""One thing that a detector found wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from convenor.kernel.instants import Span
from convenor.scheduling.enums import Severity
from convenor.scheduling.rules.conflicts.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`facts` is what the sentence needs besides, in JSON's types: keys and numbers, never names or titles, which
    change and which not everybody may read. `mark` tells apart what is otherwise about the same people and places.
    """

    kind: str
    severity: Severity
    span: Span
    occurrence_ids: tuple[int, ...]
    person_id: int | None = None
    room_id: int | None = None
    site_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    mark: str = ""
    lasts: bool = False  # it stays the same trouble while its occurrences come and go; `mark` says which

    @property
    def fingerprint(self) -> str:
        """The same for the same trouble, whenever it is found: 64 hexadecimal digits."""
        occurrences = [] if self.lasts else sorted(self.occurrence_ids)
        about = (occurrences, self.person_id, self.room_id, self.site_id, self.mark)
        return hashlib.sha256(f"{self.kind}{about}".encode()).hexdigest()


Detector = Callable[[Facts], Iterable[Found]]
