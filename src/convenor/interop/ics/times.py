"""Every time of one calendar in its zone: RFC 5545 §3.3.5's three forms, and X-WR-TIMEZONE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from convenor.interop.ics.components import Block, Remarks
from convenor.interop.ics.lines import ContentLine
from convenor.interop.ics.objects import UTC_ZONE, Timed, When
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.values import after, in_zone, instant_at, on_clock, read_duration, read_written
from convenor.interop.ics.zones import Definition, clean_tzid, read_definition, zone_like, zone_named
from convenor.kernel.instants import Instant, LocalTime, ZoneName, instant_of, to_local

ZONES_COMPARED = 50


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a TZID stands for. `definition` is set when its own clock changes must be used, as no zone is like it."""

    zone: ZoneName
    definition: Definition | None = None
    code: ProblemCode | None = None


@dataclass(slots=True)
class Times:
    """Reads the times of one VCALENDAR.

    `declared` is X-WR-TIMEZONE, when there is one; `default` is the zone for times that name none. `definitions` are the VTIMEZONE blocks,
    by TZID, read only when a name doesn't tell its zone.
    """

    default: ZoneName
    declared: ZoneName | None
    definitions: Mapping[str, Block]
    remarks: Remarks
    known: dict[str, Meaning] = field(default_factory=dict)

    @property
    def home(self) -> ZoneName:
        """The zone in which the calendar's days begin."""
        return self.declared or self.default

    def moment(self, block: Block, line: ContentLine, value: str | None = None) -> When:
        """The property's (or one list item's) time. Raises `Refusal`."""
        written = read_written(line.value if value is None else value, name=line.name, line=line.number)
        if written.local is None:
            return written.day
        local = LocalTime(written.local)
        tzid = clean_tzid(line.param("TZID"))
        if written.utc:
            # X-WR-TIMEZONE's writers (Google first of all) give times in UTC that are meant, and repeat, in the calendar's zone.
            instant = instant_of(local.replace(tzinfo=UTC))
            return on_clock(instant, self.declared) if self.declared else Timed(local, UTC_ZONE)
        if not tzid:
            return Timed(local, self.home)
        return self._in(self._meaning(block, line, tzid), local)

    def period(self, block: Block, line: ContentLine, value: str) -> tuple[Instant, Instant]:
        """A PERIOD (§3.3.9), as instants. Raises `Refusal`."""
        start, end = self.stretch(block, line, value)
        return instant_at(start, self.home), instant_at(end, self.home)

    def stretch(self, block: Block, line: ContentLine, value: str) -> tuple[When, When]:
        """A PERIOD as it is written. Raises `Refusal`."""
        first, _, second = value.partition("/")
        start = self.moment(block, line, first)
        if second.strip().upper()[:2].lstrip("+-").startswith("P"):
            days, exact = read_duration(second, name=line.name, line=line.number)
            return start, after(start, days, exact)
        if not second:
            raise Refusal(ProblemCode.VALUE_UNREADABLE, line=line.number, property=line.name, value=value)
        return start, self.moment(block, line, second)

    def _in(self, meaning: Meaning, local: LocalTime) -> Timed:
        if meaning.definition is None:
            return Timed(local, meaning.zone)
        return on_clock(instant_of(meaning.definition.to_utc(local).replace(tzinfo=UTC)), meaning.zone)

    def _meaning(self, block: Block, line: ContentLine, tzid: str) -> Meaning:
        meaning = self.known.get(tzid)
        if meaning is None:
            meaning = self.known[tzid] = self._find(tzid)
            # Once for each name, at the first component that uses it.
            if meaning.code is not None:
                self.remarks.repaired(block, meaning.code, line=line.number, tzid=tzid, zone=meaning.zone)
        return meaning

    def _find(self, tzid: str) -> Meaning:
        zone = zone_named(tzid)
        if zone is not None:
            return Meaning(zone)
        block = self.definitions.get(tzid)
        # A file with thousands of zones nobody knows is hostile; comparing each with all known ones would take minutes.
        definition = (
            read_definition(block) if block is not None and len(self.known) < ZONES_COMPARED else None
        )
        if definition is None:
            return Meaning(self.home, code=ProblemCode.ZONE_UNKNOWN)
        named = zone_named(definition.location) if definition.location else None
        if named is not None:
            return Meaning(named)
        alike = zone_like(definition, [self.home, self.default])
        if alike is not None:
            return Meaning(alike, code=ProblemCode.ZONE_GUESSED)
        return Meaning(self.home, definition, ProblemCode.ZONE_APPROXIMATED)


def aware(when: When, zone: ZoneName) -> datetime:
    """The aware UTC datetime of a time."""
    return datetime.fromtimestamp(instant_at(when, zone), UTC)


def same_kind(when: When, model: When, home: ZoneName) -> When:
    """A date of a series in the form its start has (§3.8.5.1, §3.8.4.4): a bare date means the occurrence of that day, a time in another
    zone the same instant, a time where whole days are meant its day.
    """
    if isinstance(model, Timed):
        if isinstance(when, Timed):
            return Timed(to_local(instant_at(when, home), model.zone), model.zone)
        return Timed(LocalTime(datetime.combine(when, model.local.time())), model.zone)
    if isinstance(when, Timed):
        # A day's first moment written in UTC is that day where the calendar lives, unless it is midnight as it stands.
        midnight = when.local.time() == datetime.min.time()
        return (when if midnight else in_zone(when, home)).local.date()
    return when


def length(start: When, end: When, home: ZoneName) -> timedelta:
    """Exact time from start to end; whole days for whole days."""
    if isinstance(start, Timed) or isinstance(end, Timed):
        return timedelta(seconds=instant_at(end, home) - instant_at(start, home))
    return end - start
