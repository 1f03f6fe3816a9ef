"""Refusals of events that carry more than a sentence. Each is a ValidationError, so that whoever knows
nothing of them still shows the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.events.rules.findings import Missing
from convenor.scheduling.drafts import Difference

if TYPE_CHECKING:
    from convenor.events.models import Event, Task


class StaleEvent(ValidationError):
    """Somebody else changed the event since it was shown; `differences` says what."""

    def __init__(self, current: Event, differences: tuple[Difference, ...]) -> None:
        self.current = current
        self.differences = differences
        sentence = _("Somebody else has changed “%(title)s” since you opened it.") % {"title": current.title}
        super().__init__({"version": [sentence]})


class NotYet(ValidationError):
    """The event can't go to the state; `missing` says everything that it lacks."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        self.missing = tuple(missing)
        super().__init__({"state": [each.sentence for each in self.missing]})


class StaleTask(ValidationError):
    """Somebody else changed the task since it was shown."""

    def __init__(self, current: Task) -> None:
        self.current = current
        sentence = _("Somebody else has changed “%(title)s” since you opened it.") % {"title": current.title}
        super().__init__({"version": [sentence]})


class StillWaiting(ValidationError):
    """Tasks can't be called done while others that they depend on are open; `names` are those others'."""

    def __init__(self, sentences: Sequence[str], names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__({"state": list(sentences)})
