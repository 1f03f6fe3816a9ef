"""A file of rooms: `code` and, for new ones, `site`, and whatever else is known of them. docs/csv.md lists the columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from convenor.interop.csv.cells import (
    EMPTIES,
    Reader,
    amount_cell,
    number_cell,
    read_cells,
    text_cell,
    things_cell,
    yes_no_cell,
)
from convenor.interop.csv.people import synonyms_of
from convenor.interop.csv.tables import Column, Refused, Table, read_table
from convenor.venues.checks import MOST_MINUTES, MOST_SEATS
from convenor.venues.drafts import RoomDraft
from convenor.venues.enums import SetupStyle

STYLES: dict[str, tuple[str, ...]] = {
    "theatre": ("theater", "teatru", "sală de spectacol"),
    "classroom": ("class", "clasă", "sală de clasă"),
    "boardroom": ("board", "consiliu", "masă de consiliu"),
    "u_shape": ("u-shape", "u shape", "formă de u", "u"),
    "hollow_square": ("hollow square", "square", "careu", "pătrat"),
    "cabaret": ("cabaret style",),
    "banquet": ("banquet rounds", "rounds", "banchet"),
    "reception": ("cocktail", "standing", "recepție"),
}
SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("room code", "room", "id", "number", "cod", "cod sală", "sală"),
    "name": ("room name", "nume", "denumire", "numele sălii"),
    "site": ("building", "location", "office", "sediu", "clădire", "locație"),
    "floor": ("level", "etaj", "nivel"),
    "capacity": ("seats", "persons", "people", "capacitate", "locuri", "persoane"),
    **STYLES,
    "equipment": ("features", "facilities", "dotări", "echipament", "echipamente"),
    "accessible": ("step-free", "step free", "wheelchair", "accesibil", "accesibilitate"),
    "turn_minutes": ("turn minutes", "turnaround", "buffer", "minute între rezervări", "pauză"),
    "approval": ("needs approval", "approval needed", "aprobare", "necesită aprobare"),
    "approver": ("approved by", "approver email", "aprobator", "aprobă"),
    "window_days": ("window days", "bookable days ahead", "booking window", "zile în avans"),
    "longest_minutes": ("longest minutes", "max minutes", "longest booking", "durată maximă"),
    "rate": ("hourly rate", "price", "internal rate", "tarif", "tarif orar"),
    "part_of": ("part of", "hall", "parent", "parte din", "sala mare"),
}
REQUIRED = (Column("code"),)
FIELDS = {
    "approval": "approval_needed",
    "window_days": "booking_window_days",
    "rate": "hourly_rate",
}
"""Columns whose name isn't the draft's own."""


def _or_emptied(reader: Reader) -> Reader:
    """Reads the sign that empties a field as 0."""
    return lambda cell: 0 if cell == EMPTIES else reader(cell)


READERS: dict[Column, Reader] = {
    **{Column(name): text_cell for name in ("code", "name", "site", "floor", "approver", "part_of")},
    **{Column(name): _or_emptied(number_cell(0, MOST_SEATS)) for name in ("capacity", *STYLES)},
    Column("equipment"): things_cell,
    Column("accessible"): yes_no_cell,
    Column("turn_minutes"): _or_emptied(number_cell(0, MOST_MINUTES)),
    Column("approval"): yes_no_cell,
    Column("window_days"): _or_emptied(number_cell(1, 3_660)),
    Column("longest_minutes"): _or_emptied(number_cell(1, 100_000)),
    Column("rate"): _or_emptied(amount_cell),
}


@dataclass(frozen=True, slots=True)
class RoomRows:
    """The drafts that could be read, in the file's order, and what couldn't."""

    table: Table
    drafts: tuple[RoomDraft, ...]
    refused: tuple[Refused, ...]

    def heading(self, field: str) -> str:
        """The file's own word for a draft's field."""
        names = {name: column for column, name in FIELDS.items()} | {"setups": "capacity"}
        return self.table.heading(names.get(field, field))


def read_rooms(content: bytes | str) -> RoomRows:
    """Read a file of rooms; nothing is looked up and nothing is decided."""
    table = read_table(content, synonyms_of(SYNONYMS), REQUIRED)
    drafts: list[RoomDraft] = []
    refused = list(table.refused)
    for row in table.rows:
        values, problems = read_cells(row, table, READERS)
        if not values.get("code") and not problems:
            problems = [Refused(row.line, table.heading("code"), gettext("The row has no code."))]
        refused += problems
        if not problems:
            drafts.append(_draft(row.line, values))
    return RoomRows(table, tuple(drafts), tuple(sorted(refused)))


def _draft(line: int, values: dict[str, Any]) -> RoomDraft:
    """`capacity` alone is that of a boardroom, the usual meeting room."""
    seats = {SetupStyle(style): values.pop(style) for style in STYLES if style in values}
    if "capacity" in values:
        seats.setdefault(SetupStyle.BOARDROOM, values.pop("capacity"))
    values.pop("capacity", None)
    fields = {FIELDS.get(column, column): value for column, value in values.items()}
    return RoomDraft(line=line, setups=seats or None, **fields)
