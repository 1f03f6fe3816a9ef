"""The demo's events, through the ordinary actions: each made in time, and taken on from state to state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from convenor.base.actor import Actor
from convenor.demo import dossier, rolls
from convenor.demo.agenda import EVENTS, DemoEvent
from convenor.demo.premises import Premises
from convenor.demo.staff import DOMAIN
from convenor.demo.workforce import Workforce
from convenor.events.actions.certificate import draw_up, sign
from convenor.events.actions.event import change_event, create_event
from convenor.events.actions.function import change_function
from convenor.events.actions.moving import cancel_event, postpone_event
from convenor.events.actions.parties import set_contacts, set_parties
from convenor.events.actions.readiness_trend import note_readiness
from convenor.events.actions.shipped import ship_classes
from convenor.events.actions.states import change_state
from convenor.events.actions.task_state import finish_tasks
from convenor.events.actions.waiver import waive
from convenor.events.drafts import ContactDraft, EventDraft, FunctionDraft, PartyDraft
from convenor.events.enums import (
    UNDONE,
    Decision,
    EventState,
    FunctionKind,
    Level,
    PartyRole,
    Service,
)
from convenor.events.models import Event, EventClass, Function, Task
from convenor.events.queries.classes import current_version, policy_of
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.queries.readiness import readiness_of
from convenor.kernel.instants import LocalTime
from convenor.people.models import Department, Person
from convenor.scheduling.refusals import RoomClashes

EARLIER = timedelta(days=45)
"""How long before its start an event of the demo was entered, or before now where it lies further off."""
TREND_DAYS = 12
"""How far back the trend of readiness reaches."""
SERVICES = {
    Service.FACILITY: "facilities",
    Service.SECURITY: "safety",
    Service.CATERING: "procurement",
    Service.AV: "it",
    Service.STAFFING: "hr",
}
"""The departments whose leaders answer for each."""
MOST_OF_A_DEPARTMENT = 4
WITHOUT_ROOM = {FunctionKind.PRE_EVENT, FunctionKind.POST_EVENT}
WAY = (
    EventState.PLANNING,
    EventState.CONFIRMED,
    EventState.IN_PROGRESS,
    EventState.DEBRIEF,
    EventState.CLOSED,
)


@dataclass(slots=True)
class Stage:
    """What making the events needs to know."""

    actor: Actor
    premises: Premises
    force: Workforce
    now: datetime

    def person(self, name: str) -> Person:
        return self.force.people[name if "@" in name else f"{name}@{DOMAIN}"]

    def entered_at(self, event: DemoEvent) -> datetime:
        """No later than now."""
        days = event.days or 0
        return min(self.now, self.now + timedelta(days=days)) - EARLIER


def make(actor: Actor, premises: Premises, force: Workforce, now: datetime) -> list[Event]:
    ship_classes()
    stage = Stage(actor, premises, force, now)
    made = [_make(stage, each) for each in EVENTS]
    for days in range(TREND_DAYS, -1, -1):
        note_readiness(now - timedelta(days=days))
    return made


def _make(stage: Stage, planned: DemoEvent) -> Event:
    event = _enter(stage, planned)
    if planned.state == EventState.ENQUIRY:
        return event
    _people(stage, planned, event)
    change_state(
        actor=stage.actor,
        event_id=event.pk,
        version=None,
        to=EventState.PLANNING,
        now=stage.entered_at(planned),
    )
    _rooms(stage, planned, event)
    dossier.ask_for_help(stage.actor, event, stage.entered_at(planned))
    dossier.script(stage.actor, event)
    if planned.roll is not None:
        rolls.fill(stage.actor, event, planned.roll, stage.entered_at(planned))
    if planned.state == EventState.POSTPONED:
        return postpone_event(
            actor=stage.actor, event_id=event.pk, version=None, reason=planned.reason, now=stage.now
        )
    if planned.state == EventState.CANCELLED:
        return cancel_event(
            actor=stage.actor, event_id=event.pk, version=None, reason=planned.reason, now=stage.now
        )
    _tasks(stage, planned, event)
    return _take_on(stage, planned, event)


def _enter(stage: Stage, planned: DemoEvent) -> Event:
    site = stage.premises.sites[planned.site]
    first = _day(stage, planned)
    last = first + timedelta(days=planned.lasts - 1) if first else None
    version = current_version(EventClass.objects.get(code=planned.class_code))
    opens, closes = policy_of(version).hours
    draft = EventDraft(
        title=planned.title,
        class_version_id=version.pk,
        owner_id=stage.person(planned.owner).pk,
        zone=site.zone,
        sponsor_id=stage.person(planned.sponsor).pk,
        budget_holder_id=stage.person("victor.georgescu").pk,
        host_department_id=stage.force.departments[planned.department].pk,
        department_ids=tuple(stage.force.departments[code].pk for code in planned.takes),
        organisation_ids=tuple({stage.person(each).organisation_id for each in planned.guests}),
        site_id=site.pk,
        confidentiality=planned.confidentiality,
        starts=LocalTime(datetime.combine(first, opens)) if first else None,
        ends=LocalTime(datetime.combine(last, closes)) if last else None,
        load_in=LocalTime(datetime.combine(first, time(7))) if first else None,
        load_out=LocalTime(datetime.combine(last, time(23))) if last else None,
        expected_count=planned.count,
        objectives=planned.objectives,
    )
    return create_event(actor=stage.actor, draft=draft, now=stage.entered_at(planned))


def _day(stage: Stage, planned: DemoEvent) -> date | None:
    """The day of this week's Monday and so many more; at a weekend, the Monday after."""
    if planned.days is None:
        return None
    day = stage.now.date() - timedelta(days=stage.now.weekday()) + timedelta(days=planned.days)
    return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _people(stage: Stage, planned: DemoEvent, event: Event) -> None:
    departments = [stage.force.departments[code] for code in planned.takes]
    staff = [
        person
        for each in departments
        for person in Person.objects.filter(department=each).order_by("-seniority", "pk")[
            :MOST_OF_A_DEPARTMENT
        ]
    ]
    sponsor, host = stage.person(planned.sponsor), stage.person(planned.owner)
    parties = [PartyDraft(sponsor.pk, PartyRole.CHAIR, precedence=1)]
    parties += [PartyDraft(each.pk) for each in staff if each.pk not in {sponsor.pk, host.pk}]
    parties += [
        PartyDraft(stage.person(each).pk, PartyRole.GUEST, precedence=n, host_id=host.pk, needs_badge=True)
        for n, each in enumerate(planned.guests, start=2)
    ]
    moment = stage.entered_at(planned)
    set_parties(actor=stage.actor, event_id=event.pk, drafts=parties, now=moment)
    leaders = dict(Department.objects.filter(leader__isnull=False).values_list("code", "leader_id"))
    contacts = [ContactDraft(service, leaders[code]) for service, code in SERVICES.items()]
    set_contacts(actor=stage.actor, event_id=event.pk, drafts=contacts, now=moment)


