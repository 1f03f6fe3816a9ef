"""What differs between two versions of a class, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from convenor.events.rules.policy import Policy
from convenor.events.rules.policy_words import Fact, Item, Section, sections_of


class Kind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Row:
    """One fact of it, as partials/diff.html shows it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """`section` is the key in the file ("tasks"), `key` the thing's own."""

    section: str
    section_title: str
    key: str
    kind: Kind
    title: str
    rows: tuple[Row, ...] = ()

    @property
    def name(self) -> str:
        """What a form calls it by: "tasks:agenda"."""
        return f"{self.section}:{self.key}"


def policy_changes(
    old: Policy, new: Policy, language: str, checks: Mapping[str, str] | None = None
) -> list[Change]:
    """In the order of the file: what is new or different as the new version has it, then what is gone."""
    before = {each.name: each for each in sections_of(old, language, checks)}
    return [
        change
        for section in sections_of(new, language, checks)
        for change in _section(before[section.name], section)
    ]


def _section(old: Section, new: Section) -> Iterable[Change]:
    there = {item.key: item for item in old.items}
    kept = {item.key for item in new.items}
    for item in new.items:
        if item.key not in there:
            yield Change(new.name, new.title, item.key, Kind.ADDED, item.title, _rows((), item.facts))
        elif rows := _rows(_all(there[item.key]), _all(item)):
            yield Change(new.name, new.title, item.key, Kind.CHANGED, item.title, rows)
    for item in old.items:
        if item.key not in kept:
            yield Change(new.name, new.title, item.key, Kind.REMOVED, item.title)
    order = [item.key for item in old.items if item.key in kept]
    if order != [item.key for item in new.items if item.key in there]:
        yield Change(new.name, new.title, "", Kind.CHANGED, _("Another order"))


def _all(item: Item) -> tuple[Fact, ...]:
    return (*item.wording, *item.facts)


def _rows(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[Row, ...]:
    before = {fact.label: fact.value for fact in old}
    after = {fact.label: fact.value for fact in new}
    return tuple(
        Row(label, before.get(label, ""), after.get(label, ""))
        for label in dict.fromkeys((*before, *after))
        if before.get(label, "") != after.get(label, "")
    )
