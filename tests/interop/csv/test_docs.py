"""docs/csv.md names every column there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from convenor.interop.csv import people, rooms

PAGE = (Path(__file__).parents[3] / "docs" / "csv.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("title", "columns"), [("People", people.SYNONYMS), ("Rooms", rooms.SYNONYMS)])
def test_the_page_lists_the_columns(title: str, columns: dict[str, tuple[str, ...]]) -> None:
    section = PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`.*?) \|", section, flags=re.MULTILINE)
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(columns)
    assert set(columns) == set(people.READERS if title == "People" else rooms.READERS)
