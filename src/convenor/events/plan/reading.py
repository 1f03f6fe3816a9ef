"""A plan file's text into rows of typed values, with everything that can be said of it without the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from convenor.events import registry
from convenor.events.plan.cover import EVENT_KEYS
from convenor.events.plan.keys import AT, MOST_ITEMS, Values, read_values
from convenor.events.registry import PlanSection
from convenor.events.rules.toml_reading import Source, Table, opened
from convenor.kernel.toml_lines import Path, nearest

MOST_NAMES_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Row:
    """What one table says; `path` is where it stands."""

    said: Values
    path: Path


@dataclass(frozen=True, slots=True)
class Described:
    """Somebody from outside as the file introduces them, to be entered if nobody has the e-mail."""

    email: str
    name: str
    organisation: str
    job_title: str
    path: Path


@dataclass(slots=True)
class Document:
    """A file that is TOML; whether anything else is wrong with it stands in `source`."""

    source: Source
    event: Row
    sections: dict[str, list[Row]] = field(default_factory=dict)


def read_document(text: str) -> Document:
    """Raises TomlProblems for a text that isn't TOML; everything else that is wrong is put down in the document's source."""
    table = opened(text)
    cover = table.table("event")
    if cover is None:
        if "event" not in table.values:
            table.wrong(None, _("There is no table [event]: a plan begins with it."))
        cover = Table(table.source, ("event",), {})
        document = Document(table.source, Row({}, ("event",)))
    else:
        document = Document(table.source, Row(read_values(cover, EVENT_KEYS), ("event",)))
    for section in registry.plan_sections:
        document.sections[section.name] = _rows(table, section)
    table.finish()
    return document


def _rows(table: Table, section: PlanSection) -> list[Row]:
    tables = table.tables(section.name)
    if len(tables) > MOST_ITEMS:
        words = _("There are %(count)d of [[%(name)s]]; at most %(most)d are read.")
        values = {"count": len(tables), "name": section.name, "most": MOST_ITEMS}
        table.wrong(section.name, words % values)
    rows = []
    for each in tables[:MOST_ITEMS]:
        said = read_values(each, section.keys)
        rows += [Row(values, each.path) for values in section.expand(each, said)]
    return _once(table.source, section, rows)


def _once(source: Source, section: PlanSection, rows: Sequence[Row]) -> list[Row]:
    """Without rows that can't be told apart, or have no name."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        if any(name not in row.said for name in section.named_by):
            continue
        name = tuple(row.said[name] for name in section.named_by)
        if name in seen:
            words = _("“%(name)s” is there already, on line %(line)d.")
            shown = ", ".join(map(str, name))[:MOST_NAMES_SHOWN]
            source.add(
                (*row.path, *row.said.get(AT, section.named_by[-1:])),
                words % {"name": shown, "line": nearest(source.lines, seen[name].path)},
            )
        seen.setdefault(name, row)
    return list(seen.values())


def described_in(document: Document) -> dict[str, Described]:
    """By e-mail, the first of each: a table with a `name` beside an `email` or a `person`."""
    found: dict[str, Described] = {}
    for rows in document.sections.values():
        for row in rows:
            for each in _described(row.said, row.path):
                found.setdefault(each.email, each)
    return found


def _described(values: Values, path: Path) -> list[Described]:
    found = []
    email, name = values.get("email") or values.get("person"), values.get("name")
    if email and name:
        organisation, title = values.get("organisation", ""), values.get("job_title", "")
        found.append(Described(email, name, organisation, title, (*path, "name")))
    for key, value in values.items():
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    found += _described(item, (*path, key, index))
    return found
