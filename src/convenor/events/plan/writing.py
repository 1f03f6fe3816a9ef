"""An event as a plan file: only what isn't as it would be anyway, in an order in which people read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.models import Event
from convenor.events.plan.cover import EVENT_KEYS
from convenor.events.plan.cover_values import current_cover
from convenor.events.plan.keys import Key, Listed, Values
from convenor.events.plan.names import Names
from convenor.events.queries.visibility import events_seen_by
from convenor.events.registry import PlanSection

WIDTH = 100
INTRODUCTION = ("name", "organisation", "job_title")
_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def export_plan(actor: Actor, key: str) -> str:
    """The event with that key as a file. Raises Event.DoesNotExist."""
    names = Names(actor)
    event = (
        events_seen_by(actor)
        .select_related(
            "class_version__event_class", "owner", "sponsor", "budget_holder", "host_department", "site"
        )
        .get(key=key)
    )
    parts = [_table("[event]", EVENT_KEYS, current_cover(event, names))]
    introduced: set[str] = set()
    for section in registry.plan_sections:
        parts += _section(section, event, names, introduced)
    return "\n".join(parts)


def _section(section: PlanSection, event: Event, names: Names, introduced: set[str]) -> Iterable[str]:
    rows = section.gather([_once(row, introduced) for row in section.current(event, names)])
    return [_table(f"[[{section.name}]]", section.keys, row) for row in rows]


def _once(values: Values, introduced: set[str]) -> Values:
    """Without what a file says of people from outside where it has said so before."""
    email = values.get("email") or values.get("person")
    found = {
        key: [_once(item, introduced) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for key, value in values.items()
        if email not in introduced or key not in INTRODUCTION
    }
    if "name" in found and email:
        introduced.add(email)
    return found


def _table(head: str, keys: Sequence[Key], values: Values) -> str:
    lines = [head]
    lines += [f"{key.name} = {_written(key, values[key.name])}" for key in _said(keys, values)]
    return "\n".join(lines) + "\n"


def _said(keys: Sequence[Key], values: Values) -> list[Key]:
    """The keys that must be written: needed ones, shown ones, and what differs from what nobody has to say."""
    return [
        key
        for key in keys
        if key.name in values
        and values[key.name] is not None
        and (key.needed or key.shown or values[key.name] != key.default)
    ]


def _written(key: Key, value: Any) -> str:
    return _listed(key.read, value) if isinstance(key.read, Listed) else _value(value)


def _listed(listed: Listed, items: Sequence[Values]) -> str:
    """One item on a line."""
    lines = []
    for item in items:
        keys = _said(listed.keys, item)
        if listed.short and [key.name for key in keys] == [listed.short]:
            lines.append(f"  {_text(item[listed.short])},")
        else:
            pairs = ", ".join(f"{key.name} = {one_line(item[key.name])}" for key in keys)
            lines.append(f"  {{ {pairs} }},")
    return "\n".join(["[", *lines, "]"])


def _value(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return _long_text(value)
    if isinstance(value, list):
        written = "[" + ", ".join(one_line(item) for item in value) + "]"
        if len(written) > WIDTH:
            written = "\n".join(["[", *_filled([one_line(item) for item in value]), "]"])
        return written
    return one_line(value)


def _filled(items: Sequence[str]) -> list[str]:
    """The items on lines of at most WIDTH characters."""
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) + 2 > WIDTH and line.strip():
            lines.append(line)
            line = " "
        line += f" {item},"
    return [*lines, line]


def one_line(value: Any) -> str:
    """A value as TOML writes it without a line's end."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case list():
            return "[" + ", ".join(one_line(each) for each in value) + "]"
        case dict():
            return "{ " + ", ".join(f"{_key(key)} = {one_line(each)}" for key, each in value.items()) + " }"
        case _:
            return _text(str(value))


def _key(name: str) -> str:
    return name if name and set(name) <= _BARE else _text(name)


def _text(value: str) -> str:
    """A TOML basic string: JSON's escapes are a part of TOML's, but DEL is escaped in TOML only."""
    written = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(each):04X}" if each == "\x7f" else each for each in written)


def _long_text(value: str) -> str:
    lines = [_text(line)[1:-1] for line in value.split("\n")]
    if '""' not in value and not value.endswith('"'):
        lines = [line.replace('\\"', '"') for line in lines]
    return '"""\n' + "\n".join(lines) + '"""'
