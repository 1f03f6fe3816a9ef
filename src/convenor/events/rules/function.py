"""The one validator of a function, for forms, plan files and drags: what can be said without looking at rooms and people."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convenor.events.drafts import CueDraft, FunctionDraft
from convenor.events.enums import BETWEEN_LOADS, FunctionKind, Service
from convenor.events.rules.dates import Dated, instant_in
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.texts import LONGEST_TITLE, check_text
from convenor.scheduling.rules.wording import moment_in
from convenor.venues.enums import SetupStyle

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_KEY, LONGEST_TRACK, LONGEST_TOPIC, LONGEST_LINE = 60, 60, 200, 200
LONGEST_TEXT = 20_000
MOST_FUNCTIONS, MOST_SPEAKERS, MOST_CUES, MOST_HEADCOUNT = 1_000, 50, 500, 100_000
LONGEST_MINUTES = 14 * 1_440
DAY_MINUTES = 1_440
FIRST_YEAR, LAST_YEAR = 1970, 2200
TEXTS = ("abstract", "catering", "av", "security", "facility", "staffing", "notes")


def check_function(found: Findings, draft: FunctionDraft, event: Dated) -> None:
    """Everything about one function on its own, within the event's dates."""
    _check_words(found, draft)
    _check_numbers(found, draft)
    _check_people(found, draft)
    _check_cues(found, draft.cues, draft.duration_minutes)
    if _check_start(found, draft):
        check_dates(found, draft.kind, draft.local_start, draft.duration_minutes, event)


def check_keys(found: Findings, draft: FunctionDraft, taken: Collection[str]) -> None:
    """`taken` are the keys of the event's other functions."""
    if not KEY.fullmatch(draft.key) or len(draft.key) > LONGEST_KEY:
        sentence = _(
            "A key is made of small letters, digits and hyphens, such as “opening-plenary”; at most %(most)d."
        )
        found.refuse("key", "key", sentence % {"most": LONGEST_KEY})
    elif draft.key in taken:
        sentence = _("Another function of this event has the key “%(key)s”.")
        found.refuse("key", "repeated", sentence % {"key": draft.key})


def check_dates(
    found: Findings, kind: FunctionKind, start: LocalTime, duration_minutes: int, event: Dated
) -> None:
    """Whether a function of that kind may take place then; `start` is local to the event's zone."""
    if event.starts_at is None or event.ends_at is None:
        found.refuse("local_start", "no_dates", _("Give the event its dates before its functions."))
        return
    starts_at = instant_in(event.zone, start)
    assert starts_at is not None
    ends_at = starts_at + timedelta(minutes=max(duration_minutes, 1))
    load_in, load_out = event.load_in_at or event.starts_at, event.load_out_at or event.ends_at
    if kind == FunctionKind.PRE_EVENT and ends_at > load_in:
        sentence = _("A pre-event meeting ends before the event begins, %(when)s.")
        found.refuse("local_start", "not_before", sentence % {"when": moment_in(load_in, event.zone)})
    elif kind == FunctionKind.POST_EVENT and starts_at < load_out:
        sentence = _("A post-event meeting starts after the event is over, %(when)s.")
        found.refuse("local_start", "not_after", sentence % {"when": moment_in(load_out, event.zone)})
    elif kind in BETWEEN_LOADS and not load_in <= starts_at < ends_at <= load_out:
        sentence = _("This lies outside the event's dates: load-in %(from)s, load-out %(to)s.")
        found.refuse("local_start", "outside", sentence % _window(load_in, load_out, event.zone))
    elif kind not in {*BETWEEN_LOADS, FunctionKind.PRE_EVENT, FunctionKind.POST_EVENT} and not (
        event.starts_at <= starts_at < ends_at <= event.ends_at
    ):
        sentence = _("This lies outside the event's dates: it starts %(from)s and ends %(to)s.")
        found.refuse("local_start", "outside", sentence % _window(event.starts_at, event.ends_at, event.zone))


def _window(start: datetime, end: datetime, zone: str) -> dict[str, str]:
    return {"from": moment_in(start, zone), "to": moment_in(end, zone)}


