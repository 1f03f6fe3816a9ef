"""Refusals of the schedule that carry more than a sentence. Each is a ValidationError, so that whoever
knows nothing of them still shows the sentence at its field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.scheduling.drafts import Difference, RoomClash

if TYPE_CHECKING:
    from convenor.scheduling.models import Meeting


class RoomClashes(ValidationError):
    """The room can't be had on some dates; nothing was written. `clashes` are in order of time."""

    def __init__(self, clashes: tuple[RoomClash, ...]) -> None:
        self.clashes = clashes
        super().__init__({"room_id": [clash.sentence for clash in clashes]})


class StaleVersion(ValidationError):
    """Somebody else changed the meeting since it was shown; `differences` says what."""

    def __init__(self, current: Meeting, differences: tuple[Difference, ...]) -> None:
        self.current = current
        self.differences = differences
        sentence = _("Somebody else has changed “%(title)s” since you opened it.") % {"title": current.title}
        super().__init__({"version": [sentence]})
