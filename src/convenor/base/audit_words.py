"""What is on record, in people's words: columns by their names, foreign keys as what they point at, codes as their labels."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from convenor.base.fields import LocalDateTimeField
from convenor.base.models import AuditEntry

SILENT = frozenset({"version", "sequence", "uid", "id", "public_token", "created_at", "materialised_until"})
"""What no reader of a history asks for."""
LONGEST = 400
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
Names = Mapping[tuple[str, int], str]
"""By a model's label and a row's key: what the row is called now."""


@dataclass(frozen=True, slots=True)
class Words:
    """What no model says: the names of actions and of keys that are no columns, and what ids and codes under them are.

    `kinds` and `codes` go by a key without `_id` and `_ids`; `kinds` are models' labels, and of a mapping under such a key
    they say what its own keys are. `joins` are what a model's `__str__` reads.
    """

    actions: Mapping[str, str | Promise] = field(default_factory=dict)
    labels: Mapping[str, str | Promise] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str | Promise]] = field(default_factory=dict)
    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of ui/diff.html."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class WordedEntry:
    """`what` was done; `kind` is what it was done to, in general."""

    entry: AuditEntry
    what: str
    kind: str
    lines: Sequence[Line]

    @property
    def is_first(self) -> bool:
        """Whether there was nothing before, as of what is made."""
        return not self.entry.before


def in_words(entries: Sequence[AuditEntry], words: Words) -> list[WordedEntry]:
    """The entries in words. One query for each kind of row that is named in them, however many entries there are."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        model = _model(entry.object_type)
        for values in (entry.before, entry.after):
            for key, value in values.items():
                _collect(model, key, value, words, wanted)
    names = _names(wanted, words)
    return [_worded(each, words, names) for each in entries]


def _worded(entry: AuditEntry, words: Words, names: Names) -> WordedEntry:
    model = _model(entry.object_type)
    keys = _in_order(model, {*entry.after, *entry.before})
    lines = [
        Line(
            _label(model, key, words, names),
            _shown(model, key, entry.before.get(key), words, names),
            _shown(model, key, entry.after.get(key), words, names),
        )
        for key in keys
        if key not in SILENT
    ]
    return WordedEntry(
        entry=entry,
        what=str(words.actions.get(entry.action) or _humanised(entry.action)),
        kind=str(capfirst(model._meta.verbose_name)) if model else entry.object_type,
        lines=[line for line in lines if line.before != line.after],
    )


def _in_order(model: type[models.Model] | None, keys: Iterable[str]) -> list[str]:
    """As the model has its columns, the rest by name: PostgreSQL keeps no order of keys."""
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many] if model is not None else []
    places = {each.name: place for place, each in enumerate(fields)}
    return sorted(keys, key=lambda key: (places.get(_stem(key), len(places)), key))


def _humanised(code: str) -> str:
    return str(capfirst(re.sub(r"[._]", " ", code)))


def _model(label: str) -> type[models.Model] | None:
    """None for a model that this version no longer has."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _column(model: type[models.Model] | None, key: str) -> models.Field[Any, Any] | None:
    if model is None:
        return None
    for name in (key, _stem(key)):
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return found if isinstance(found, models.Field) else None
    return None


def _stem(key: str) -> str:
    return key.removesuffix("_ids").removesuffix("_id")


def _target(model: type[models.Model] | None, key: str, words: Words) -> str | None:
    """The label of the model whose keys stand under this key."""
    column = _column(model, key)
    if column is not None and column.is_relation:
        related: Any = column.related_model
        return str(related._meta.label_lower)
    return words.kinds.get(_stem(key)) if column is None else None


def _collect(
    model: type[models.Model] | None, key: str, value: Any, words: Words, wanted: dict[str, set[int]]
) -> None:
    target = _target(model, key, words)
    if target is not None:
        wanted[target] |= set(_keys(value))
    elif key.isdecimal() and "" in words.kinds:
        wanted[words.kinds[""]].add(int(key))
    for inner, each in _pairs(value):
        _collect(None, inner, each, words, wanted)


def _keys(value: Any) -> Iterable[int]:
    """The row keys in a value: a number, a list of them (or of pairs with one), the keys of a mapping."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each)
    elif isinstance(value, dict):
        yield from (int(key) for key in value if key.isdecimal())


def _pairs(value: Any) -> Iterable[tuple[str, Any]]:
    """The named values inside a value."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        for each in value:
            yield from _pairs(each)


def _names(wanted: Mapping[str, set[int]], words: Words) -> Names:
    found: dict[tuple[str, int], str] = {}
    for label, keys in sorted(wanted.items()):
        model = _model(label)
        if model is None or not keys:
            continue
        rows = model._base_manager.filter(pk__in=keys)
        if label in words.joins:
            rows = rows.select_related(*words.joins[label])
        found |= {(label, row.pk): str(row) for row in rows}
    return found


def _label(model: type[models.Model] | None, key: str, words: Words, names: Names) -> str:
    if key.isdecimal() and "" in words.kinds:
        return names.get((words.kinds[""], int(key)), key)
    column = _column(model, key)
    if column is not None and column.verbose_name != column.name.replace("_", " "):
        return str(capfirst(column.verbose_name))
    return str(words.labels.get(key) or words.labels.get(_stem(key)) or _humanised(_stem(key)))


def _shown(model: type[models.Model] | None, key: str, value: Any, words: Words, names: Names) -> str:
    shown = _value(model, key, value, words, names)
    return shown if len(shown) <= LONGEST else shown[:LONGEST].rstrip() + "…"


def _value(model: type[models.Model] | None, key: str, value: Any, words: Words, names: Names) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return _mapping(key, value, words, names)
    if isinstance(value, list):
        joint = "\n" if any(isinstance(each, dict | list) for each in value) else ", "
        return joint.join(filter(None, (_value(model, key, each, words, names) for each in value)))
    target = _target(model, key, words)
    if target is not None and isinstance(value, int):
        return names.get((target, value), str(value))
    return _plain(_column(model, key), key, value, words)


def _mapping(key: str, value: Mapping[str, Any], words: Words, names: Names) -> str:
    """`Role: chair, Note: late`; of one that goes by rows' keys, `Ana: chair`."""
    target = words.kinds.get(_stem(key))
    parts = []
    for name, each in value.items():
        by_row = target is not None and name.isdecimal()
        label = names.get((target or "", int(name)), name) if by_row else _label(None, name, words, names)
        if shown := _value(None, name, each, words, names):
            parts.append(f"{label}: {shown}")
    return ", ".join(parts)


def _plain(column: models.Field[Any, Any] | None, key: str, value: Any, words: Words) -> str:
    if column is not None and column.choices:
        choices = {str(code): label for code, label in column.flatchoices}
        return str(choices.get(str(value), value))
    if column is None and str(value) in (codes := words.codes.get(_stem(key), {})):
        return str(codes[str(value)])
    if isinstance(value, str):
        return _moment(column, value)
    return str(value)


def _moment(column: models.Field[Any, Any] | None, value: str) -> str:
    """A text as it is; a point in time, in the reader's zone; a local time or a day, written out."""
    if isinstance(column, models.DateTimeField | LocalDateTimeField) or (
        column is None and MOMENT.match(value)
    ):
        found = parse_datetime(value)
        return value if found is None else _written(found)
    if isinstance(column, models.DateField):
        day = parse_date(value)
        return value if day is None else date_format(day, "WEEKDAY_YEAR_FORMAT")
    return value


def _written(moment: datetime) -> str:
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return date_format(local, "WEEKDAY_YEAR_TIME_FORMAT")
