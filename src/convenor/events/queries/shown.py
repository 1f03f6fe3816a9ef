"""What stands on record of an event, in names instead of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from convenor.base.actor import Actor
from convenor.events.enums import Confidentiality, EventState
from convenor.people.models import Department, Organisation
from convenor.people.queries.people import departments_for, organisations_for, people_for
from convenor.scheduling.drafts import Difference
from convenor.scheduling.enums import Priority
from convenor.venues.queries.sites import sites_for

PEOPLE = ("owner", "sponsor", "budget_holder")
MOMENTS = ("load_in_at", "starts_at", "ends_at", "load_out_at")


def named_differences(actor: Actor, differences: Sequence[Difference]) -> list[Mapping[str, str]]:
    """Rows of ui/diff.html. At most one query for each kind of thing that is named."""
    words = _Words(actor, differences)
    return [
        {
            "label": each.label,
            "before": words.of(each.field, each.seen),
            "after": words.of(each.field, each.now),
        }
        for each in differences
    ]


class _Words:
    """The names behind the keys in some differences, of what the actor may see."""

    def __init__(self, actor: Actor, differences: Iterable[Difference]) -> None:
        found: dict[str, set[int]] = {}
        for each in differences:
            keys = found.setdefault(each.field, set())
            for value in (each.seen, each.now):
                keys |= {
                    key for key in (value if isinstance(value, list) else [value]) if isinstance(key, int)
                }
        people = {key for name in PEOPLE for key in found.get(name, ())}
        rows = people_for(actor, active=None).filter(pk__in=people) if people else ()
        persons = {person.pk: person.name for person in rows}
        self._names: dict[str, Mapping[int, str]] = dict.fromkeys(PEOPLE, persons)
        self._names |= {
            "host_department": self._departments(actor, found.get("host_department")),
            "departments": self._departments(actor, found.get("departments")),
            "organisations": self._organisations(actor, found.get("organisations")),
            "site": _by_key(sites_for(actor, active=None)) if found.get("site") else {},
        }

    @staticmethod
    def _departments(actor: Actor, keys: set[int] | None) -> Mapping[int, str]:
        return _by_key(departments_for(actor).filter(pk__in=keys)) if keys else {}

    @staticmethod
    def _organisations(actor: Actor, keys: set[int] | None) -> Mapping[int, str]:
        return _by_key(organisations_for(actor).filter(pk__in=keys)) if keys else {}

    def of(self, name: str, value: Any) -> str:
        if value is None or value in ("", []):
            return ""
        if name in self._names:
            keys = value if isinstance(value, list) else [value]
            return ", ".join(self._names[name].get(key, str(key)) for key in keys)
        if name in MOMENTS:
            return date_format(localtime(datetime.fromisoformat(value)), "DATETIME_FORMAT")
        choices: dict[str, Mapping[Any, Any]] = {
            "state": dict(EventState.choices),
            "confidentiality": dict(Confidentiality.choices),
            "priority": dict(Priority.choices),
        }
        return str(choices.get(name, {}).get(value, value))


def _by_key(rows: Iterable[Department | Organisation | Any]) -> Mapping[int, str]:
    return {row.pk: str(row) for row in rows}
