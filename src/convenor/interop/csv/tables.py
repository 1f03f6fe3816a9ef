"""A file of separated values as rows that know their line numbers; what can't be read is said, the rest is kept.

RFC 4180, and what spreadsheets make of it: semicolons where the comma is the decimal mark, tabs, `sep=;` as a first line, a byte order
mark, line ends of any system, blank lines, trailing delimiters.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NewType

from django.utils.translation import gettext

from convenor.interop.csv.charsets import decode

Column = NewType("Column", str)
"""A column's canonical name, as docs/csv.md lists them."""

MOST_ROWS = 50_000
MOST_CHARACTERS = 10_000
MOST_FAILURES = 100
DELIMITERS = ",;\t"
_SEP_LINE = re.compile(r"\ufeff?\s*\"?sep=([,;\t])\"?\s*\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Refused:
    """Something that was not read or not imported. `line` counts the file's lines from 1; `column` is the file's own heading, or ""."""

    line: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """The cells that aren't empty, by column."""

    line: int
    cells: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. `headings` are the file's own words for the known columns; `ignored` are headings that nobody knows."""

    headings: Mapping[Column, str]
    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]
    charset: str
    delimiter: str

    def heading(self, column: str) -> str:
        """The file's own word for a column, or the column's name if the file doesn't have it."""
        return self.headings.get(Column(column), column)


@dataclass(slots=True)
class _Reading:
    headings: dict[Column, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def refuse(self, line: int, column: str, sentence: str) -> None:
        self.refused.append(Refused(line, column, sentence))


def read_table(content: bytes | str, synonyms: Mapping[str, Column], required: tuple[Column, ...]) -> Table:
    """Read a file whose columns are told by their headings, in any order.

    `synonyms` maps folded headings (`folded`) to columns. Without the required columns nothing is read, and that is the one remark.
    """
    text, charset = (content, "utf-8") if isinstance(content, str) else decode(content)
    text, delimiter, skipped = _without_sep_line(text.removeprefix("\ufeff"))
    delimiter = delimiter or _delimiter(text, synonyms)
    reading = _Reading()
    records = _records(text, delimiter, skipped, reading)
    line, heads = next(records, (1, []))
    places = _places(line, heads, synonyms, reading)
    missing = [column for column in required if column not in reading.headings]
    if missing:
        unread = reading.refused[:1] if not heads else []
        reading.refused[:] = unread or [Refused(line, "", _missing(missing, heads))]
    else:
        _read_rows(records, places, len(heads), reading)
    return Table(
        headings=reading.headings,
        rows=tuple(reading.rows),
        refused=tuple(sorted(reading.refused)),
        ignored=tuple(reading.ignored),
        charset=charset,
        delimiter=delimiter,
    )


def folded(heading: str) -> str:
    """A heading without case, accents, punctuation and spaces: `E-mail`, `e mail` and `EMAIL` are one."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(character for character in plain if character.isalnum())


def _without_sep_line(text: str) -> tuple[str, str, int]:
    """The text after Excel's own `sep=` line, the delimiter it names, and the lines skipped."""
    found = _SEP_LINE.match(text)
    return (text[found.end() :], found[1], 1) if found else (text, "", 0)


def _delimiter(text: str, synonyms: Mapping[str, Column]) -> str:
    """The one with which the first line has the most known headings; then the most frequent."""
    # No further than a cell may be long: csv gives up on a longer one.
    line = next((line for line in text.splitlines() if line.strip()), "")[:MOST_CHARACTERS]

    def fitness(delimiter: str) -> tuple[int, int]:
        heads = next(csv.reader([line], delimiter=delimiter), [])
        return sum(folded(head) in synonyms for head in heads), line.count(delimiter)

    return max(DELIMITERS, key=fitness)


def _records(text: str, delimiter: str, skipped: int, reading: _Reading) -> Iterator[tuple[int, list[str]]]:
    """Every record that isn't blank, with the line it starts on; after one that can't be read, on from the next line."""
    lines = list(io.StringIO(text, newline=""))
    start, failures = 0, 0
    while start < len(lines):
        reader = csv.reader(itertools.islice(lines, start, None), delimiter=delimiter, strict=True)
        read = 0
        try:
            for record in reader:
                if any(cell.strip() for cell in record):
                    yield start + read + 1 + skipped, record
                read = reader.line_num
        except csv.Error as error:
            failures += 1
            sentence = _too_long() if "field limit" in str(error) else _quotes()
            last = failures == MOST_FAILURES
            reading.refuse(start + read + 1 + skipped, "", _too_many() if last else sentence)
            if last:
                return
            start += read + 1
        else:
            return


def _quotes() -> str:
    return gettext("The quotation marks of this row don't match, so it can't be read.")


def _too_many() -> str:
    return gettext("From here on too many quotation marks don't match, so the rest was not read.")


def _too_long() -> str:
    return gettext("A cell has more than %(limit)d characters.") % {"limit": MOST_CHARACTERS}


def _places(
    line: int, heads: list[str], synonyms: Mapping[str, Column], reading: _Reading
) -> dict[int, Column]:
    places: dict[int, Column] = {}
    for place, head in enumerate(heads):
        column = synonyms.get(folded(head))
        if column is None:
            reading.ignored.extend([head.strip()] if head.strip() else [])
        elif column in reading.headings:
            sentence = gettext("This says the same as the column “%(other)s”; it was left out.")
            reading.refuse(line, head.strip(), sentence % {"other": reading.headings[column]})
        else:
            places[place] = column
            reading.headings[column] = head.strip()
    return places


def _read_rows(
    records: Iterator[tuple[int, list[str]]], places: Mapping[int, Column], width: int, reading: _Reading
) -> None:
    for line, record in records:
        if len(reading.rows) == MOST_ROWS:
            sentence = gettext("The file has more than %(limit)d rows; from here on they were not read.")
            reading.refuse(line, "", sentence % {"limit": MOST_ROWS})
            return
        problem = _shape_problem(record, width)
        if problem:
            reading.refuse(line, "", problem)
            continue
        cells = {column: record[place].strip() for place, column in places.items() if place < len(record)}
        reading.rows.append(Row(line, {column: cell for column, cell in cells.items() if cell}))


def _shape_problem(record: list[str], width: int) -> str:
    if any(cell.strip() for cell in record[width:]):
        counts = {"cells": len(record), "headings": width}
        return (
            gettext("The row has %(cells)d cells and the heading %(headings)d; is a quotation mark missing?")
            % counts
        )
    if any(len(cell) > MOST_CHARACTERS for cell in record):
        return _too_long()
    return ""


def _missing(missing: list[Column], heads: list[str]) -> str:
    if not heads:
        return gettext("The file is empty.")
    params = {"missing": ", ".join(missing), "found": ", ".join(head.strip() or "–" for head in heads)[:200]}
    return gettext("The first line must name the columns; missing: %(missing)s. It says: %(found)s.") % params
