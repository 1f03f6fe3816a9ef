"""From a cell's text to a value: numbers, yes and no, weeks, lists of things, in English and Romanian.

Each reader takes the text and gives the value, or raises ValidationError with the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.base.changes import sentences
from convenor.base.text import validate_text
from convenor.base.weeks import read_week
from convenor.interop.csv.tables import Column, Refused, Row, Table, folded
from convenor.kernel.week_text import WeekRow

Value = TypeVar("Value")
Reader = Callable[[str], Any]

EMPTIES = "-"
"""Written in a cell, empties the field; an empty cell leaves it as it is."""

_YES = frozenset({"yes", "y", "true", "1", "x", "da", "d", "adevarat"})
_NO = frozenset({"no", "n", "false", "0", "nu", "fals"})


def text_cell(cell: str) -> str:
    validate_text(cell)
    return "" if cell in {EMPTIES, "–", "—"} else cell


def yes_no_cell(cell: str) -> bool:
    word = folded(cell)
    if word in _YES | _NO:
        return word in _YES
    raise ValidationError(gettext("“%(cell)s” is neither yes nor no.") % {"cell": cell[:40]})


def number_cell(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers; spreadsheets write 12 as 12.0."""

    def read(cell: str) -> int:
        found = re.fullmatch(r"([+-]?\d{1,9})(?:[.,]0+)?", cell.replace(" ", "").replace("\xa0", ""))
        if found is None:
            raise ValidationError(gettext("“%(cell)s” is not a whole number.") % {"cell": cell[:40]})
        if not least <= int(found[1]) <= most:
            params = {"number": found[1], "least": least, "most": most}
            raise ValidationError(gettext("%(number)s is not from %(least)d to %(most)d.") % params)
        return int(found[1])

    return read


def amount_cell(cell: str) -> Decimal:
    """An amount with a decimal point or comma, at most two places, not negative."""
    plain = cell.replace(" ", "").replace("\xa0", "")
    if "," in plain and "." in plain:
        plain = plain.replace("," if plain.rindex(".") > plain.rindex(",") else ".", "")
    try:
        amount = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 10**8:
        raise ValidationError(gettext("“%(cell)s” is not an amount.") % {"cell": cell[:40]})
    return amount.quantize(Decimal("0.01"))


def week_cell(cell: str) -> tuple[WeekRow, ...]:
    return () if cell == EMPTIES else tuple(read_week(cell, "working_hours"))


def things_cell(cell: str) -> dict[str, int]:
    """Things with their numbers: `projector;whiteboard:2`, also with commas; one where no number is given."""
    things: dict[str, int] = {}
    if cell == EMPTIES:
        return things
    for part in filter(None, (part.strip() for part in re.split(r"[;,|]", cell))):
        name, _sign, count = part.partition(":")
        validate_text(name)
        number = count.strip() or "1"
        if not name.strip() or not re.fullmatch(r"[1-9]\d{0,2}|1000", number):
            raise ValidationError(
                gettext("“%(part)s” can't be read; write things as “projector;whiteboard:2”.")
                % {"part": part[:40]}
            )
        things[name.strip()] = int(number)
    return things


def choice_cell(words: Mapping[str, Value]) -> Callable[[str], Value]:
    """A reader of one of some words, compared as headings are."""

    def read(cell: str) -> Value:
        if folded(cell) not in words:
            params = {"cell": cell[:40], "known": ", ".join(words)}
            raise ValidationError(gettext("“%(cell)s” is not one of: %(known)s.") % params)
        return words[folded(cell)]

    return read


def read_cells(
    row: Row, table: Table, readers: Mapping[Column, Reader]
) -> tuple[dict[str, Any], list[Refused]]:
    """The row's values by column, and what is wrong with those that can't be read."""
    values: dict[str, Any] = {}
    refused: list[Refused] = []
    for column, cell in row.cells.items():
        try:
            values[column] = readers[column](cell)
        except ValidationError as error:
            texts = [text for group in sentences(error).values() for text in group]
            refused += [Refused(row.line, table.heading(column), text) for text in texts]
    return values, refused
