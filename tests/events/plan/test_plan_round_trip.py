"""An event written as a file and applied where it isn't there is the same event: for generated plans, on either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import tomli_w
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.enums import FunctionKind, PartyRole, Service, SpeakerState, TaskState
from convenor.events.models import Event
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.changes import differences_of
from convenor.events.plan.checking import sound_plan
from convenor.events.plan.writing import export_plan
from convenor.events.queries.drafts import contact_drafts_of, event_draft_of, party_drafts_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.queries.tasks import task_drafts_of
from convenor.people.models import Organisation, Person
from tests.factories.plans import NOW, Company, make_company

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 12, 7, 8)
STAFF = tuple(f"{name}@example.org" for name in ("alice", "bob", "dana", "erik"))
OUTSIDERS = {
    "greta@elsewhere.example": {"name": 'Greta "G" Garbo', "organisation": "Elsewhere Ltd", "job_title": "Guest"},
    "cora@caterer.example": {"name": "Cora\tCook", "organisation": "Caterer & Söhne"},
}  # fmt: skip
EVERYBODY = (*STAFF, *OUTSIDERS)
INSIDE = [
    *(FunctionKind.PLENARY, FunctionKind.SESSION, FunctionKind.DINNER, FunctionKind.COFFEE),
    *(FunctionKind.SETUP, FunctionKind.REHEARSAL),
]

lines = st.text(st.sampled_from("ab Ș\"'\\#=[]{}é😀0"), min_size=1, max_size=30).filter(
    lambda each: each.strip()
)
texts = st.text(st.sampled_from("ab Ș\"'\\#\n\tü€😀"), max_size=60)
staff = st.sampled_from(STAFF)
anybody = st.sampled_from(EVERYBODY)
flags = st.booleans()
Drawn = dict[str, Any]


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Drawn]:
    """A table that says any of the keys."""
    return st.fixed_dictionaries({}, optional=keys)


@st.composite
def covers(draw: st.DrawFn) -> Drawn:
    cover = draw(
        some(
            sponsor=staff,
            budget_holder=staff,
            host=st.sampled_from(["eng", "ops"]),
            departments=st.lists(st.sampled_from(["eng", "ops"]), max_size=2),
            organisations=st.just(["Elsewhere Ltd"]),
            site=st.just("HQ"),
            confidentiality=st.sampled_from(["open", "internal", "restricted", "confidential"]),
            priority=st.sampled_from(["low", "normal", "high", "executive"]),
            expected=st.integers(50, 90),
            guaranteed=st.integers(0, 50),
            actual=st.integers(0, 90),
            objectives=texts,
            notes=texts,
            load_in=st.just(FIRST - timedelta(hours=3)),
            load_out=st.just(FIRST + timedelta(days=4)),
        )
    )
    dates = {"start": FIRST, "end": FIRST + timedelta(days=2, hours=draw(st.integers(1, 9)))}
    needed = {"key": "generated", "title": draw(lines), "class": "plain", "owner": draw(staff)}
    return needed | dates | cover


def introduced(email: str) -> Drawn:
    return {"email": email, **OUTSIDERS.get(email, {})}


@st.composite
def parties(draw: st.DrawFn) -> list[Drawn]:
    """Everybody is there who isn't in the directory, so that the rest of the file may name them."""
    emails = [*draw(st.lists(staff, unique=True)), *OUTSIDERS]
    chair = draw(st.sampled_from([*emails, ""]))
    roles = st.sampled_from([each.value for each in PartyRole if each != PartyRole.CHAIR])
    rows = []
    for email in emails:
        more = draw(
            some(
                role=roles,
                precedence=st.integers(1, 9),
                arrives=st.just(FIRST - timedelta(minutes=15)),
                badge=flags,
                note=lines,
                host=st.sampled_from([each for each in STAFF if each != email]),
            )
        )
        rows.append(introduced(email) | more | ({"role": "chair"} if email == chair else {}))
    return rows


@st.composite
def functions(draw: st.DrawFn) -> list[Drawn]:
    """One after the other, so that rooms and the one projector are free."""
    hours = draw(st.lists(st.integers(0, 40), unique=True, max_size=5))
    return [
        draw(function(f"part-{place}", FIRST + timedelta(hours=hour))) for place, hour in enumerate(hours)
    ]


