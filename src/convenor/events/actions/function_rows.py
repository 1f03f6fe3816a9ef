"""The part of a function that is the event's own: its columns, speakers and lines of the run of show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import Max

from convenor.base import audit
from convenor.base.inserting import insert_rows
from convenor.events.drafts import CueDraft, FunctionDraft, SpeakerDraft
from convenor.events.models import Cue, Event, Function, Speaker
from convenor.events.queries.functions import OWN
from convenor.scheduling.models import Occurrence


def next_number(event: Event) -> int:
    """One above the highest that any function of the event ever had, removed ones too."""
    highest = Function.every.filter(event=event).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def new_rows(
    event: Event, drafts: Sequence[FunctionDraft], occurrences: Sequence[Occurrence]
) -> list[Function]:
    """Functions on these occurrences with their speakers and cues. 4 statements."""
    first = next_number(event)
    rows = [
        Function(
            event=event,
            number=number,
            occurrence=occurrence,
            kind=draft.kind,
            main_room_id=main_room(draft),
            **{name: cleaned(getattr(draft, name)) for name in OWN},
        )
        for number, (draft, occurrence) in enumerate(zip(drafts, occurrences, strict=True), start=first)
    ]
    insert_rows(rows)
    pairs = list(zip(rows, drafts, strict=True))
    insert_rows(each for row, draft in pairs for each in speaker_rows(row, draft.speakers))
    insert_rows(each for row, draft in pairs for each in cue_rows(row, draft.cues))
    return rows


def main_room(draft: FunctionDraft) -> int | None:
    """Only of several rooms one must be marked."""
    return draft.room_ids[0] if len(draft.room_ids) > 1 else None


def cleaned(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def speaker_rows(row: Function, drafts: Iterable[SpeakerDraft]) -> list[Speaker]:
    return [
        Speaker(
            function=row,
            person_id=each.person_id,
            topic=each.topic.strip(),
            state=each.state,
            position=position,
        )
        for position, each in enumerate(drafts)
    ]


def cue_rows(row: Function, drafts: Iterable[CueDraft]) -> list[Cue]:
    return [
        Cue(
            function=row,
            offset_minutes=each.offset_minutes,
            minutes=each.minutes,
            what=each.what.strip(),
            cue=each.cue.strip(),
            owner_id=each.owner_id,
            service=each.service,
        )
        for each in drafts
    ]


def write_row(row: Function, old: FunctionDraft, new: FunctionDraft) -> None:
    """Bring the function's own rows from the one draft to the other, touching only what differs."""
    columns = [name for name in OWN if getattr(old, name) != getattr(new, name)]
    for name in columns:
        setattr(row, name, cleaned(getattr(new, name)))
    if new.kind != row.kind:
        row.kind, columns = new.kind, [*columns, "kind"]
    if main_room(new) != row.main_room_id:
        row.main_room_id, columns = main_room(new), [*columns, "main_room"]
    if columns:
        row.save(update_fields=columns)
    if new.speakers != old.speakers:
        _write_speakers(row, new.speakers)
    if new.cues != old.cues:
        Cue.objects.filter(function=row).delete()
        insert_rows(cue_rows(row, new.cues))


def _write_speakers(row: Function, drafts: Sequence[SpeakerDraft]) -> None:
    """Rows of who stays keep their keys: others may refer to them."""
    wanted = {each.person_id: each for each in speaker_rows(row, drafts)}
    present = {each.person_id: each for each in Speaker.objects.filter(function=row)}
    Speaker.objects.filter(pk__in=[each.pk for key, each in present.items() if key not in wanted]).delete()
    for key in wanted.keys() & present.keys():
        there, new = present[key], wanted[key]
        if (there.topic, there.state, there.position) != (new.topic, new.state, new.position):
            there.topic, there.state, there.position = new.topic, new.state, new.position
            there.save(update_fields=["topic", "state", "position"])
    insert_rows(each for key, each in wanted.items() if key not in present)


def facts(draft: FunctionDraft) -> dict[str, Any]:
    """The draft as it goes on record."""
    return {name: audit.plain(value) for name, value in asdict(draft).items()}
