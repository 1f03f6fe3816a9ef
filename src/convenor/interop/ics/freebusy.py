"""VFREEBUSY: RFC 5545 §3.6.4, its busy periods (§3.8.2.6) in UTC."""

from __future__ import annotations

from collections.abc import Iterator

from convenor.interop.ics.components import Block, Remarks
from convenor.interop.ics.lines import ContentLine
from convenor.interop.ics.objects import BusyPeriod
from convenor.interop.ics.people import bare_address
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.times import Times

KINDS = frozenset({"BUSY", "BUSY-UNAVAILABLE", "BUSY-TENTATIVE"})


def read_busy(block: Block, times: Times, remarks: Remarks) -> Iterator[BusyPeriod]:
    """The periods that are not FREE; an unreadable one is reported and passed over."""
    who = block.first("ATTENDEE") or block.first("ORGANIZER")
    email = bare_address(who.value) if who is not None else ""
    lines = block.properties.get("FREEBUSY", [])
    count = sum(line.value.count(",") + 1 for line in lines)
    if count > remarks.limits.values:
        raise Refusal(
            ProblemCode.TOO_MANY_VALUES, property="FREEBUSY", count=count, limit=remarks.limits.values
        )
    for line in lines:
        kind = line.param("FBTYPE").upper() or "BUSY"
        if kind != "FREE":
            yield from _periods(block, line, kind if kind in KINDS else "BUSY", email, times, remarks)


def _periods(
    block: Block, line: ContentLine, kind: str, email: str, times: Times, remarks: Remarks
) -> Iterator[BusyPeriod]:
    for value in line.value.split(","):
        try:
            start, end = times.period(block, line, value)
        except Refusal as refusal:
            remarks.repaired(
                block, ProblemCode.VALUE_IGNORED, line=refusal.line, property=line.name, value=value
            )
            continue
        if start < end:
            yield BusyPeriod(start, end, kind, email)
