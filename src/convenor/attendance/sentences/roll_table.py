"""A roll as a table: one row for each seat, a column for each question of the registration form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from convenor.attendance.queries.exports import Question, RollList, RollRow
from convenor.attendance.rules.needs import NOTHING
from convenor.attendance.sentences.needs import access_words, diet_words
from convenor.base.spreadsheets import Cell, Table

Column: TypeAlias = tuple[str, Callable[[RollRow], Cell]]


def roll_table(found: RollList) -> Table:
    """In the present language; times are of the event's clocks."""
    columns = list(_columns(found))
    rows = [[value(row) for _label, value in columns] for row in found.rows]
    return Table(title_of(found), [label for label, _value in columns], rows)


def title_of(found: RollList) -> str:
    """The function's title, or the event's."""
    return found.function_title or str(found.event.title)


def answer_words(question: Question, answer: object) -> str:
    """A consent is a yes, options are their texts, one that is gone keeps its key."""
    if answer is True:
        return _("yes")
    if isinstance(answer, str):
        return _option(question, answer)
    if isinstance(answer, Sequence):
        return "; ".join(_option(question, str(each)) for each in answer)
    return ""


def label_of(question: Question) -> str:
    return _chosen(question.label_en, question.label_ro)


def _columns(found: RollList) -> Iterator[Column]:
    at = partial(_local, zone=ZoneInfo(found.event.zone))
    yield from _who()
    yield pgettext("seat", "State"), lambda row: str(row.state.label)
    yield _("Allotment"), lambda row: row.allotment
    yield _("Guests"), lambda row: row.guests
    if found.roll.function_id is None:
        yield _("Functions"), lambda row: "; ".join(row.functions)
    yield from _needs() if found.shows_needs else ()
    for question in found.questions:
        yield label_of(question), partial(_answer, question)
    yield _("Came by"), lambda row: str(row.source.label)
    yield _("Priority group"), lambda row: row.priority
    yield _("Note"), lambda row: row.note
    yield _("Registered"), lambda row: at(row.registered_at)
    yield _("Answered"), lambda row: at(row.answered_at)
    yield _("Checked in"), lambda row: at(row.checked_in_at)
    yield _("Checked out"), lambda row: at(row.checked_out_at)
    yield _("Code"), lambda row: row.code


def _who() -> Iterator[Column]:
    yield _("Name"), lambda row: row.name
    yield _("Organisation"), lambda row: row.organisation
    yield _("Department"), lambda row: row.department
    yield _("Guest of"), lambda row: row.guest_of
    yield _("E-mail"), lambda row: row.email
    yield _("Phone"), lambda row: row.phone
    yield _("Language"), lambda row: row.language


def _needs() -> Iterator[Column]:
    yield _("Diet"), lambda row: diet_words(row.needs or NOTHING)
    yield _("Access needs"), lambda row: access_words(row.needs or NOTHING)


def _answer(question: Question, row: RollRow) -> str:
    return answer_words(question, row.answers.get(question.key))


def _option(question: Question, key: str) -> str:
    return _chosen(*question.options[key]) if key in question.options else key


def _chosen(english: str, romanian: str) -> str:
    return romanian if romanian and (get_language() or "en").startswith("ro") else english


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The wall clock to the minute: a spreadsheet knows no zones."""
    return None if moment is None else moment.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
