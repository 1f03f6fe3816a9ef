"""CSV and XLSX as other programs read them: nothing is reckoned, nothing lost."""

from __future__ import annotations

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from convenor.base.spreadsheets import FORMULA, Table, csv_file, xlsx_file

DANGEROUS = [f"{sign}1+1" for sign in FORMULA]
ROMANIAN = "Ștefan Țurcanu, “Ăla”;\nîn două rânduri"


def read_csv(made: bytes) -> list[list[str]]:
    assert made.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(made.decode("utf-8-sig"), newline="")))


def read_xlsx(made: bytes) -> Any:
    return load_workbook(BytesIO(made)).active


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_is_a_formula(text: str) -> None:
    table = Table("Roll", [text], [[text]])
    assert read_csv(csv_file(table)) == [[f"'{text}"], [f"'{text}"]]
    sheet = read_xlsx(xlsx_file(table))
    for cell in (sheet["A1"], sheet["A2"]):
        kept = text.replace("\r", "\n")  # as XML reads it
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", kept, True)


def test_dates_are_dates_and_numbers_numbers() -> None:
    at, day = datetime(2026, 12, 7, 10, 30), date(2026, 12, 7)
    table = Table("Roll", ["At", "Day", "Number", "Text", "None"], [[at, day, 3, ROMANIAN, None]])
    assert read_csv(csv_file(table))[1] == ["2026-12-07 10:30", "2026-12-07", "3", ROMANIAN, ""]
    sheet = read_xlsx(xlsx_file(table))
    cells = [cell.value for cell in sheet[2]]
    assert cells == [at, datetime(2026, 12, 7), 3, ROMANIAN, None]
    assert [cell.number_format for cell in sheet[2][:2]] == ["yyyy-mm-dd hh:mm", "yyyy-mm-dd"]


def test_the_head_stays_in_sight_and_columns_are_as_wide_as_what_they_hold() -> None:
    table = Table("A title that is [much] too long: for/a sheet", ["Name", "Note"], [["x" * 20, "y" * 500]])
    sheet = read_xlsx(xlsx_file(table))
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A2", "A1:B2", "$1:$1")
    assert (sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width) == (22, 60)
    assert sheet["A1"].font.bold
    assert sheet.title == "A title that is  much  too long"


def test_a_list_of_nobody_is_a_file_too() -> None:
    table = Table("", ["Name"], [])
    assert read_csv(csv_file(table)) == [["Name"]]
    assert [cell.value for cell in read_xlsx(xlsx_file(table))[1]] == ["Name"]


@given(st.text(max_size=40).filter(lambda text: "\r" not in text))
def test_any_text_can_be_written(text: str) -> None:
    """What XML can't hold goes, halves of characters become a question mark."""
    table = Table("T", ["Head"], [[text]])
    (_head, (cell,)) = read_csv(csv_file(table))
    kept = text.encode(errors="replace").decode()
    assert cell == (f"'{kept}" if kept.startswith(FORMULA) else kept)
    xlsx_file(table)
