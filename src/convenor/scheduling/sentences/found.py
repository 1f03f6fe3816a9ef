"""The whole answer in the shape that screens, the command's --json and the API share."""

from __future__ import annotations

from typing import Any

from convenor.kernel.find_times.answer import Blocker, Change, Occurrence, Slot, WhyNot
from convenor.scheduling.queries.find_time import FoundTimes
from convenor.scheduling.sentences.blockers import blocker_sentence
from convenor.scheduling.sentences.changes import change_phrase, change_sentence, change_value
from convenor.scheduling.sentences.reasons import reasons_of
from convenor.scheduling.sentences.words import utc_text


def found_as_json(found: FoundTimes) -> dict[str, Any]:
    """`slots` best first, how many were `found` in all, and `why_not` where there is none; in the language in force."""
    why_not = found.answer.why_not
    return {
        "slots": [slot_as_json(found, slot) for slot in found.answer.slots],
        "found": found.answer.found,
        "why_not": None if why_not is None else _why_not(found, why_not),
    }


def slot_as_json(found: FoundTimes, slot: Slot) -> dict[str, Any]:
    """People by e-mail, rooms by code, instants in UTC. `room` is the first of `rooms`, null without any."""
    said: dict[str, Any] = {
        "starts_at": utc_text(slot.span.start),
        "ends_at": utc_text(slot.span.end),
        "room": slot.rooms[0] if slot.rooms else None,
        "rooms": list(slot.rooms),
        "missing": list(slot.missing),
        "out_of_hours": list(slot.out_of_hours),
        "reasons": [each.sentence for each in reasons_of(found, slot)],
    }
    if slot.occurrences:
        said["occurrences"] = [_week(week) for week in slot.occurrences]
    return said


def _week(week: Occurrence) -> dict[str, Any]:
    other = week.alternative
    return {
        "starts_at": utc_text(week.span.start),
        "ends_at": utc_text(week.span.end),
        "works": week.works,
        "rooms": list(week.rooms),
        "busy": list(week.busy),
        "alternative": None
        if other is None
        else {
            "starts_at": utc_text(other.span.start),
            "ends_at": utc_text(other.span.end),
            "rooms": list(other.rooms),
        },
    }


def _why_not(found: FoundTimes, why_not: WhyNot) -> dict[str, Any]:
    return {
        "blockers": [_blocker(found, blocker) for blocker in why_not.blockers],
        "changes": [_change(found, change) for change in why_not.changes],
        "complete": why_not.complete,
    }


def _blocker(found: FoundTimes, blocker: Blocker) -> dict[str, Any]:
    return {
        "people": sorted(blocker.people),
        "groups": sorted(blocker.groups),
        "rooms": sorted(blocker.rooms),
        "rules": sorted(blocker.rules),
        "sentence": blocker_sentence(found, blocker),
    }


def _change(found: FoundTimes, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind.value,
        "subject": change.subject,
        "value": change_value(change),
        "what": change_phrase(found, change),
        "sentence": change_sentence(found, change),
        "opens": change.opens,
        "cost": change.cost,
    }
