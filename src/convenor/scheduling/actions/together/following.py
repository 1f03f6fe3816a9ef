"""People follow their occurrences to new times, all in one statement: a thousand of them at a conference's plenaries."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db import connection

from convenor.base.compiled import compiled_cursor
from convenor.scheduling.enums import PartStat
from convenor.scheduling.models import Meeting, Occurrence, Participation

# Both engines know UPDATE … FROM. The ORM would look each time up once for every row and column.
STATEMENT = f"""
    UPDATE {Participation._meta.db_table} SET
        starts_at = row.starts_at, ends_at = row.ends_at, is_long = row.is_long,
        partstat = CASE WHEN person_id = meeting.organiser_id THEN partstat ELSE '{PartStat.NEEDS_ACTION}' END,
        answered_at = CASE WHEN person_id = meeting.organiser_id THEN answered_at END,
        blocks = meeting.shows_as_busy
            AND (person_id <> meeting.organiser_id OR partstat <> '{PartStat.DECLINED}')
    FROM {Occurrence._meta.db_table} AS row JOIN {Meeting._meta.db_table} AS meeting ON meeting.id = row.meeting_id
    WHERE row.id = occurrence_id AND row.id IN
"""  # noqa: S608  # names of our own tables and words of our own
AMONG = {"sqlite": "(SELECT value FROM json_each(%s))", "postgresql": "(SELECT unnest(%s::bigint[]))"}


def people_follow(occurrence_ids: Collection[int]) -> None:
    """Give participations of scheduled occurrences their times, and ask everybody but the organiser anew (RFC 5546 §3.2.2.1)."""
    if not occurrence_ids:
        return
    keys = sorted(occurrence_ids)
    with compiled_cursor() as cursor:
        given = json.dumps(keys) if connection.vendor == "sqlite" else keys
        cursor.execute(STATEMENT + AMONG[connection.vendor], [given])
