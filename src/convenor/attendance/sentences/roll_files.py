"""The files that a roll is given out as, and what somebody asked for as a job can keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from convenor.attendance.enums import TAKING, RollPaper, SeatState, Source
from convenor.attendance.queries.exports import RollList, badge_roles_of, roll_list_for
from convenor.attendance.queries.seats import SeatsAsked
from convenor.attendance.sentences.roll_papers import badges_pdf, roll_pdf, sign_in_pdf
from convenor.attendance.sentences.roll_table import roll_table
from convenor.base.actor import Actor
from convenor.base.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_file, xlsx_file

PDF_TYPE: Final = "application/pdf"
ENDINGS: Final[Mapping[RollPaper, tuple[str, str]]] = {
    RollPaper.CSV: (".csv", CSV_TYPE),
    RollPaper.XLSX: (".xlsx", XLSX_TYPE),
    RollPaper.LIST: (".pdf", PDF_TYPE),
    RollPaper.SIGN_IN: ("-sign-in.pdf", PDF_TYPE),
    RollPaper.BADGES: ("-badges.pdf", PDF_TYPE),
    RollPaper.CARDS: ("-badges.pdf", PDF_TYPE),
}
"""The end of each file's name, and its type."""
FOR_THE_DOOR: Final = frozenset({RollPaper.SIGN_IN, RollPaper.BADGES, RollPaper.CARDS})
"""Papers of those who come, unless somebody asks for others."""


@dataclass(frozen=True, slots=True)
class RollFile:
    name: str
    content_type: str
    content: bytes


def roll_file(actor: Actor, roll_id: int, kind: RollPaper, asked: SeatsAsked, *, now: datetime) -> RollFile:
    """Read and made in the present language. Raises Roll.DoesNotExist, Refused."""
    found = roll_list_for(actor, roll_id, asked)
    return RollFile(file_name(found, kind, now), ENDINGS[kind][1], _content(found, kind, now))


def file_name(found: RollList, kind: RollPaper, now: datetime) -> str:
    """`away-day-03-2026-12-01-badges.pdf`: the event's key, the function's number, the day there."""
    function = found.roll.function
    day = now.astimezone(ZoneInfo(found.event.zone)).date().isoformat()
    number = f"-{function.number:02}" if function else ""
    return f"{found.event.key}{number}-{day}{ENDINGS[kind][0]}"


def for_paper(asked: SeatsAsked, kind: RollPaper) -> SeatsAsked:
    """Without states that were asked for, badges and sign-in sheets are of those whose seats take a place."""
    if asked.states or kind not in FOR_THE_DOOR:
        return asked
    return SeatsAsked(asked.text, TAKING, asked.department_id, asked.source, asked.sort, asked.only)


def as_json(asked: SeatsAsked) -> dict[str, Any]:
    return {**asdict(asked), "only": None if asked.only is None else sorted(asked.only)}


def from_json(kept: Mapping[str, Any]) -> SeatsAsked:
    only, source = kept["only"], kept["source"]
    return SeatsAsked(
        text=kept["text"],
        states=tuple(map(SeatState, kept["states"])),
        department_id=kept["department_id"],
        source=Source(source) if source else None,
        sort=kept["sort"],
        only=None if only is None else frozenset(only),
    )


def _content(found: RollList, kind: RollPaper, now: datetime) -> bytes:
    match kind:
        case RollPaper.CSV:
            return csv_file(roll_table(found))
        case RollPaper.XLSX:
            return xlsx_file(roll_table(found))
        case RollPaper.LIST:
            return roll_pdf(found, now=now)
        case RollPaper.SIGN_IN:
            return sign_in_pdf(found, now=now)
        case RollPaper.BADGES | RollPaper.CARDS:
            roles = badge_roles_of(found.event)
            return badges_pdf(found, roles, now=now, is_sheet=kind == RollPaper.BADGES)
