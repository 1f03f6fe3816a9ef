"""What is wrong with a roll, and what Today says of it, in a sentence each."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import ngettext_lazy

from convenor.attendance.rules.roll_notes import NoteKind, RollNote
from convenor.attendance.rules.roll_troubles import RollTrouble, Wrong

SENTENCES: Mapping[Wrong, object] = {
    Wrong.OVER: ngettext_lazy(
        "%(count)d seat more is taken than there are.",
        "%(count)d seats more are taken than there are.",
        "count",
    ),
    Wrong.OUTGROWN: ngettext_lazy(
        "The roll has outgrown its room: %(count)d seat is missing for all who want to come.",
        "The roll has outgrown its room: %(count)d seats are missing for all who want to come.",
        "count",
    ),
    Wrong.ROOM_HOLDS_MORE: ngettext_lazy(
        "People wait, though the room holds %(count)d more than the capacity that was set.",
        "People wait, though the room holds %(count)d more than the capacity that was set.",
        "count",
    ),
    Wrong.FREE_WHILE_WAITING: ngettext_lazy(
        "%(count)d seat is free while somebody waits for it.",
        "%(count)d seats are free while people wait for them.",
        "count",
    ),
    Wrong.GUARANTEE_LATE: ngettext_lazy(
        "The guaranteed count was due and hasn't been given; %(count)d person is coming.",
        "The guaranteed count was due and hasn't been given; %(count)d people are coming.",
        "count",
    ),
    Wrong.ANSWERS_LATE: ngettext_lazy(
        "Answers were due, and %(count)d person hasn't answered.",
        "Answers were due, and %(count)d people haven't answered.",
        "count",
    ),
    Wrong.DOUBLES: ngettext_lazy(
        "%(count)d person is on another roll at the same time.",
        "%(count)d people are on another roll at the same time.",
        "count",
    ),
    Wrong.SHRUNK: ngettext_lazy(
        "The room is larger than it need be: %(count)d seat stays empty.",
        "The room is larger than it need be: %(count)d seats stay empty.",
        "count",
    ),
}


def trouble_sentence(trouble: RollTrouble) -> str:
    return str(SENTENCES[trouble.kind] % {"count": trouble.count})  # type: ignore[operator]  # a lazy plural


NOTES: Mapping[NoteKind, object] = {
    NoteKind.OFFERS_LAPSE: ngettext_lazy(
        "%(count)d offer lapses within a day", "%(count)d offers lapse within a day", "count"
    ),
    NoteKind.GUARANTEE_DUE: ngettext_lazy(
        "The guaranteed count is due; %(count)d person is coming",
        "The guaranteed count is due; %(count)d people are coming",
        "count",
    ),
    NoteKind.OUTGROWN: ngettext_lazy(
        "It has outgrown its room by %(count)d seat", "It has outgrown its room by %(count)d seats", "count"
    ),
}


def note_sentence(note: RollNote) -> str:
    return str(NOTES[note.kind] % {"count": note.count})  # type: ignore[operator]  # a lazy plural
