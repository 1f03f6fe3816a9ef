"""Components: RFC 5545 §3.4 and §3.6, one block of lines after the other, so that a large file is never a tree in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from convenor.interop.ics.lines import CONTROL, ContentLine, LogicalLine, logical_lines, parse_line, unescape
from convenor.interop.ics.objects import Limits
from convenor.interop.ics.problems import Problem, ProblemCode, Refusal, Severity, text_params

CALENDAR = "VCALENDAR"
# What stands directly in a VCALENDAR (§3.6, RFC 7953) and never in one another.
ENTRIES = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY"})
# §3.8.1: their value may be prose, whose line breaks careless writers leave raw.
PROSE = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "X-WR-CALDESC", "X-ALT-DESC"})
KEPT = frozenset(
    {
        *(
            "UID",
            "SEQUENCE",
            "SUMMARY",
            "DESCRIPTION",
            "LOCATION",
            "ORGANIZER",
            "ATTENDEE",
            "DTSTART",
            "DTEND",
            "DURATION",
            "RRULE",
            "RDATE",
        ),
        *(
            "EXDATE",
            "RECURRENCE-ID",
            "STATUS",
            "TRANSP",
            "CLASS",
            "CREATED",
            "LAST-MODIFIED",
            "DTSTAMP",
            "CATEGORIES",
            "URL",
            "FREEBUSY",
        ),
        *(
            "X-MICROSOFT-CDO-BUSYSTATUS",
            "X-WR-CALNAME",
            "NAME",
            "X-WR-TIMEZONE",
            "REFRESH-INTERVAL",
            "X-PUBLISHED-TTL",
            "METHOD",
            "CALSCALE",
        ),
        *("TZID", "X-LIC-LOCATION", "TZOFFSETFROM", "TZOFFSETTO"),
    }
)
STRAYS_TOLD = 20  # of each block, and of the file: a hostile file has millions
KNOWN = KEPT | PROSE | {"BEGIN", "END"}


@dataclass(slots=True)
class Block:
    """One component: its properties that Convenor uses, by name, in file order, and the components inside it.

    `number` counts entries from 1, `calendar` the VCALENDARs from 0; `refusal` is set when the block can't be read as a whole.
    """

    name: str
    number: int
    line: int
    calendar: int
    properties: dict[str, list[ContentLine]] = field(default_factory=dict)
    inside: list[Block] = field(default_factory=list)
    refusal: Refusal | None = None
    wrapped: bool = True
    guessed: bool = False
    strays: int = 0

    def first(self, name: str) -> ContentLine | None:
        """The property, or None; the first of several, as all known readers do."""
        found = self.properties.get(name)
        return found[0] if found else None


@dataclass(slots=True)
class Remarks:
    """Collects the problems of a file."""

    limits: Limits
    problems: list[Problem] = field(default_factory=list)

    def file(
        self, code: ProblemCode, severity: Severity, *, line: int | None = None, **params: object
    ) -> None:
        """A problem of the file as a whole."""
        self.problems.append(Problem(code, severity, line=line, params=text_params(params)))

    def repaired(self, block: Block, code: ProblemCode, *, line: int | None = None, **params: object) -> None:
        """The block is imported, changed."""
        self._add(block, code, Severity.REPAIRED, line, text_params(params))

    def refused(self, block: Block, refusal: Refusal) -> None:
        """The block is left out."""
        self._add(block, refusal.code, Severity.REFUSED, refusal.line, refusal.params)

    def _add(
        self,
        block: Block,
        code: ProblemCode,
        severity: Severity,
        line: int | None,
        params: tuple[tuple[str, str], ...],
    ) -> None:
        number = block.number or None
        self.problems.append(
            Problem(code, severity, number, line or block.line, uid_of(block, self.limits), params)
        )


def uid_of(block: Block, limits: Limits) -> str:
    """The UID (§3.8.4.7) as text, "" when there is none that can be used."""
    line = block.first("UID")
    if line is None or len(line.value) > limits.value:
        return ""
    return CONTROL.sub("", unescape(line.value)).strip()


@dataclass(slots=True)
class BlockReader:
    """One pass over the file. `wanted` says by name which entries to keep the lines of; the others come out as empty blocks.

    `kept` are the properties whose lines are kept.
    """

    limits: Limits
    remarks: Remarks
    wanted: Callable[[str], bool]
    kept: frozenset[str] = KEPT
    stack: list[Block] = field(default_factory=list)
    excess: int = 0
    number: int = 0
    calendars: int = -1
    unmatched: int = 0
    wanting: bool = False
    last: ContentLine | None = None

    def blocks(self, data: bytes) -> Iterator[Block]:
        """Each entry when it ends, and each VCALENDAR when it ends, with its own properties only."""
        for line in logical_lines(data):
            edge = line.text[:6].upper()
            if edge == "BEGIN:":
                yield from self._begin(line)
                self._look()
                if self.number > self.limits.components:
                    self.remarks.file(
                        ProblemCode.TOO_MANY_COMPONENTS,
                        Severity.REFUSED,
                        line=line.number,
                        limit=self.limits.components,
                    )
                    self.stack = [block for block in self.stack if block.name == CALENDAR]
                    break
            elif edge.startswith("END:"):
                yield from self._end(line)
                self._look()
            elif self.wanting:
                self._property(line)
        yield from self._close(0)

    def _look(self) -> None:
        """Whether the lines to come belong to something wanted."""
        if self.excess or not self.stack:
            self.wanting = False
        else:
            self.wanting = self.wanted(self.stack[min(self._open_entry(), len(self.stack) - 1)].name)

    def _begin(self, line: LogicalLine) -> Iterator[Block]:
        name = line.text[6:].strip().upper()[:40]
        self.last = None
        if name in ENTRIES or name == CALENDAR:
            # These never stand in one another: whatever is still open lost its END.
            yield from self._close(self._open_entry())
        inner = self._open_entry() < len(self.stack)
        if len(self.stack) >= self.limits.depth and not self._fits(name, line, inner=inner):
            return
        if name == CALENDAR:
            self.calendars += 1
        elif not inner:
            self.number += 1
        block = Block(name, 0 if name == CALENDAR else self.number, line.number, max(self.calendars, 0))
        block.wrapped = any(outer.name == CALENDAR for outer in self.stack)
        if inner:
            self.stack[-1].inside.append(block)
        self.stack.append(block)

    def _fits(self, name: str, line: LogicalLine, *, inner: bool) -> bool:
        """Whether a component may begin though the limit of depth is reached. Outside of entries unknown components count for nothing, so
        that what they hold is still read; inside of one the entry is refused, and what lies deeper only counted.
        """
        if not inner:
            return name in ENTRIES or name == CALENDAR
        self.excess += 1
        for block in self.stack:
            block.refusal = block.refusal or Refusal(
                ProblemCode.TOO_DEEP, line=line.number, limit=self.limits.depth
            )
        return False

    def _open_entry(self) -> int:
        """Where in the stack an entry is open; the stack's length when none is."""
        return next((at for at, block in enumerate(self.stack) if block.name in ENTRIES), len(self.stack))

    def _end(self, line: LogicalLine) -> Iterator[Block]:
        name = line.text[4:].strip().upper()[:40]
        self.last = None
        if self.excess:
            self.excess -= 1
            return
        at = next((at for at in reversed(range(len(self.stack))) if self.stack[at].name == name), None)
        if at is None:
            self.unmatched += 1
            if self.unmatched <= STRAYS_TOLD:
                self.remarks.file(ProblemCode.END_UNMATCHED, Severity.REPAIRED, line=line.number, name=name)
            return
        yield from self._close(at + 1)
        yield from self._done(self.stack.pop())

    def _close(self, down_to: int) -> Iterator[Block]:
        """End what has no END of its own: an entry is refused, as nobody knows what is missing; a part or a calendar is kept."""
        self.excess = 0
        while len(self.stack) > down_to:
            block = self.stack.pop()
            if block.name in ENTRIES:
                block.refusal = block.refusal or Refusal(
                    ProblemCode.END_MISSING, line=block.line, name=block.name
                )
            else:
                self.remarks.repaired(block, ProblemCode.END_MISSING, name=block.name)
            yield from self._done(block)

    def _done(self, block: Block) -> Iterator[Block]:
        if block.name == CALENDAR or not any(outer.name in ENTRIES for outer in self.stack):
            yield block

    def _property(self, line: LogicalLine) -> None:
        parsed = parse_line(line)
        if parsed is None or not (parsed.name in KNOWN or line.text[: len(parsed.name)].isupper()):
            self._stray(line)
            return
        self.last = parsed
        if parsed.name in self.kept:
            block = self.stack[-1]
            block.guessed = block.guessed or line.guessed
            block.properties.setdefault(parsed.name, []).append(parsed)

    def _stray(self, line: LogicalLine) -> None:
        """Text broken without a leading space belongs to the prose before it; anything else is noise."""
        block, last = self.stack[-1], self.last
        block.strays += 1
        told = block.strays <= STRAYS_TOLD
        if last is None or last.name not in PROSE:
            if told:
                self.remarks.repaired(
                    block,
                    ProblemCode.LINE_UNREADABLE,
                    line=line.number,
                    text=CONTROL.sub("", line.text.strip()),
                )
            return
        # Beyond the limit the text is cut anyway, and joining line by line would take quadratic time.
        if last.name in self.kept and len(last.value) <= self.limits.text:
            joined = ContentLine(last.number, last.name, last.params, f"{last.value}\\n{line.text.strip()}")
            self.last = block.properties[last.name][-1] = joined
            if told:
                self.remarks.repaired(block, ProblemCode.LINE_JOINED, line=line.number, property=last.name)
