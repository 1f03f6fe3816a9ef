"""The one validator of a meeting, for forms, imports, the command line and the later API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.zones import validate_zone
from convenor.kernel.instants import instant_of, to_instant, to_local, zone_name
from convenor.scheduling.drafts import MeetingDraft
from convenor.scheduling.enums import AttendeeRole, Priority
from convenor.scheduling.rules.findings import Findings
from convenor.scheduling.rules.series import check_recurrence
from convenor.scheduling.rules.texts import (
    LONGEST_LOCATION,
    LONGEST_UID,
    check_description,
    check_text,
    check_title,
)
from convenor.scheduling.rules.wording import day
from convenor.venues.enums import SetupStyle

MINUTES_A_DAY = 1_440
LONGEST_DAYS = 366
MOST_ATTENDEES = 5_000
MOST_HEADCOUNT = 100_000
MOST_PIECES = 1_000
FIRST_YEAR, LAST_YEAR = 1970, 2200


def check_draft(draft: MeetingDraft, *, now: datetime, horizon: datetime) -> Findings:
    """All that can be said of a draft without looking at rooms and people; `horizon` as in check_series."""
    found = Findings()
    check_title(found, draft.title)
    check_description(found, draft.description)
    check_text(found, "location", draft.location, longest=LONGEST_LOCATION)
    check_text(found, "uid", draft.uid or "", longest=LONGEST_UID)
    check_numbers(found, draft)
    check_attendees(found, draft)
    check_time(found, draft)
    if draft.is_series and not found.refused:
        check_recurrence(found, draft, now=instant_of(now), horizon=instant_of(horizon))
    elif not found.refused:
        _check_single_start(found, draft, now)
    return found


def check_time(found: Findings, draft: MeetingDraft) -> None:
    try:
        validate_zone(draft.zone)
    except ValidationError as error:
        found.refuse("zone", "unknown_zone", error.messages[0])
    times = (draft.local_start, *draft.rdates, *draft.exdates)
    if any(each.tzinfo is not None or each.microsecond for each in times):
        found.refuse("local_start", "not_local", _("Times are written without a zone and in whole seconds."))
    elif not all(FIRST_YEAR <= each.year <= LAST_YEAR for each in times):
        sentence = _("The year must lie between %(first)d and %(last)d.") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }
        found.refuse("local_start", "year", sentence)
    if draft.duration_minutes < 1:
        found.refuse("duration_minutes", "ends_before_start", _("A meeting must end after it starts."))
    elif draft.duration_minutes > LONGEST_DAYS * MINUTES_A_DAY:
        sentence = _("A meeting lasts at most %(days)d days.") % {"days": LONGEST_DAYS}
        found.refuse("duration_minutes", "too_long", sentence)
    if draft.all_day:
        _check_whole_days(found, draft)


def _check_whole_days(found: Findings, draft: MeetingDraft) -> None:
    midnight = draft.local_start.replace(hour=0, minute=0, second=0)
    if draft.local_start != midnight:
        found.refuse("local_start", "off_midnight", _("An all-day meeting starts at midnight."))
    if draft.duration_minutes % MINUTES_A_DAY:
        found.refuse("duration_minutes", "part_of_day", _("An all-day meeting lasts whole days."))
    if any((each.hour, each.minute, each.second) != (0, 0, 0) for each in draft.rdates):
        found.refuse("rdates", "off_midnight", _("An all-day meeting starts at midnight."))


def _check_single_start(found: Findings, draft: MeetingDraft, now: datetime) -> None:
    zone = zone_name(draft.zone)
    start = to_instant(draft.local_start, zone)
    shown = to_local(start, zone)
    if shown != draft.local_start and not draft.all_day:
        sentence = _("Clocks go forward then; the meeting starts at %(time)s.") % {"time": f"{shown:%H:%M}"}
        found.tell("local_start", "in_a_gap", sentence)
    if start + draft.duration_minutes * 60 <= instant_of(now):
        sentence = _("This meeting is already over: it was on %(day)s.") % {"day": day(draft.local_start)}
        found.tell("local_start", "already_over", sentence)


def check_numbers(found: Findings, draft: MeetingDraft) -> None:
    if draft.headcount is not None and not 1 <= draft.headcount <= MOST_HEADCOUNT:
        sentence = _("The expected headcount lies between 1 and %(most)d.") % {"most": MOST_HEADCOUNT}
        found.refuse("headcount", "headcount", sentence)
    if draft.priority not in Priority.values:
        found.refuse("priority", "unknown", _("There is no such priority."))
    if draft.setup_style and draft.setup_style not in SetupStyle.values:
        found.refuse("setup_style", "unknown", _("There is no such set-up style."))
    pieces = [*draft.equipment_needed.values(), *(each.quantity for each in draft.equipment)]
    if any(not 1 <= each <= MOST_PIECES for each in pieces):
        sentence = _("Ask for between 1 and %(most)d pieces of equipment.") % {"most": MOST_PIECES}
        found.refuse("equipment", "quantity", sentence)
    kinds = Counter(each.equipment_id for each in draft.equipment)
    if any(count > 1 for count in kinds.values()):
        found.refuse("equipment", "repeated", _("Each kind of equipment is asked for once, with a number."))
    if draft.sequence < 0:
        found.refuse("sequence", "sequence", _("SEQUENCE can't be negative."))


def check_attendees(found: Findings, draft: MeetingDraft) -> None:
    people = Counter(each.person_id for each in draft.attendees)
    repeated = sum(count > 1 for count in people.values())
    if repeated:
        sentence = ngettext(
            "%(count)d person is asked more than once.",
            "%(count)d people are asked more than once.",
            repeated,
        )
        found.refuse("attendees", "repeated", sentence % {"count": repeated})
    if sum(each.role == AttendeeRole.CHAIR for each in draft.attendees) > 1:
        found.refuse("attendees", "chairs", _("A meeting has one chair."))
    if len(draft.attendees) > MOST_ATTENDEES:
        sentence = _("A meeting has at most %(most)d attendees.") % {"most": MOST_ATTENDEES}
        found.refuse("attendees", "too_many", sentence)


def check_span(found: Findings, starts_at: datetime, ends_at: datetime) -> None:
    """The times that one occurrence is moved to."""
    if any(each.utcoffset() is None for each in (starts_at, ends_at)):
        found.refuse("starts_at", "no_zone", _("The times need a time zone."))
    elif ends_at <= starts_at:
        found.refuse("ends_at", "ends_before_start", _("A meeting must end after it starts."))
    elif ends_at - starts_at > timedelta(days=LONGEST_DAYS):
        sentence = _("A meeting lasts at most %(days)d days.") % {"days": LONGEST_DAYS}
        found.refuse("ends_at", "too_long", sentence)
    elif not all(FIRST_YEAR <= each.year <= LAST_YEAR for each in (starts_at, ends_at)):
        sentence = _("The year must lie between %(first)d and %(last)d.") % {
            "first": FIRST_YEAR,
            "last": LAST_YEAR,
        }
        found.refuse("starts_at", "year", sentence)


def check_people(
    found: Findings, draft: MeetingDraft, *, known: Collection[int], gone: dict[int, str]
) -> None:
    """`known` are all ids that exist; `gone` those who have left, with their names."""
    asked = {each.person_id for each in draft.attendees}
    if missing := len(asked - set(known)):
        sentence = ngettext(
            "%(count)d person isn't known here.", "%(count)d people aren't known here.", missing
        )
        found.refuse("attendees", "unknown", sentence % {"count": missing})
    if draft.organiser_id not in known:
        found.refuse("organiser_id", "unknown", _("The organiser isn't known here."))
    elif draft.organiser_id in gone:
        sentence = _("%(name)s has left and can't organise a meeting.") % {"name": gone[draft.organiser_id]}
        found.refuse("organiser_id", "gone", sentence)
    for person in sorted(asked & set(gone)):
        sentence = _("%(name)s has left and can't be asked to a meeting.") % {"name": gone[person]}
        found.refuse("attendees", "gone", sentence)
