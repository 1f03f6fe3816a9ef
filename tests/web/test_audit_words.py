"""The record in words: every action has its name, columns are called as people call them, keys are what they point at."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from convenor.base.actor import Actor
from convenor.base.audit import record
from convenor.base.audit_words import Line, in_words
from convenor.base.models import AuditEntry
from convenor.base.permissions import PERMISSIONS
from convenor.events.enums import EventState
from convenor.web.audit_words import ACTIONS, WORDS
from tests.factories.cast import alice, bob
from tests.factories.events import make_event
from tests.factories.people import DepartmentFactory

SOURCE = Path(__file__).resolve().parents[2] / "src" / "convenor"
ACTION = re.compile(r"[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z]+)*")


def recorded_actions() -> set[str]:
    """What is given as `action=` anywhere, and whatever in an actions module looks like an action and is no permission."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                given = [each.value for each in node.keywords if each.arg == "action"]
                found |= {
                    inner.value
                    for each in given
                    for inner in ast.walk(each)
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                }
            if "actions" in (*path.parts, path.stem) and isinstance(node, ast.Constant):
                found |= {str(node.value)} - PERMISSIONS.keys()
    return {each for each in found if ACTION.fullmatch(each)} | {f"event.{state}" for state in EventState}


def test_every_action_on_record_has_a_name() -> None:
    recorded = recorded_actions()
    assert "sheet.issued" in recorded
    assert recorded - ACTIONS.keys() == set()


def put(before: dict[str, Any], after: dict[str, Any], **fields: Any) -> AuditEntry:
    event = make_event(alice(email=f"owner{AuditEntry.objects.count()}@example.org"))
    record(
        actor=Actor.system("tests"), action="event.changed", obj=event, before=before, after=after, **fields
    )
    return AuditEntry.objects.latest("pk")


@pytest.mark.django_db
def test_lines_say_what_people_say() -> None:
    owner, other, department = alice(), bob(), DepartmentFactory.create(name="Platform")
    entry = put(
        {"owner": owner.pk, "state": "planning", "starts_at": "2026-12-07T07:00:00+00:00", "version": 1},
        {
            "owner": other.pk,
            "state": "confirmed",
            "starts_at": "2026-12-14T07:00:00+00:00",
            "version": 2,
            "departments": [department.pk],
            "contacts": [["catering", other.pk]],
            "site": 999_999,
            str(owner.pk): {"role": "chair", "needs_badge": True, "note": ""},
        },
    )
    with timezone.override("Europe/Bucharest"):
        (worded,) = in_words([entry], WORDS)
    assert (worded.what, worded.kind) == ("Event changed", "Event")
    assert worded.lines == [
        Line("State", "Planning", "Confirmed"),
        Line("Coordinator", "Alice", "Bob"),
        Line("Site", "", "999999"),
        Line("Starts", "Mon 7 Dec 2026, 09:00", "Mon 14 Dec 2026, 09:00"),
        Line("Participating departments", "", "Platform"),
        Line("Alice", "", "Role: Chair, Needs badge: yes"),
        Line("Contacts", "", "Catering, Bob"),
    ]
    with translation.override("ro"), timezone.override("Europe/Bucharest"):
        assert in_words([entry], WORDS)[0].lines[3].after == "lun 14 dec 2026, 09:00"


@pytest.mark.django_db
def test_what_a_later_version_no_longer_knows_is_shown_as_it_stands() -> None:
    entry = AuditEntry(
        at=datetime(2026, 12, 7, tzinfo=UTC),
        action="magic.done",
        object_type="magic.wand",
        object_id=1,
        before={"long_name": "x" * 500, "colour": "red"},
        after={"long_name": "y", "odd": {"a": [1, {"b": None}]}},
    )
    (worded,) = in_words([entry], WORDS)
    assert (worded.what, worded.kind) == ("Magic done", "magic.wand")
    assert [line.label for line in worded.lines] == ["Colour", "Long name", "Odd"]
    assert worded.lines[1].before.endswith("…")


@pytest.mark.django_db
def test_three_entries_cost_as_many_queries_as_one() -> None:
    entries = [
        put({"owner": alice(email=f"a{n}@x.example").pk}, {"owner": bob(email=f"b{n}@x.example").pk})
        for n in range(3)
    ]
    counts = []
    for some in (entries[:1], entries):
        with CaptureQueriesContext(connection) as captured:
            assert all(each.lines for each in in_words(some, WORDS))
        counts.append(len(captured))
    assert counts == [1, 1]