def _check_words(found: Findings, draft: FunctionDraft) -> None:
    if not draft.title.strip():
        found.refuse("title", "required", _("A function needs a title."))
    check_text(found, "title", draft.title, longest=LONGEST_TITLE)
    check_text(found, "track", draft.track, longest=LONGEST_TRACK)
    for name in TEXTS:
        check_text(found, name, getattr(draft, name), longest=LONGEST_TEXT)
    if draft.kind not in FunctionKind.values:
        found.refuse("kind", "unknown", _("There is no such kind of function."))
    if draft.setup_style and draft.setup_style not in SetupStyle.values:
        found.refuse("setup_style", "unknown", _("There is no such set-up style."))


def _check_numbers(found: Findings, draft: FunctionDraft) -> None:
    if draft.duration_minutes < 1:
        found.refuse("duration_minutes", "ends_before_start", _("A function must end after it starts."))
    elif draft.duration_minutes > LONGEST_MINUTES:
        sentence = _("A function lasts at most %(days)d days.") % {"days": LONGEST_MINUTES // DAY_MINUTES}
        found.refuse("duration_minutes", "too_long", sentence)
    if draft.headcount is not None and not 1 <= draft.headcount <= MOST_HEADCOUNT:
        sentence = _("The expected headcount lies between 1 and %(most)d.") % {"most": MOST_HEADCOUNT}
        found.refuse("headcount", "headcount", sentence)
    if len(set(draft.room_ids)) < len(draft.room_ids):
        found.refuse("room_ids", "repeated", _("Each room is named once."))


def _check_start(found: Findings, draft: FunctionDraft) -> bool:
    start = draft.local_start
    if start.tzinfo is not None or start.microsecond or start.second:
        found.refuse("local_start", "not_local", _("Times are written without a zone, to the minute."))
    elif not FIRST_YEAR <= start.year <= LAST_YEAR:
        sentence = _("The year must lie between %(first)d and %(last)d.")
        found.refuse("local_start", "year", sentence % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return not {"local_start", "duration_minutes", "kind"} & found.refused.keys()


def _check_people(found: Findings, draft: FunctionDraft) -> None:
    if _repeats(each.person_id for each in draft.speakers):
        found.refuse("speakers", "repeated", _("Each speaker is named once."))
    if len(draft.speakers) > MOST_SPEAKERS:
        sentence = _("A function has at most %(most)d speakers.") % {"most": MOST_SPEAKERS}
        found.refuse("speakers", "too_many", sentence)
    for each in draft.speakers:
        check_text(found, "speakers", each.topic, longest=LONGEST_TOPIC)
    if _repeats(each.person_id for each in draft.attendees):
        found.refuse("attendees", "repeated", _("Each attendee is named once."))
    if sum(each.role == AttendeeRole.CHAIR for each in draft.attendees) > 1:
        found.refuse("attendees", "chairs", _("A meeting has one chair."))


def _repeats(keys: Iterable[int]) -> bool:
    return any(count > 1 for count in Counter(keys).values())


def _check_cues(found: Findings, cues: Sequence[CueDraft], duration_minutes: int) -> None:
    if len(cues) > MOST_CUES:
        sentence = _("A run of show has at most %(most)d lines in one function.") % {"most": MOST_CUES}
        found.refuse("cues", "too_many", sentence)
    for each in cues:
        check_cue(found, each, duration_minutes)


def check_cue(found: Findings, cue: CueDraft, duration_minutes: int) -> None:
    """One line of the run of show: from a day before the function to a day after it."""
    if not cue.what.strip():
        found.refuse("what", "required", _("Say what happens."))
    check_text(found, "what", cue.what, longest=LONGEST_LINE)
    check_text(found, "cue", cue.cue, longest=LONGEST_LINE)
    if not -DAY_MINUTES <= cue.offset_minutes <= duration_minutes + DAY_MINUTES:
        sentence = _("A line lies at most a day before or after its function.")
        found.refuse("offset_minutes", "far_off", sentence)
    if not 0 <= cue.minutes <= LONGEST_MINUTES:
        found.refuse("minutes", "minutes", _("A line can't take less than no time, or weeks."))
    if cue.service and cue.service not in Service.values:
        found.refuse("service", "unknown", _("There is no such service."))


def fingerprint(draft: FunctionDraft) -> str:
    """Tells whether a function is still as somebody saw it: the same for equal drafts."""
    return hashlib.blake2b(repr(draft).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
