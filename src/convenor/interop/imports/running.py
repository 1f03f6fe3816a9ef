"""Looking at an upload and importing it: at once, or as a job that tells how far it is. One shape of answer for every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import ngettext
from django_tasks import task

from convenor.base import clock
from convenor.base.actor import Actor, Refused
from convenor.base.bulk import PlannedRow
from convenor.base.tasks.backend import enqueue_for
from convenor.base.tasks.execution import GiveUp
from convenor.base.tasks.progress import report
from convenor.interop.calendars.importing import import_calendar
from convenor.interop.calendars.report import ImportedRow, ImportReport, Remark
from convenor.interop.csv.imports import Preview, Rows, apply, preview, read_people, read_rooms
from convenor.interop.imports.content import is_large
from convenor.interop.imports.enums import FileKind, Step
from convenor.interop.imports.uploads import Upload, UploadExpired, upload_for
from convenor.kernel.instants import ZoneName
from convenor.people.queries.actors import actor_of_account

MOST_ROWS, MOST_REMARKS = 200, 2_000
READERS: dict[FileKind, Callable[[bytes], Rows]] = {FileKind.PEOPLE: read_people, FileKind.ROOMS: read_rooms}
Answer = dict[str, Any]
"""`counts` by name; `rows` [line, label, verb, changes] and `refused`, `repaired` [line, what, sentence], the first of them; `notes`."""


def start(actor: Actor, upload: Upload, step: Step, *, now: datetime) -> Upload:
    """Do the step, a large file's as a job; the same step again is the same job. Raises Refused, the permission."""
    if not is_large(upload.kind, upload.content()):
        upload.keep_answer(step, answer_of(actor, upload, step, now=now))
        return upload
    job_id = enqueue_for(actor, run, upload.user_id, upload.token, step.value)
    return upload.with_job(job_id, step)


@task()
def run(user_id: int, token: str, step: str) -> None:
    """The step of a large upload, in the language and zone of whoever asked for it."""
    now = clock.now()
    actor = actor_of_account(user_id, now=now)
    try:
        upload = upload_for(actor, token, now=now)
        with translation.override(upload.language), timezone.override(upload.zone):
            upload.keep_answer(Step(step), answer_of(actor, upload, Step(step), now=now))
    except (UploadExpired, Refused) as error:
        raise GiveUp(str(error)) from error


def answer_of(actor: Actor, upload: Upload, step: Step, *, now: datetime) -> Answer:
    """What the step does, or did. Raises Refused, the permission."""
    if upload.kind == FileKind.CALENDAR:
        done = import_calendar(
            actor=actor,
            data=upload.content(),
            name=upload.title,
            default_zone=ZoneName(upload.zone),
            now=now,
            dry_run=step == Step.PREVIEW,
            progress=lambda done, total: report(done=done, total=total),
        )
        return _of_calendar(done)
    rows = READERS[upload.kind](upload.content())
    do = preview if step == Step.PREVIEW else apply
    return _of_table(do(actor, rows, now=now))


def _of_table(done: Preview) -> Answer:
    rows = [*_planned(done.created, "created"), *_planned(done.changed, "changed")]
    return {
        "counts": {
            "created": len(done.created),
            "changed": len(done.changed),
            "unchanged": len(done.unchanged),
            "refused": len({each.line for each in done.refused}),
        },
        "rows": rows[:MOST_ROWS],
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "refused": [[each.line, each.column, each.sentence] for each in done.refused[:MOST_REMARKS]],
        "more_refused": max(0, len(done.refused) - MOST_REMARKS),
        "repaired": [],
        "more_repaired": 0,
        "notes": list(done.notes),
    }


def _planned(rows: Iterable[PlannedRow], verb: str) -> list[list[Any]]:
    return [
        [row.line, row.label, verb, [[each.field, each.before, each.after] for each in row.changes]]
        for row in rows
    ]


def _of_calendar(done: ImportReport) -> Answer:
    rows = [
        *_titles(done.created, "created"),
        *_titles(done.changed, "changed"),
        *_titles(done.cancelled, "cancelled"),
    ]
    counts = done.counts
    names = ("created", "changed", "cancelled", "unchanged", "refused", "repaired")
    return {
        "counts": {name: counts[name] for name in names},
        "rows": rows[:MOST_ROWS],
        "more_rows": max(0, len(rows) - MOST_ROWS),
        "refused": _remarks(done.refused),
        "more_refused": max(0, len(done.refused) - MOST_REMARKS),
        "repaired": _remarks(done.repaired),
        "more_repaired": max(0, len(done.repaired) - MOST_REMARKS),
        "notes": [*_strangers(done), *done.notes],
    }


def _strangers(done: ImportReport) -> Iterable[str]:
    if n := len(done.people):
        yield ngettext(
            "%(n)d person who isn't in the directory comes along, as one from outside.",
            "%(n)d people who aren't in the directory come along, as people from outside.",
            n,
        ) % {"n": n}


def _titles(rows: Iterable[ImportedRow], verb: str) -> list[list[Any]]:
    return [[None, row.title, verb, []] for row in rows]


def _remarks(remarks: list[Remark]) -> list[list[Any]]:
    return [[each.line, each.uid[:100], each.sentence] for each in remarks[:MOST_REMARKS]]
