"""Months are written by formats with a name, since Romanian writes them otherwise than English."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "convenor"
SPELT_OUT = re.compile(r"""["']((?:D |l |l, )?j [MN][ YHis:,]*|[MN] Y)["']""")


def spelt_out(text: str) -> list[str]:
    return SPELT_OUT.findall(text)


def test_a_format_that_is_spelt_out_is_found() -> None:
    assert spelt_out('{{ day|date:"D j M" }} {{ day|date:"DATE_FORMAT" }} {{ day|date:"l, j F" }}') == [
        "D j M"
    ]
    assert spelt_out("date_format(start, 'j M Y')") == ["j M Y"]


@pytest.mark.parametrize("pattern", ["web/templates/**/*.html", "**/*.py"])
def test_no_short_month_is_spelt_out(pattern: str) -> None:
    files = [path for path in PACKAGE.glob(pattern) if path.name != "formats.py"]
    places = {str(path.relative_to(PACKAGE)): spelt_out(path.read_text()) for path in files}
    assert {place: found for place, found in places.items() if found} == {}, "take a name from formats/"


@pytest.mark.parametrize(
    ("language", "weekday", "day", "heading"),
    [
        ("en", "Tue 5 May 2026, 09:30", "5 May", "Tuesday, 5 May"),
        ("ro", "mar 5 mai 2026, 09:30", "5 mai", "marți, 5 mai"),
    ],
)
def test_each_language_writes_its_own(language: str, weekday: str, day: str, heading: str) -> None:
    moment = datetime(2026, 5, 5, 9, 30)
    with translation.override(language):
        assert date_format(moment, "WEEKDAY_YEAR_TIME_FORMAT") == weekday
        assert date_format(moment, "DAY_FORMAT") == day
        assert date_format(moment, "l, j F") == heading
