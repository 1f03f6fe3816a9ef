"""What devices at doors are answered, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from convenor.attendance.actions.check_in import record_scans, walk_in
from convenor.attendance.drafts import WalkInDraft
from convenor.attendance.queries.doors import DoorCounts, Last, OnList
from convenor.attendance.rules.check_in import ScanResult
from convenor.base.actor import Actor
from convenor.base.changes import sentences
from convenor.web.check_in.parsing import Batch

PROBLEM = "problem"


def taken(actor: Actor, roll_id: int, batch: Batch, now: datetime) -> list[dict[str, Any]]:
    """Walk-ins first, since a scan may take one back; one that can't be put on the list doesn't keep back the others."""
    answers = [_walked_in(actor, roll_id, each, now) for each in batch.walk_ins]
    if batch.scans:
        results = record_scans(actor=actor, roll_id=roll_id, scans=batch.scans, now=now)
        answers += [result_json(each) for each in results]
    return answers


def _walked_in(actor: Actor, roll_id: int, draft: WalkInDraft, now: datetime) -> dict[str, Any]:
    try:
        return result_json(walk_in(actor=actor, roll_id=roll_id, draft=draft, now=now))
    except ValidationError as error:
        if getattr(error, "code", None) == "absent":
            raise
        said = " ".join(text for texts in sentences(error).values() for text in texts)
        return {"uid": str(draft.uid), "outcome": PROBLEM, "name": draft.who.name, "sentence": said}


def result_json(result: ScanResult) -> dict[str, Any]:
    return {
        "uid": str(result.uid),
        "outcome": result.outcome.value,
        "id": result.registration_id,
        "name": result.name,
        "organisation": result.organisation,
        "state": result.state.value if result.state else None,
        "since": result.since.isoformat() if result.since else None,
        "instead": result.instead,
        "free": result.free,
        "may_let_in": result.may_let_in,
    }


def rows_json(people: Iterable[OnList]) -> list[list[Any]]:
    """[key, code, name, organisation, state, in, out], times in seconds since 1970."""
    return [
        [
            each.registration_id,
            each.code,
            each.name,
            each.organisation,
            each.state,
            _seconds(each.in_at),
            _seconds(each.out_at),
        ]
        for each in people
    ]


def counts_json(counts: DoorCounts) -> dict[str, Any]:
    return {
        "came": counts.came,
        "expected": counts.expected,
        "inside": counts.inside,
        "free": counts.free,
    }


def last_json(last: Iterable[Last]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "kind": each.kind, "at": each.at.isoformat(), "device": each.device}
        for each in last
    ]


def _seconds(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at is not None else None