@st.composite
def function(draw: st.DrawFn, key: str, start: datetime) -> Drawn:
    needed = {"key": key, "title": draw(lines), "kind": draw(st.sampled_from(INSIDE)).value, "start": start}
    speaker = st.builds(
        lambda person, more: {"person": person} | more,
        anybody,
        some(topic=lines, state=st.sampled_from([each.value for each in SpeakerState])),
    )
    attendee = st.one_of(
        anybody,
        st.builds(
            lambda person, role: {"person": person, "role": role},
            anybody,
            st.sampled_from(["required", "optional"]),
        ),
    )
    cue = st.builds(
        lambda at, what, more: {"at": at, "what": what} | more,
        st.integers(-60, 90),
        lines,
        some(minutes=st.integers(0, 30), cue=lines, owner=anybody, service=st.sampled_from(Service.values)),
    )
    more = some(
        minutes=st.integers(5, 45),
        track=lines,
        host=anybody,
        rooms=st.lists(st.sampled_from(["HALL", "SMALL"]), unique=True),
        setup_style=st.sampled_from(["theatre", "boardroom"]),
        headcount=st.integers(1, 4),
        equipment=st.just({"projector": 1}),
        for_all=flags,
        public=flags,
        speakers=st.lists(speaker, max_size=3, unique_by=lambda each: each["person"]),
        attendees=st.lists(
            attendee, max_size=3, unique_by=lambda each: each if isinstance(each, str) else each["person"]
        ),
        run_of_show=st.lists(cue, max_size=3),
        sheet=flags,
        **dict.fromkeys(("abstract", "catering", "av", "security", "facility", "staffing", "notes"), texts),
    )
    return needed | draw(more)


@st.composite
def tasks(draw: st.DrawFn) -> list[Drawn]:
    keys = [f"task-{place}" for place in range(draw(st.integers(0, 5)))]
    item = st.one_of(lines, st.builds(lambda text, done: {"text": text, "done": done}, lines, flags))
    rows = []
    for place, key in enumerate(keys):
        more = some(
            due=st.sampled_from(["-14wd", "3d after end", "+2wd after load_out", "0d", date(2026, 12, 1)]),
            owner=st.sampled_from([*EVERYBODY, "owner"]),
            after=st.lists(st.sampled_from(keys[:place]), unique=True) if place else st.just([]),
            takes_days=st.integers(1, 9),
            milestone=flags,
            description=texts,
            checklist=st.lists(item, max_size=3),
            state=st.sampled_from(TaskState.values),
        )
        rows.append({"key": key, "title": draw(lines)} | draw(more))
    return rows


@st.composite
def plans(draw: st.DrawFn) -> str:
    services = st.tuples(st.sampled_from(Service.values), anybody)
    contacts = [
        {"service": service, **introduced(email)}
        for service, email in draw(st.lists(services, max_size=3, unique=True))
    ]
    document = {
        "event": draw(covers()),
        "people": draw(parties()),
        "contact": contacts,
        "function": draw(functions()),
        "task": draw(tasks()),
    }
    return tomli_w.dumps(document)


PEOPLE = {"owner_id", "sponsor_id", "budget_holder_id", "person_id", "host_id"}


def facts_of(event: Event) -> Any:
    """Everything of the event that a file holds, people and organisations by their names."""
    emails = dict(Person.objects.values_list("pk", "email"))
    companies = dict(Organisation.objects.values_list("pk", "name"))

    def named(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: named(each, name) for name, each in value.items()}
        if isinstance(value, (list, tuple)):
            parts = [named(each, key) for each in value]
            return sorted(parts, key=str) if key in {"attendees", "organisation_ids"} else parts
        if key == "organisation_ids":
            return companies[value]
        return emails.get(value) if key in PEOPLE else value

    people = [named(asdict(each)) for each in party_drafts_of(event)]
    return {
        "event": named(asdict(event_draft_of(event))),
        "people": sorted(people, key=lambda each: str(each["person_id"])),
        "contacts": sorted((named(asdict(each)) for each in contact_drafts_of(event)), key=str),
        "functions": {each.key: named(asdict(each)) for each in function_drafts_of(event)},
        "tasks": {each.key: named(asdict(each)) for each in task_drafts_of(event)},
    }


@contextmanager
def undone() -> Iterator[None]:
    """What is done within is as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company() -> Company:
    return make_company()


@given(text=plans())
@settings(
    max_examples=30,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_is_exported_and_applied_is_the_same_event(company: Company, text: str) -> None:
    with undone():
        event = apply_plan(actor=company.actor, text=text, now=NOW).event
        exported, facts = export_plan(company.actor, "generated"), facts_of(event)
        assert_nothing_would_change(company, text)
        assert_nothing_would_change(company, exported)
    assert not Event.objects.exists()
    with undone():
        event = apply_plan(actor=company.actor, text=exported, now=NOW).event
        assert facts_of(event) == facts
        assert export_plan(company.actor, "generated") == exported


def assert_nothing_would_change(company: Company, text: str) -> None:
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()
    assert differences_of(sound_plan(company.actor, text, now=NOW, prune=True)).changes == ()
    assert apply_plan(actor=company.actor, text=text, now=NOW, prune=True).differences.is_empty
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before
