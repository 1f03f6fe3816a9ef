"""A plan file brought about: one transaction, through the ordinary actions; where nothing differs, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.base.changes import sentences
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events import registry
from convenor.events.actions.event import change_event, create_event
from convenor.events.actions.moving import move_event
from convenor.events.actions.opening import open_event
from convenor.events.drafts import EventDraft
from convenor.events.models import Event, Function
from convenor.events.plan.changes import Applying, Differences, differences_of, section_changes
from convenor.events.plan.checking import PlanErrors, sound_plan
from convenor.events.plan.cover_values import FIELDS, event_draft
from convenor.events.plan.laying import Plan
from convenor.events.plan.reading import described_in
from convenor.events.plan.rearranging import leave_rooms
from convenor.events.queries.drafts import event_draft_of
from convenor.events.registry import PlanSection
from convenor.kernel.toml_lines import Path
from convenor.people.actions.organisation import create_organisation
from convenor.people.actions.person import create_person
from convenor.people.enums import PersonKind
from convenor.people.models import Organisation
from convenor.people.queries.people import organisations_for


@dataclass(frozen=True, slots=True)
class Applied:
    """The event, and what was done to it."""

    event: Event
    differences: Differences


@action
def apply_plan(*, actor: Actor, text: str, now: datetime, prune: bool = False) -> Applied:
    """Make the event what the file says; with `prune`, what the file doesn't name goes.

    Raises PlanErrors with every line that is wrong, or the first that an action refuses; Refused. Then nothing is changed.
    """
    require(actor, "plan.apply")
    plan = sound_plan(actor, text, now=now, prune=prune)
    if plan.event is not None:
        open_event(actor, plan.event.pk, None)
        plan = sound_plan(actor, text, now=now, prune=prune)  # again, now that nobody else changes it
    found = differences_of(plan)
    if not found.is_empty:
        if _introduce(plan):
            plan = sound_plan(actor, text, now=now, prune=prune)
        _apply_cover(plan)
        plan = sound_plan(actor, text, now=now, prune=prune)
        for section in registry.plan_sections:
            if _apply_section(plan, section):  # may change what the next one finds: that looks anew
                plan = sound_plan(actor, text, now=now, prune=prune)
    assert plan.event is not None  # what isn't there yet differs, and was made
    return Applied(plan.event, found)


def _apply_section(plan: Plan, section: PlanSection) -> bool:
    """Whether anything was to be done."""
    changes = section_changes(plan, section)
    if changes.is_empty:
        return False
    assert plan.event is not None
    with _as_problem(plan, (section.name,), {}):
        section.apply(Applying(plan.actor, plan.event, plan.names, plan, plan.now), changes)
    return True


def _apply_cover(plan: Plan) -> None:
    """Make the event, or move it with everything that belongs to it and change what else differs."""
    draft = event_draft(plan.cover.values, plan.names)
    from_class = bool(plan.document.event.said.get("from_class"))
    with _as_problem(plan, ("event",), FIELDS):
        if plan.event is None:
            create_event(actor=plan.actor, draft=draft, now=plan.now, from_class=from_class)
            return
        before = event_draft_of(plan.event)
        if None not in {draft.starts, before.starts} and draft.starts != before.starts:
            _move(plan, draft)
        if draft != event_draft_of(Event.objects.get(pk=plan.event.pk)):
            change_event(actor=plan.actor, event_id=plan.event.pk, version=None, draft=draft, now=plan.now)


def _move(plan: Plan, draft: EventDraft) -> None:
    assert plan.event is not None
    assert draft.starts is not None
    rows = Function.objects.filter(event=plan.event).values_list("key", "pk")
    leave_rooms(plan, dict(rows))
    move_event(actor=plan.actor, event_id=plan.event.pk, version=None, starts=draft.starts, now=plan.now)


@contextmanager
def _as_problem(plan: Plan, path: Path, keys: dict[str, str]) -> Iterator[None]:
    """An action's refusal as the file's errors."""
    try:
        yield
    except ValidationError as error:
        for field, found in sentences(error).items():
            for sentence in found:
                plan.wrong((*path, keys.get(field, field)), sentence)
        raise PlanErrors(plan.document.source.errors()) from error


def _introduce(plan: Plan) -> bool:
    """Enter the people from outside whom the file brings along, and their organisations; whether there are any."""
    described = described_in(plan.document)
    new = [each for each in plan.names.people.values() if each.pk < 0]
    for each in new:
        with _as_problem(plan, described[each.email].path, {}):
            create_person(
                actor=plan.actor,
                kind=PersonKind.EXTERNAL,
                organisation=_organisation(plan.actor, each.organisation),
                email=each.email,
                name=each.name,
                job_title=each.job_title,
                zone=plan.dates.zone,
            )
    return bool(new)


def _organisation(actor: Actor, name: str) -> Organisation:
    found = organisations_for(actor).filter(name=name).first()
    return found or create_organisation(actor=actor, name=name)
