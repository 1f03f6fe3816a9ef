"""What a table of a plan file may hold: each key with how it is read, what it is if nobody says, and what it means.

A value is kept as the file writes it — texts, numbers, local times, lists and tables of those, people by e-mail, rooms and
departments by code — so that what a file says and what the database holds can be compared, and either be written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.text import validate_text
from convenor.events.rules.toml_reading import Table, did_you_mean, one_of

Values = dict[str, Any]
Reader = Callable[[Table, str], Any]
"""The value of a table's key; None, and a problem put down, where it can't be used."""

AT = ""
"""In a row's values: where in its table the row is named, where that isn't under the key that names it."""
LONGEST_TEXT = 20_000
MOST_ITEMS = 5_000
_SLUG = re.compile(r"[-a-zA-Z0-9_]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


@dataclass(frozen=True, slots=True)
class Key:
    """`says` is the line of docs/plan-files.md.

    `shown` keys are written even where they are as nobody would have to say. `aside` keys only help to say something
    else (a day for a start, a name for who isn't in the directory): they are read, and never compared.
    """

    name: str
    read: Reader
    says: str
    default: Any = None
    needed: bool = False
    shown: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """Reads a list of small tables; `short` is the key that an item which is only a text stands for.

    `named_by` tells the items apart (what is unsaid of one that is known stays as it is); "" where only their order does.
    """

    keys: tuple[Key, ...]
    short: str = ""
    named_by: str = ""
    repeats: bool = False

    def __call__(self, table: Table, name: str) -> list[Values]:
        kinds = (str, dict) if self.short else (dict,)
        found: list[Values] = []
        for index, item in enumerate(table.items(name, *kinds)):
            if item is not None:
                values = {self.short: item} if isinstance(item, str) else item
                path = (*table.path, name, index)
                found.append(read_values(Table(table.source, path, values), self.keys))
        return found if self.repeats else _without_repeats(table, name, found, self.named_by)


def read_values(table: Table, keys: Sequence[Key]) -> Values:
    """What the table says, key by key; keys that aren't there, or can't be used, are left out."""
    values: Values = {}
    for key in keys:
        if table.has(key.name):
            value = key.read(table, key.name)
            if value is not None:
                values[key.name] = value
        elif key.needed:
            table.wrong(key.name, _("“%(key)s” is missing.") % {"key": key.name})
    table.finish()
    return values


def defaults(keys: Sequence[Key]) -> Values:
    return {key.name: _copy(key.default) for key in keys if not key.aside}


def plain(keys: Sequence[Key], values: Mapping[str, Any]) -> Values:
    """The values without what is only said aside, in tables within them too."""
    found: Values = {}
    for key in keys:
        if key.name in values and not key.aside:
            reader, value = key.read, values[key.name]
            if isinstance(reader, Listed) and value is not None:
                value = [plain(reader.keys, item) for item in value]
            found[key.name] = value
    return found


def completed(keys: Sequence[Key], said: Mapping[str, Any], current: Mapping[str, Any] | None) -> Values:
    """What is said, over what is, over what holds if nobody says."""
    whole = defaults(keys) | plain(keys, current or {})
    for key in keys:
        if key.name in said and not key.aside:
            reader, value = key.read, said[key.name]
            known = whole[key.name]
            whole[key.name] = _completed_list(reader, value, known) if isinstance(reader, Listed) else value
    return whole


def _completed_list(listed: Listed, said: Sequence[Values], known: Sequence[Values] | None) -> list[Values]:
    names = _numbered(listed, known or ())
    by_name = dict(zip(names, known or (), strict=True))
    return [
        completed(listed.keys, item, by_name.get(name))
        for name, item in zip(_numbered(listed, said), said, strict=True)
    ]


def _numbered(listed: Listed, items: Sequence[Values]) -> list[tuple[Any, int]]:
    """What tells items apart: their names, and the how manieth of that name each is. Items without a name are told apart by nothing."""
    seen: Counter[Any] = Counter()
    found: list[tuple[Any, int]] = []
    for item in items:
        name = item.get(listed.named_by) if listed.named_by else None
        found.append((name, seen[name] if name is not None else -1 - len(found)))
        seen[name] += 1
    return found


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, (list, dict)) else value


def _without_repeats(table: Table, name: str, items: list[Values], named_by: str) -> list[Values]:
    kept: dict[Any, Values] = {}
    if not named_by:
        return items
    for index, item in enumerate(items):
        if named_by not in item:
            continue
        if item[named_by] in kept:
            words = _("“%(name)s” is there twice.") % {"name": item[named_by]}
            Table(table.source, (*table.path, name), {}).wrong(index, words)
        kept.setdefault(item[named_by], item)
    return list(kept.values())


# Readers


def text(longest: int = 200, *, one_line: bool = True) -> Reader:
    def read(table: Table, name: str) -> str | None:
        value = table.text(name, "", longest=longest)
        if len(value) > longest:
            return None
        try:
            validate_text(value)
        except ValidationError as error:
            table.wrong(name, error.messages[0])
            return None
        return " ".join(value.split()) if one_line else value.replace("\r\n", "\n").replace("\r", "\n")

    return read


def long_text() -> Reader:
    return text(LONGEST_TEXT, one_line=False)


def slug(longest: int) -> Reader:
    """A key that people give: letters, digits, hyphens and underscores."""

    def read(table: Table, name: str) -> str | None:
        value = table.text(name, longest=longest)
        if not value or len(value) > longest:
            return None
        if not _SLUG.fullmatch(value):
            words = _("“%(value)s” isn't a key: only letters a to z, digits, hyphens and underscores.")
            table.wrong(name, words % {"value": value[:80]})
            return None
        return value

    return read


def email(table: Table, name: str) -> str | None:
    value = table.text(name, "", longest=254).lower()
    return _email(table, name, value) if value else ""


def _email(table: Table, name: str | int, value: str) -> str | None:
    if _EMAIL.fullmatch(value) and value.isprintable():
        return value
    table.wrong(name, _("“%(value)s” isn't an e-mail address.") % {"value": value[:80]})
    return None


def emails(table: Table, name: str) -> list[str]:
    inside = Table(table.source, (*table.path, name), {})
    found = [
        _email(inside, index, item.strip().lower())
        for index, item in enumerate(table.items(name, str))
        if item is not None
    ]
    return list(dict.fromkeys(value for value in found if value))


def word(longest: int = 160) -> Reader:
    """A code or a name, which must be one that is known; not checked here."""
    return text(longest)


def words(*, ordered: bool = False) -> Reader:
    def read(table: Table, name: str) -> list[str]:
        found = dict.fromkeys(" ".join(value.split()) for value in table.words(name))
        return list(found) if ordered else sorted(found)

    return read


def flag(table: Table, name: str) -> bool | None:
    value = table.raw(name, bool)
    return None if value is None else bool(value)


def whole(least: int, most: int) -> Reader:
    def read(table: Table, name: str) -> int | None:
        value = table.raw(name, int)
        if value is None or least <= value <= most:
            return value if value is None else int(value)
        table.number(name, least=least, most=most)
        return None

    return read


def moment(table: Table, name: str) -> datetime | None:
    value = table.moment(name)
    if value is not None and value.microsecond:
        table.wrong(name, _("Times are written in whole seconds."))
        return None
    return value


def clock(table: Table, name: str) -> str | None:
    """A time of day, kept as 09:30."""
    value = table.clock(name)
    return None if value is None else f"{value:%H:%M}"


def moment_or_day(table: Table, name: str) -> datetime | date | None:
    value = table.raw(name, datetime, date, str)
    if value is None:
        return None
    is_day = len(value.strip()) == 10 if isinstance(value, str) else not isinstance(value, datetime)
    return table.day(name) if is_day else moment(table, name)


def choice(choices: type[Enum]) -> Reader:
    """The member's word: its value if that is a text, else its name in small letters."""

    def read(table: Table, name: str) -> str | None:
        found = table.choice(name, choices)
        return None if found is None else word_of(found)

    return read


def word_of(member: Enum) -> str:
    return member.value if isinstance(member.value, str) else member.name.lower()


def member_of(choices: type[Enum], value: str) -> Any:
    return next(each for each in choices if word_of(each) == value)


def optional_choice(choices: type[Enum]) -> Reader:
    """As `choice`, or an empty text for none."""
    read_one = choice(choices)
    return lambda table, name: "" if table.values.get(name) == "" else read_one(table, name)


def quantities(table: Table, name: str) -> dict[str, int] | None:
    """Codes with how many of each: { projector = 2 }."""
    inner = table.table(name)
    if inner is None:
        return None
    found = {code: inner.number(code, 0, least=1, most=1_000) for code in sorted(inner.values)}
    return {code: number for code, number in found.items() if number}


def sub_table(keys: tuple[Key, ...]) -> Reader:
    def read(table: Table, name: str) -> Values | None:
        inner = table.table(name)
        return None if inner is None else read_values(inner, keys)

    return read


def suggest(given: str, known: Sequence[str]) -> str:
    """Which of the known words was meant; all of them where they are few and none is near."""
    near = did_you_mean(given, known)
    return near or (one_of(known) if 0 < len(known) <= 8 else "")
