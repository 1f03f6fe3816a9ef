"""What can be imported on screen, and the two steps of it."""

from __future__ import annotations

from enum import StrEnum


class FileKind(StrEnum):
    PEOPLE = "people"
    ROOMS = "rooms"
    CALENDAR = "calendar"


class Step(StrEnum):
    """PREVIEW says what APPLY would do."""

    PREVIEW = "preview"
    APPLY = "apply"
