"""From bytes to a `Calendar`: RFC 5545 §3.4, component by component, so that one broken event never hides the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from convenor.interop.ics.components import CALENDAR, Block, BlockReader, Remarks
from convenor.interop.ics.event import EventReader
from convenor.interop.ics.freebusy import read_busy
from convenor.interop.ics.lines import CONTROL, unescape, utf8_bytes
from convenor.interop.ics.objects import BusyPeriod, Calendar, Event, Limits
from convenor.interop.ics.problems import ProblemCode, Refusal, Severity
from convenor.interop.ics.recurrence_set import group
from convenor.interop.ics.times import Times
from convenor.interop.ics.values import read_duration
from convenor.interop.ics.zones import clean_tzid, zone_named
from convenor.kernel.instants import ZoneName

# Nobody publishes a calendar that may be older than this, or wants to be asked more often.
SHORTEST_REFRESH, LONGEST_REFRESH = timedelta(minutes=5), timedelta(days=31)
# Part of other components, or of the zones, which are read with the times that name them.
SILENT = frozenset({"VTIMEZONE"})


@dataclass(slots=True)
class Header:
    """One VCALENDAR's own properties, and its VTIMEZONEs by TZID."""

    block: Block | None = None
    zones: dict[str, Block] = field(default_factory=dict)

    def text(self, *names: str) -> str:
        """The first of the properties that says something."""
        lines = [
            line for name in names if self.block is not None and (line := self.block.first(name)) is not None
        ]
        return next(
            (text for line in lines if (text := CONTROL.sub("", unescape(line.value[:1000])).strip())), ""
        )


def read_calendar(data: bytes, *, default_zone: ZoneName, limits: Limits | None = None) -> Calendar:
    """Read a file, whatever its state. `default_zone` is for times that name no zone in a calendar that names none.

    Never raises: what can't be read is in the calendar's `problems`, and the rest of the file is read. Takes time and memory in
    proportion to the file's size, which `limits` bounds.
    """
    limits = limits or Limits()
    remarks = Remarks(limits)
    if len(data) > limits.bytes:
        remarks.file(ProblemCode.FILE_TOO_LARGE, Severity.REFUSED, size=len(data), limit=limits.bytes)
        return Calendar(problems=tuple(remarks.problems))
    return _Reading(utf8_bytes(data), default_zone, remarks).calendar()


@dataclass(slots=True)
class _Reading:
    """One file: a first pass for what may stand after its use (the zones, the calendar's own properties), a second one for the entries."""

    data: bytes
    default_zone: ZoneName
    remarks: Remarks
    headers: list[Header] = field(default_factory=list)
    readers: dict[int, EventReader] = field(default_factory=dict)
    busy: list[BusyPeriod] = field(default_factory=list)

    def calendar(self) -> Calendar:
        entries = self._read_headers()
        if not self.headers and not entries:
            self.remarks.file(ProblemCode.NOT_A_CALENDAR, Severity.REFUSED)
        events = list(self._events())
        first = self.headers[0] if self.headers else Header()
        return Calendar(
            name=next((text for each in self.headers if (text := each.text("X-WR-CALNAME", "NAME"))), ""),
            zone=self._reader(0).times.declared,
            method=first.text("METHOD").upper(),
            refresh=_refresh(first),
            sets=group(events, home=self._reader(0).times.home, remarks=self.remarks),
            busy=tuple(self.busy),
            problems=tuple(sorted(self.remarks.problems, key=lambda problem: problem.line or 0)),
        )

    def _read_headers(self) -> int:
        """How many entries there are. The problems of this pass are found again, or belong to entries, in the second."""
        remarks = Remarks(self.remarks.limits)
        passing = BlockReader(self.remarks.limits, remarks, {CALENDAR, "VTIMEZONE"}.__contains__)
        zones: list[Block] = []
        for block in passing.blocks(self.data):
            if block.name == CALENDAR:
                self.headers.append(Header(block))
            elif block.name == "VTIMEZONE" and block.refusal is None:
                zones.append(block)
        self.headers.sort(key=lambda header: header.block.calendar if header.block is not None else 0)
        for block in zones:
            if (tzid := block.first("TZID")) is not None and block.calendar < len(self.headers):
                self.headers[block.calendar].zones.setdefault(clean_tzid(unescape(tzid.value)), block)
        return passing.number

    def _events(self) -> Iterator[tuple[Block, Event]]:
        passing = BlockReader(self.remarks.limits, self.remarks, lambda name: name not in SILENT)
        for block in passing.blocks(self.data):
            if block.name == CALENDAR or block.name in SILENT:
                continue
            try:
                for event in self._entry(block):
                    yield _place(block), event
            except Refusal as refusal:
                self.remarks.refused(block, refusal)

    def _entry(self, block: Block) -> list[Event]:
        if block.refusal is not None:
            raise block.refusal
        reader = self._reader(block.calendar)
        if block.name == "VFREEBUSY":
            self.busy.extend(read_busy(block, reader.times, self.remarks))
            return []
        if block.name != "VEVENT":
            raise Refusal(ProblemCode.NOT_IMPORTED, name=CONTROL.sub("", block.name))
        scale = self._header(block.calendar).text("CALSCALE").upper()
        if scale not in ("", "GREGORIAN"):
            raise Refusal(ProblemCode.CALENDAR_SCALE, value=scale)
        if not block.wrapped:
            self.remarks.repaired(block, ProblemCode.WRAPPER_MISSING)
        if block.guessed:
            self.remarks.repaired(block, ProblemCode.CHARSET_GUESSED, charset="Windows-1252")
        return reader.read(block)

    def _header(self, calendar: int) -> Header:
        return self.headers[calendar] if calendar < len(self.headers) else Header()

    def _reader(self, calendar: int) -> EventReader:
        if calendar not in self.readers:
            header = self._header(calendar)
            named = clean_tzid(header.text("X-WR-TIMEZONE"))
            declared = zone_named(named) if named else None
            times = Times(self.default_zone, declared, header.zones, self.remarks)
            self.readers[calendar] = EventReader(times, self.remarks)
        return self.readers[calendar]


def _place(block: Block) -> Block:
    """The block without its lines: where an event stood is kept until the end, what it said is not."""
    return Block(
        block.name, block.number, block.line, block.calendar, {"UID": block.properties.get("UID", [])}
    )


def _refresh(header: Header) -> timedelta | None:
    """REFRESH-INTERVAL (RFC 7986 §5.7) or X-PUBLISHED-TTL, within reason."""
    text = header.text("REFRESH-INTERVAL", "X-PUBLISHED-TTL")
    try:
        days, exact = read_duration(text, name="REFRESH-INTERVAL", line=0)
    except Refusal:
        return None
    return max(SHORTEST_REFRESH, min(timedelta(days=days) + exact, LONGEST_REFRESH))
