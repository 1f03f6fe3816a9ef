"""Who takes part in an event, and who works for it. Functions for everybody ask whoever is on the list, and nobody who was taken off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.inserting import insert_rows
from convenor.base.transactions import action
from convenor.events import registry
from convenor.events.actions.everyone import sync_everyone
from convenor.events.actions.opening import named_for, open_event
from convenor.events.drafts import ContactDraft, PartyDraft
from convenor.events.enums import EventState, PartyRole
from convenor.events.models import Contact, Event, Function, Party
from convenor.events.queries.drafts import contact_drafts_of, party_drafts_of
from convenor.events.queries.named import people_facts
from convenor.events.rules.dates import instant_in
from convenor.events.rules.party import contact_problems, party_problems

Listed = Mapping[int, PartyDraft]
_COLUMNS = ("role", "precedence", "host", "arrives_at", "needs_badge", "note")


@action
def set_parties(*, actor: Actor, event_id: int, drafts: Sequence[PartyDraft], now: datetime) -> None:
    """Make the list these and nobody else. What is as it was isn't touched.

    Raises ValidationError by a draft's field with sentences that name the person, Refused, Event.DoesNotExist.
    """
    event = open_event(actor, event_id, None)
    _write(actor, event, _listed(event), list(drafts), now)


@action
def add_party(*, actor: Actor, event_id: int, draft: PartyDraft, now: datetime) -> None:
    """Put somebody on the list, or change what is written of them. Raises as set_parties."""
    event = open_event(actor, event_id, None)
    before = _listed(event)
    _write(actor, event, before, list({**before, draft.person_id: draft}.values()), now)


@action
def add_parties(*, actor: Actor, event_id: int, drafts: Sequence[PartyDraft], now: datetime) -> int:
    """Put people on the list; who is on it already stays as they are. How many came on. Raises as set_parties."""
    event = open_event(actor, event_id, None)
    before = _listed(event)
    fresh = [draft for draft in drafts if draft.person_id not in before]
    _write(actor, event, before, [*before.values(), *fresh], now)
    return len(fresh)


@action
def remove_party(*, actor: Actor, event_id: int, person_id: int, now: datetime) -> None:
    """Take somebody off the list; nothing where they aren't on it. Raises as set_parties."""
    event = open_event(actor, event_id, None)
    before = _listed(event)
    _write(actor, event, before, [each for pk, each in before.items() if pk != person_id], now)


@action
def set_contacts(*, actor: Actor, event_id: int, drafts: Sequence[ContactDraft], now: datetime) -> None:  # noqa: ARG001 - every action is given the time
    """Make these work for the event and nobody else. Raises as set_parties."""
    event = open_event(actor, event_id, None)
    before, wanted = contact_drafts_of(event), list(drafts)
    people = people_facts({each.person_id for each in wanted})
    if problems := contact_problems(wanted, people, [each.person_id for each in before]):
        raise ValidationError(dict(problems))
    old, new = {_pair(each) for each in before}, {_pair(each) for each in wanted}
    for service, person in sorted(old - new):
        event.contacts.filter(service=service, person=person).delete()
    insert_rows(Contact(event=event, service=service, person_id=pk) for service, pk in sorted(new - old))
    _record(actor, event, "event.contacts_changed", {"contacts": sorted(old)}, {"contacts": sorted(new)})


def _pair(draft: ContactDraft) -> tuple[str, int]:
    return str(draft.service.value), draft.person_id


def _listed(event: Event) -> dict[int, PartyDraft]:
    return {each.person_id: each for each in party_drafts_of(event)}


def _write(actor: Actor, event: Event, before: Listed, drafts: list[PartyDraft], now: datetime) -> None:
    after = {each.person_id: replace(each, note=each.note.strip()) for each in drafts}
    changed = [each for pk, each in after.items() if before.get(pk) != each]
    gone = [pk for pk in before if pk not in after]
    _check(event, drafts, before)
    if not changed and not gone:
        return
    if event.state == EventState.POSTPONED and _has_for_all(event):
        sentence = _("A postponed event gets and loses people once it has new dates.")
        raise ValidationError({"person_id": [sentence]})
    event.parties.filter(person__in=gone).delete()
    _write_rows(event, changed, before)
    roles = {pk: each.role for pk, each in before.items()}
    sync_everyone(event=event, actor=actor, before=roles, now=now)
    touched = [*gone, *(each.person_id for each in changed)]
    _record(actor, event, "event.people_changed", _facts(before, touched), _facts(after, touched))
    for follow in registry.people_followers:
        follow(actor, event.pk, now)


def _check(event: Event, drafts: list[PartyDraft], before: Listed) -> None:
    named = {each.person_id for each in drafts} | {each.host_id for each in drafts if each.host_id}
    if problems := party_problems(drafts, people_facts(named), before, event):
        raise ValidationError(dict(problems))


def _write_rows(event: Event, drafts: Iterable[PartyDraft], before: Listed) -> None:
    fresh: list[Party] = []
    known: list[Party] = []
    present = {each.person_id: each for each in event.parties.all()} if before else {}
    for draft in drafts:
        row = present.get(draft.person_id) or Party(event=event, person_id=draft.person_id)
        row.role, row.precedence, row.host_id = draft.role, draft.precedence, draft.host_id
        row.arrives_at = instant_in(event.zone, draft.arrives)
        row.needs_badge, row.note = draft.needs_badge, draft.note
        (known if draft.person_id in present else fresh).append(row)
    # A new chair only after the old one isn't it any more: the database knows of one at a time
    for row in sorted(known, key=lambda each: each.role == PartyRole.CHAIR):
        row.save(update_fields=_COLUMNS)
    insert_rows(fresh)


def _has_for_all(event: Event) -> bool:
    return Function.objects.filter(event=event, is_for_all=True).exists()


def _facts(listed: Listed, touched: Iterable[int]) -> dict[str, Any]:
    return {
        str(pk): {
            "role": listed[pk].role,
            "precedence": listed[pk].precedence,
            "host": listed[pk].host_id,
            "arrives": listed[pk].arrives,
            "needs_badge": listed[pk].needs_badge,
            "note": listed[pk].note,
        }
        for pk in touched
        if pk in listed
    }


def _record(actor: Actor, event: Event, name: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(actor=named_for(actor, event), action=name, obj=event, before=before, after=after)
