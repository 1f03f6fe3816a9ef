"""A plan file laid over what the database holds: for each row what it shall be, what it is, and where the file says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.models import Event
from convenor.events.plan.cover_values import Dates, current_cover, dates_of, laid_cover
from convenor.events.plan.keys import Values, completed, plain
from convenor.events.plan.names import Names, PersonName
from convenor.events.plan.reading import Document, Row, described_in, read_document
from convenor.events.queries.visibility import events_seen_by
from convenor.events.registry import PlanSection
from convenor.kernel.toml_lines import Path

RELATED = ("class_version__event_class", "owner", "sponsor", "budget_holder", "host_department", "site")


@dataclass(slots=True)
class Wanted:
    """A row as it shall be, and as it is (None: not there yet). `path` is None where the file doesn't speak of it."""

    values: Values
    before: Values | None
    path: Path | None
    said: Values = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        return self.before != self.values


@dataclass(slots=True)
class Plan:
    """Everything about one file and one event. `event` is None where none has the file's key."""

    actor: Actor
    now: datetime
    document: Document
    names: Names
    event: Event | None
    prune: bool
    cover: Wanted
    dates: Dates
    rows: dict[str, list[Wanted]] = field(default_factory=dict)
    gone: dict[str, list[Values]] = field(default_factory=dict)

    def wrong(self, path: Path | None, sentence: str, suggestion: str = "") -> None:
        """Put down a problem; of a row that the file doesn't speak of, at [event]."""
        self.document.source.add(("event",) if path is None else path, sentence, suggestion)

    def warn(self, path: Path | None, sentence: str) -> None:
        """Something to know that doesn't keep the plan from being applied."""
        self.document.source.add(("event",) if path is None else path, sentence, is_warning=True)

    def knows_person(self, path: Path, email: str) -> bool:
        """Whether somebody active has the e-mail; a problem put down where not."""
        found = self.names.people.get(email)
        if found is None:
            near = self.names.nearest(email)
            suggestion = _("Did you mean “%(word)s”?") % {"word": near} if near else ""
            self.wrong(
                path, _("There is nobody with the e-mail “%(email)s”.") % {"email": email[:80]}, suggestion
            )
        elif not found.is_active:
            self.wrong(path, _("%(name)s is no longer active.") % {"name": found.name})
        return found is not None and found.is_active


def lay_plan(actor: Actor, text: str, *, now: datetime, prune: bool = False) -> Plan:
    """The file over the database, as the actor may see that; problems so far are in the document's source.

    With `prune`, what the file doesn't name goes. Raises TomlProblems for a text that isn't TOML.
    """
    document = read_document(text)
    names = Names(actor)
    names.know_emails(_emails(document))
    _introduce(document, names)
    key = document.event.said.get("key")
    event = events_seen_by(actor).select_related(*RELATED).filter(key=key).first() if key else None
    before = current_cover(event, names) if event else None
    cover = Wanted(laid_cover(actor, document, names, before, now), before, ("event",), document.event.said)
    plan = Plan(actor, now, document, names, event, prune, cover, dates_of(cover.values))
    for section in registry.plan_sections:
        _lay_section(plan, section)
    for section in registry.plan_sections:
        section.finish(plan)
    return plan


def _lay_section(plan: Plan, section: PlanSection) -> None:
    rows = plan.document.sections[section.name]
    there = {} if plan.event is None else _by_name(section, section.current(plan.event, plan.names))
    laid = []
    for row in rows:
        before = there.pop(_name(section, row.said), None)
        said = section.settle(plan, row)
        laid.append(Wanted(completed(section.keys, said, before), before, row.path, row.said))
    kept = [] if plan.prune else list(there.values())
    plan.rows[section.name] = [*laid, *(Wanted(values, values, None) for values in kept)]
    plan.gone[section.name] = list(there.values()) if plan.prune else []


def _by_name(section: PlanSection, rows: Sequence[Values]) -> dict[tuple[Any, ...], Values]:
    return {_name(section, row): plain(section.keys, row) for row in rows}


def _name(section: PlanSection, values: Values) -> tuple[Any, ...]:
    return tuple(values[name] for name in section.named_by)


def _introduce(document: Document, names: Names) -> None:
    """People from outside whom the file describes and nobody knows."""
    found = described_in(document)
    introduced = []
    for number, each in enumerate(found.values(), start=1):
        if each.email in names.people:
            continue
        if not each.organisation:
            words = _("%(name)s isn't in the directory; say which organisation they belong to.")
            suggestion = _('Add organisation = "…".')
            document.source.add(each.path, words % {"name": each.name}, suggestion)
        introduced.append(
            PersonName(-number, each.email, each.name, False, True, "", each.organisation, each.job_title)
        )
    names.introduce(introduced)


def _emails(document: Document) -> set[str]:
    """Every text with an @ in the file: more than is needed does no harm."""
    found: set[str] = set()
    waiting: list[Any] = [
        document.event.said,
        *(row.said for rows in document.sections.values() for row in rows),
    ]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, str) and "@" in value and len(value) <= 254:
            found.add(value)
    return found


__all__ = ["Dates", "Plan", "Row", "Wanted", "lay_plan"]
