"""What a function sheet says, what two of its revisions differ in, and whom that concerns.

A sheet's content is plain JSON: sections of fields, in values that every language can be made of (codes, local
times in ISO 8601, names). It is frozen with the revision; rules/sheet_words.py puts it into words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from convenor.events.enums import Service, SheetSection

Content = Mapping[str, Mapping[str, Any]]
"""By section, by field. Empty sections are there too, so that two contents have the same shape."""

EVERYBODY: Final = frozenset(Service)
CONCERNS: Final[Mapping[SheetSection, frozenset[Service]]] = {
    SheetSection.FUNCTION: EVERYBODY,
    SheetSection.TIMES: EVERYBODY,
    SheetSection.ROOMS: EVERYBODY,
    SheetSection.SETUP: frozenset({Service.FACILITY, Service.AV, Service.CATERING}),
    SheetSection.COUNT: frozenset({Service.CATERING, Service.FACILITY, Service.SECURITY, Service.STAFFING}),
    SheetSection.PEOPLE: frozenset({Service.AV, Service.SECURITY, Service.STAFFING}),
    SheetSection.CATERING: frozenset({Service.CATERING}),
    SheetSection.AV: frozenset({Service.AV}),
    SheetSection.SECURITY: frozenset({Service.SECURITY}),
    SheetSection.FACILITY: frozenset({Service.FACILITY}),
    SheetSection.STAFFING: frozenset({Service.STAFFING}),
    SheetSection.NOTES: EVERYBODY,
    SheetSection.RUN: EVERYBODY,
}
"""Which services each section is for. Of the run of show a service gets its own lines and those that name none."""


@dataclass(frozen=True, slots=True)
class CueFacts:
    """A line of the run of show, `offset` minutes after the start; `service` "" is for all."""

    offset: int
    minutes: int
    what: str
    cue: str = ""
    owner: str = ""
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """A function as its sheet is made from it. Times are local to the event; names are as they stand on paper."""

    event: str
    title: str
    kind: str
    track: str = ""
    coordinator: str = ""
    is_cancelled: bool = False
    starts: datetime
    ends: datetime
    reserved_from: datetime | None = None
    reserved_until: datetime | None = None
    rooms: Sequence[str] = ()
    setup_style: str = ""
    equipment: Sequence[str] = ()
    headcount: int | None = None
    host: str = ""
    speakers: Sequence[str] = ()
    texts: Mapping[str, str]
    """Of each service, and "notes"."""
    cues: Sequence[CueFacts] = ()
    added: Content = field(default_factory=dict)
    """What higher packages say, by section, by field: empty values are left out."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two contents differ in. Of lists only what is gone and what is new, or all if the order changed."""

    section: SheetSection
    field: str
    before: Any
    after: Any


def content_of(facts: SheetFacts) -> Content:
    """Exactly what JSON gives back, so that a frozen content and a fresh one can be compared."""
    return _with(_own(facts), facts.added)


def _own(facts: SheetFacts) -> dict[str, dict[str, Any]]:
    return {
        SheetSection.FUNCTION.value: {
            "event": facts.event,
            "title": facts.title,
            "kind": facts.kind,
            "track": facts.track,
            "coordinator": facts.coordinator,
            "is_cancelled": facts.is_cancelled,
        },
        SheetSection.TIMES.value: {
            "starts": _local(facts.starts),
            "ends": _local(facts.ends),
            "reserved_from": _local(facts.reserved_from),
            "reserved_until": _local(facts.reserved_until),
        },
        SheetSection.ROOMS.value: {"rooms": list(facts.rooms)},
        SheetSection.SETUP.value: {"style": facts.setup_style, "equipment": list(facts.equipment)},
        SheetSection.COUNT.value: {"headcount": facts.headcount},
        SheetSection.PEOPLE.value: {"host": facts.host, "speakers": list(facts.speakers)},
        **{
            name: {"text": _text(facts.texts.get(name, ""))}
            for name in (*Service.values, SheetSection.NOTES.value)
        },
        SheetSection.RUN.value: {"cues": [_cue(each) for each in facts.cues]},
    }


def _with(own: dict[str, dict[str, Any]], added: Content) -> Content:
    """Whoever doesn't work for the function needn't know who comes to it."""
    idle = {service.value for service in Service if not works_for(own, service)}
    said = {
        section: {name: value for name, value in fields.items() if value}
        for section, fields in added.items()
        if section not in idle
    }
    return {section: fields | said.get(section, {}) for section, fields in own.items()}


def differences(old: Content | None, new: Content) -> list[Difference]:
    """Field by field, in the paper's order. From None, everything that is not empty is new."""
    found = []
    for section in SheetSection:
        before, after = (old or {}).get(section, {}), new.get(section, {})
        for name in dict.fromkeys([*after, *before]):
            pair = before.get(name), after.get(name)
            if pair[0] != pair[1] and any(pair):
                found.append(Difference(section, name, *_narrowed(*pair)))
    return found


def changed_sections(old: Content | None, new: Content) -> list[str]:
    """Their codes, each once, in the paper's order."""
    return list(dict.fromkeys(each.section.value for each in differences(old, new)))


def part_of(content: Content, service: Service) -> Content:
    """The sections that are for this service."""
    part = {
        section.value: content.get(section, {})
        for section in SheetSection
        if service in CONCERNS[section] and section != SheetSection.RUN
    }
    cues = content.get(SheetSection.RUN, {}).get("cues", [])
    return part | {SheetSection.RUN.value: {"cues": [cue for cue in cues if cue["service"] in ("", service)]}}


def works_for(content: Content, service: Service) -> bool:
    """Whether the function needs the service: a text for it, a line in the run of show, and for facility a room."""
    text = content.get(service, {}).get("text", "")
    cues = content.get(SheetSection.RUN, {}).get("cues", [])
    rooms = content.get(SheetSection.ROOMS, {}).get("rooms", [])
    has_room = service == Service.FACILITY and bool(rooms)
    return bool(text) or has_room or any(cue["service"] == service for cue in cues)


def concerned(old: Content | None, new: Content) -> frozenset[Service]:
    """The services that must be told of `new`: they work for the function, or did, and their part has changed."""
    return frozenset(
        service
        for service in Service
        if (works_for(new, service) or (old is not None and works_for(old, service)))
        and (old is None or part_of(old, service) != part_of(new, service))
    )


def sheet_number(event_key: str, number: int) -> str:
    """As it stands on paper: `kick-off/07`."""
    return f"{event_key}/{number:02}"


def _cue(cue: CueFacts) -> dict[str, Any]:
    return {
        "offset": cue.offset,
        "minutes": cue.minutes,
        "what": cue.what,
        "cue": cue.cue,
        "owner": cue.owner,
        "service": cue.service,
    }


def _narrowed(before: Any, after: Any) -> tuple[Any, Any]:
    if not isinstance(before, list) or not isinstance(after, list):
        return before, after
    gone = [each for each in before if each not in after]
    come = [each for each in after if each not in before]
    return (gone, come) if gone or come else (before, after)


def _local(moment: datetime | None) -> str | None:
    return None if moment is None else moment.replace(tzinfo=None).isoformat(timespec="minutes")


def _text(value: str) -> str:
    """Without what no reader sees: the browser's line ends, spaces at the ends."""
    return "\n".join(line.rstrip() for line in value.strip().splitlines())
