"""A sheet's content in words of the reader's language: for the paper, the screen, the mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convenor.events.enums import FunctionKind, Service, SheetSection
from convenor.events.rules.sheet import Content, Difference
from convenor.venues.enums import SetupStyle

LABELS: Mapping[str, str | Promise] = {
    "event": gettext_lazy("Event"),
    "title": gettext_lazy("Title"),
    "kind": gettext_lazy("Kind"),
    "track": gettext_lazy("Track"),
    "coordinator": gettext_lazy("Coordinator"),
    "is_cancelled": pgettext_lazy("function", "Cancelled"),
    "starts": gettext_lazy("Starts"),
    "ends": gettext_lazy("Ends"),
    "reserved_from": gettext_lazy("Room reserved from"),
    "reserved_until": gettext_lazy("Room reserved until"),
    "rooms": gettext_lazy("Rooms"),
    "style": gettext_lazy("Set-up style"),
    "equipment": gettext_lazy("Equipment"),
    "headcount": gettext_lazy("Head count"),
    "host": gettext_lazy("Host"),
    "speakers": gettext_lazy("Speakers"),
    "cues": gettext_lazy("Run of show"),
}


@dataclass(frozen=True, slots=True)
class SheetField:
    """A field that a higher package adds: what it is called, and its value in words ("" for nothing)."""

    label: str | Promise
    words: Callable[[Any], str]


sheet_fields: dict[str, SheetField] = {}
"""By the field's name; filled through registry.py."""

HEAD = (
    SheetSection.FUNCTION,
    SheetSection.TIMES,
    SheetSection.ROOMS,
    SheetSection.SETUP,
    SheetSection.COUNT,
    SheetSection.PEOPLE,
)
"""Sections that stand together on top of the paper as labels and values."""
APART = frozenset({"event", "title", "text"})
"""Fields that stand in the paper's title, or for themselves."""
MOMENTS = frozenset({"starts", "ends", "reserved_from", "reserved_until"})


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """`facts` are labels and values; `text` stands for itself; `rows` are the run of show's lines under `head`."""

    title: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with each cell's heading, as a phone shows them."""
        return [list(zip(self.head, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class WrittenDifference:
    """A row of ui/diff.html."""

    label: str
    before: str
    after: str


def written(content: Content) -> list[WrittenSection]:
    """The sections that say something, the first without a title."""
    facts = [fact for section in HEAD for fact in _facts(content.get(section, {}))]
    sections = [WrittenSection(facts=facts)]
    for section in SheetSection:
        if section not in HEAD and section != SheetSection.RUN:
            sections += _service_section(section, content.get(section, {}))
    if cues := content.get(SheetSection.RUN, {}).get("cues"):
        sections.append(_run_of_show(cues, content[SheetSection.TIMES]["starts"]))
    return sections


def written_differences(found: list[Difference]) -> list[WrittenDifference]:
    return [
        WrittenDifference(_label(each), in_words(each.field, each.before), in_words(each.field, each.after))
        for each in found
    ]


def in_words(name: str, value: Any) -> str:
    """One field's value; "" for nothing."""
    if value in (None, "", [], False):
        return ""
    added = sheet_fields.get(name)
    return added.words(value) if added else _own_words(name, value)


def _own_words(name: str, value: Any) -> str:
    match name, value:
        case _, str() if name in MOMENTS:
            return date_format(datetime.fromisoformat(value), "WEEKDAY_YEAR_TIME_FORMAT")
        case "kind", str():
            return str(FunctionKind(value).label) if value in FunctionKind else value
        case "style", str():
            return str(SetupStyle(value).label) if value in SetupStyle else value
        case "cues", list():
            return "\n".join(_cue_in_words(cue) for cue in value)
        case _, list():
            return "\n".join(map(str, value))
    return _("yes") if value is True else str(value)


def section_names(codes: list[str]) -> list[str]:
    """Of sections by their codes; one that this version doesn't know keeps its code."""
    return [str(SheetSection(code).label) if code in SheetSection else code for code in codes]


def day_and_time(content: Content) -> str:
    """When the function is, on one line."""
    starts = datetime.fromisoformat(content[SheetSection.TIMES]["starts"])
    ends = datetime.fromisoformat(content[SheetSection.TIMES]["ends"])
    last = date_format(ends, "TIME_FORMAT" if ends.date() == starts.date() else "WEEKDAY_TIME_FORMAT")
    return f"{date_format(starts, 'WEEKDAY_YEAR_TIME_FORMAT')}–{last}"


def _label(difference: Difference) -> str:
    return _name_of(difference.field) or str(difference.section.label)


def _name_of(name: str) -> str:
    """Nothing for a text, which goes by its section's name."""
    added = sheet_fields.get(name)
    return str(added.label if added else LABELS.get(name, ""))


def _facts(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is said of them, under names; a field that this version doesn't know keeps its code."""
    return [
        (_name_of(name) or name, words)
        for name, value in fields.items()
        if name not in APART and (words := in_words(name, value))
    ]


def _service_section(section: SheetSection, fields: Mapping[str, Any]) -> list[WrittenSection]:
    facts, text = _facts(fields), fields.get("text", "")
    return [WrittenSection(title=str(section.label), facts=facts, text=text)] if facts or text else []


def _run_of_show(cues: list[dict[str, Any]], starts: str) -> WrittenSection:
    start = datetime.fromisoformat(starts)
    return WrittenSection(
        title=str(SheetSection.RUN.label),
        head=[_("Time"), _("Minutes"), _("What"), _("Cue"), _("Who")],
        rows=[
            [
                date_format(start + timedelta(minutes=cue["offset"]), "TIME_FORMAT"),
                str(cue["minutes"]),
                cue["what"],
                cue["cue"],
                ", ".join(filter(None, [_service(cue["service"]), cue["owner"]])),
            ]
            for cue in cues
        ],
    )


def _cue_in_words(cue: Mapping[str, Any]) -> str:
    """`+5 min: Doors open (lights; AV, Ana)`."""
    more = "; ".join(
        filter(None, [cue["cue"], ", ".join(filter(None, [_service(cue["service"]), cue["owner"]]))])
    )
    when = _("%(minutes)+d min") % {"minutes": cue["offset"]}
    return f"{when}: {cue['what']}" + (f" ({more})" if more else "")


def _service(code: str) -> str:
    return str(Service(code).label) if code in Service else code
