"""Due dates as people write them in a class or a plan: "-14wd", "+2wd after end", "-1d before load_in".

A number of days, `wd` for working days or `d` for calendar days, before (-) or after (+) a date of the event:
load_in, start, end or load_out; start where none is named. "14wd before end" says the same as "-14wd before end";
"0d from end" is that day itself.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from convenor.events.enums import Anchor
from convenor.events.rules.policy import Due
from convenor.events.rules.toml_reading import Table, did_you_mean

FURTHEST = 3_650
_DUE = re.compile(
    r"(?P<sign>[+-]?)\s*(?P<days>\d{1,4})\s*(?P<unit>wd|d)(?:\s+(?P<way>before|after|from)\s+(?P<anchor>[\w-]+))?"
)
_SIGNS = {"before": "-", "after": "+"}


class DueUnreadable(ValueError):
    """The text is no due date; `sentence` says why, `suggestion` what was probably meant."""

    def __init__(self, sentence: str, suggestion: str = "") -> None:
        self.sentence, self.suggestion = sentence, suggestion
        super().__init__(sentence)


def due_from(text: str) -> Due:
    """Raises DueUnreadable."""
    found = _DUE.fullmatch(text.strip().lower().replace("\u2212", "-"))
    if found is None:
        words = _("“%(text)s” isn't an offset from the event.") % {"text": text}
        raise DueUnreadable(words, _('Write it like "-14wd", "-3d" or "+2wd after end".'))
    sign, way = found["sign"], found["way"] or ""
    if sign and way in _SIGNS and _SIGNS[way] != sign:
        words = _("“%(text)s” says before and after at once.") % {"text": text}
        raise DueUnreadable(words, _("Leave the sign out, or change it."))
    days = int(found["days"])
    if days > FURTHEST:
        raise DueUnreadable(_("“%(text)s” is more than ten years away.") % {"text": text})
    if "-" in {sign, _SIGNS.get(way)}:
        days = -days
    return Due(days, found["unit"] == "wd", _anchor(found["anchor"]))


def _anchor(word: str | None) -> Anchor:
    if word is None:
        return Anchor.START
    name = word.replace("-", "_")
    if name not in Anchor.values:
        words = _("“%(word)s” isn't a date of the event.") % {"word": word}
        known = _("Possible: %(words)s.") % {"words": ", ".join(Anchor.values)}
        raise DueUnreadable(words, did_you_mean(name, Anchor.values) or known)
    return Anchor(name)


def due_text(due: Due) -> str:
    """The shortest way to write it, which `due_from` reads back."""
    sign = "+" if due.days > 0 else ""
    offset = f"{sign}{due.days}{'wd' if due.working else 'd'}"
    if due.anchor == Anchor.START:
        return offset
    way = "after" if due.days > 0 else "before" if due.days < 0 else "from"
    return f"{offset} {way} {due.anchor.value}"


def due_in(table: Table, key: str, default: Due | None = None) -> Due:
    """The due date under a key of a document, with its problems put down; Due(0) where a needed one is missing."""
    value = table.raw(key, str, needed=default is None)
    if value is not None:
        try:
            return due_from(value)
        except DueUnreadable as error:
            table.wrong(key, error.sentence, error.suggestion)
    return default or Due(0)
