"""Lists as files that spreadsheet programs open: CSV and XLSX. No cell is ever reckoned, whoever wrote it."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

Cell = str | int | date | datetime | None
"""A datetime is naive: the wall clock of wherever the list is about."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins like this is reckoned by spreadsheets, whoever wrote it (OWASP, CSV injection)."""
CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_TITLE = re.compile(r"[\[\]:*?/\\']")
LONGEST_TITLE = 31
LONGEST_CELL = 32_767
NARROWEST, WIDEST = 8, 60
LOOKED_AT = 500
"""Rows that a column's width is taken from."""
FORMATS: Final[dict[type, str]] = {datetime: "yyyy-mm-dd hh:mm", date: "yyyy-mm-dd"}


@dataclass(frozen=True, slots=True)
class Table:
    """`title` names the sheet of an XLSX file; every row has a cell for each of the head's."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv_file(table: Table) -> bytes:
    """UTF-8 with the mark by which Excel knows it. What looks like a formula gets an apostrophe before it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([_harmless(each) for each in table.head])
    writer.writerows([_harmless(_plain(cell)) for cell in row] for row in table.rows)
    return ("\ufeff" + text.getvalue()).encode(errors="replace")


def xlsx_file(table: Table) -> bytes:
    """Dates are dates, texts are texts whatever they begin with; the head stays in sight, and filters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(NO_TITLE.sub(" ", table.title)[:LONGEST_TITLE].strip() or None)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    for number, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_head_cell(sheet, each) for each in table.head])
    for row in table.rows:
        sheet.append([_cell(sheet, each) for each in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(table.head), 1))}{len(table.rows) + 1}"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return "" if cell is None else str(cell)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _widths(table: Table) -> list[int]:
    """As wide as what the first rows hold, within reason."""
    columns = zip(table.head, *table.rows[:LOOKED_AT], strict=True)
    return [min(max(NARROWEST, *(len(_plain(cell)) + 2 for cell in column)), WIDEST) for column in columns]


def _head_cell(sheet: Any, text: str) -> Any:
    cell = _text_cell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        return _text_cell(sheet, value)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = FORMATS[type(value)]
        return cell
    return value


def _text_cell(sheet: Any, text: str) -> Any:
    """Said to be text; and, where it looks like a formula, kept one when somebody edits it."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text).encode(errors="replace").decode()[:LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if text.startswith(FORMULA):
        cell.quotePrefix = True
    return cell