def _rooms(stage: Stage, planned: DemoEvent, event: Event) -> None:
    """The first of the rooms that is free, for every function that takes place in one."""
    drafts = {draft.key: draft for draft in function_drafts_of(event)}
    for function in Function.objects.filter(event=event).order_by("number"):
        if function.kind not in WITHOUT_ROOM:
            _room(stage, planned, function, drafts[function.key])


def _room(stage: Stage, planned: DemoEvent, function: Function, draft: FunctionDraft) -> None:
    for code in planned.rooms:
        wanted = replace(draft, room_ids=(stage.premises.rooms[code].pk,), setup_style="", headcount=None)
        try:
            change_function(
                actor=stage.actor, function_id=function.pk, draft=wanted, now=stage.entered_at(planned)
            )
        except RoomClashes:
            continue
        return


def _tasks(stage: Stage, planned: DemoEvent, event: Event) -> None:
    """What was due by now is done, but for the last two of an event that is still to come; all of a closed one."""
    due = [
        task
        for task in Task.objects.filter(event=event, state__in=UNDONE)
        if planned.state == EventState.CLOSED or (task.due_on and task.due_on <= stage.now.date())
    ]
    left = 2 if planned.state in {EventState.PLANNING, EventState.DEBRIEF} else 0
    done = [task.pk for task in _in_order(due)[: len(due) - left]]
    finish_tasks(actor=stage.actor, event_id=event.pk, task_ids=done, insisted=True, now=stage.now)


def _in_order(tasks: Sequence[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.due_on or date.max, task.pk))


def _take_on(stage: Stage, planned: DemoEvent, event: Event) -> Event:
    """Step by step to the state that is planned, each step when it was due."""
    for to in WAY[1 : WAY.index(planned.state) + 1]:
        moment = _moment(stage, event, to)
        if to == EventState.CONFIRMED:
            dossier.prepare(stage.actor, event, moment)
            _decide(stage, event, moment)
        if to == EventState.DEBRIEF:
            rolls.welcome(stage.actor, event)
        if to == EventState.CLOSED:
            _wind_up(stage, planned, event, moment)
        event = change_state(actor=stage.actor, event_id=event.pk, version=None, to=to, now=moment)
    return event


def _moment(stage: Stage, event: Event, to: EventState) -> datetime:
    assert event.starts_at is not None, event
    assert event.ends_at is not None, event
    return {
        EventState.CONFIRMED: min(stage.now, event.starts_at - timedelta(days=5)),
        EventState.IN_PROGRESS: event.starts_at,
        EventState.DEBRIEF: event.ends_at + timedelta(hours=1),
        EventState.CLOSED: stage.now,
    }[to]


def _decide(stage: Stage, event: Event, moment: datetime) -> None:
    """What blocks is waived, with a reason; where the class asks for a certificate, everybody says go."""
    _waive_all(stage, event, moment, "Agreed with the sponsor.")
    if policy_of(event.class_version).needs_certificate:
        certificate = draw_up(actor=stage.actor, event_id=event.pk, note="", now=moment)
        for person in certificate.sign_offs.values_list("person_id", flat=True):
            sign(
                actor=stage.actor,
                certificate_id=certificate.pk,
                person_id=person,
                decision=Decision.GO,
                now=moment,
            )


def _waive_all(stage: Stage, event: Event, moment: datetime, reason: str) -> None:
    for check in readiness_of([event.pk], moment)[event.pk].checks:
        if check.level == Level.BLOCKING:
            waive(actor=stage.actor, event_id=event.pk, check=check.code, reason=reason, now=moment)


def _wind_up(stage: Stage, planned: DemoEvent, event: Event, moment: datetime) -> None:
    draft = replace(event_draft_of(event), actual_count=planned.count - 1)
    change_event(actor=stage.actor, event_id=event.pk, version=None, draft=draft, now=moment)
    _waive_all(stage, event, moment, "The event is over.")
