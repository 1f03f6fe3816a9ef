"""docs/events.md shows the checks as they are registered."""

from __future__ import annotations

import re
from pathlib import Path

from convenor.events.queries.readiness_checks import CHECKS
from convenor.events.registry import readiness_checks

DOCS = Path(__file__).resolve().parents[2] / "docs" / "events.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| [A-Z][^|]+ \|$", re.MULTILINE)


def test_the_table_has_every_check_in_order() -> None:
    text = DOCS.read_text(encoding="utf-8")
    section = text[text.index("## Readiness") : text.index("## Go/no-go certificate")]
    assert ROW.findall(section) == [(each.code, str(each.title)) for each in CHECKS]


def test_they_are_registered_once() -> None:
    codes = [each.code for each in readiness_checks]
    assert len(codes) == len(set(codes))
    assert {each.code for each in CHECKS} <= set(codes)
