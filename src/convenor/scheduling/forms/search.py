"""What is looked for beside the meeting's form: when, and in which rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm, time_field
from convenor.kernel.instants import Instant, LocalTime, Span, ZoneName, instant_of, to_instant, to_local
from convenor.kernel.recurrence.parsing import parse_rule
from convenor.kernel.recurrence.rule import Frequency, RuleError
from convenor.people.models import Person
from convenor.scheduling.forms.fields import PeopleField, day_field
from convenor.scheduling.requests import FindTimeRequest, GroupWanted, RoomWanted
from convenor.scheduling.rules.request import LONGEST_WINDOW_DAYS, MOST_BUFFER_MINUTES, check_request
from convenor.scheduling.rules.wording import names

LOOK_AHEAD = timedelta(days=11)
MOST_WEEKS_SEARCHED = 26
SHOWN = 8
# a request's fields, and the form's that show what is wrong with them
FIELD_OF = {"attendees": "attendees", "minutes": "duration_minutes", "any_of": "any_count", "within": "look_until",
            "headcount": "headcount", "style": "setup_style", "zone": "zone", "buffer": "buffer"}  # fmt: skip


class SearchPart(ActionForm):
    """Fields of the search; the meeting's own (people, length, zone, needs) are read from the same form."""

    look_from = day_field(label=_("from"))
    look_until = day_field(label=_("until"))
    earliest = time_field(label=_("not before"), required=False)
    latest = time_field(label=_("finished by"), required=False)
    buffer = forms.IntegerField(
        label=_("minutes free before and after"), min_value=0, max_value=MOST_BUFFER_MINUTES, required=False
    )
    out_of_hours = forms.BooleanField(label=_("also outside working hours"), required=False)
    any_of = PeopleField(
        label=_("some of these"),
        required=False,
        help_text=_(
            "The search looks for a time when enough of them can come; they are invited as optional."
        ),
    )
    any_count = forms.IntegerField(label=_("at least so many"), min_value=1, required=False)
    needs_room = forms.BooleanField(label=_("find a room too"), required=False, initial=True)
    site = forms.TypedMultipleChoiceField(
        label=_("at"),
        choices=[],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked: at any site."),
    )
    accessible = forms.BooleanField(label=_("step-free"), required=False)
    one_per_site = forms.BooleanField(label=_("a room at every site where attendees sit"), required=False)
    only_room = forms.BooleanField(label=_("only the room chosen"), required=False)

    def request(self, *, now: datetime, ignoring_meeting: int | None = None) -> FindTimeRequest | None:
        """What to look for; None, with the reasons at their fields, where the form doesn't say enough or says wrong."""
        data = self.cleaned_data
        if any(name in self.errors for name in (*_NEEDED, *SearchPart.base_fields)):
            return None
        zone = ZoneName(data["zone"])
        required = tuple(dict.fromkeys((*((data["chair"],) if data["chair"] else ()), *data["attendees"])))
        optional = data["optional"]
        asked = FindTimeRequest(
            required_ids=_ids(required),
            optional_ids=tuple(pk for pk in _ids(optional) if pk not in _ids(required)),
            groups=_groups(data),
            minutes=data["duration_minutes"],
            windows=_windows(data, zone, now),
            zone=zone,
            room=self._room(data),
            buffer_minutes_before=data["buffer"] or 0,
            buffer_minutes_after=data["buffer"] or 0,
            earliest=data["earliest"],
            latest=data["latest"],
            out_of_hours_allowed=data["out_of_hours"],
            weeks=self.weeks(),
            limit=SHOWN,
            ignoring_meeting=ignoring_meeting,
        )
        return self._checked(asked, now)

    def weeks(self) -> int:
        """How many weeks are looked at."""
        return _weeks(self.cleaned_data["rrule"])

    def _checked(self, asked: FindTimeRequest, now: datetime) -> FindTimeRequest | None:
        try:
            check_request(asked, now=now)
        except ValidationError as error:
            self.refuse(
                ValidationError(
                    {FIELD_OF.get(name, name): texts for name, texts in error.message_dict.items()}
                )
            )
            return None
        return asked

    def _room(self, data: Mapping[str, Any]) -> RoomWanted | None:
        if not data["needs_room"]:
            return None
        people = {person.pk for name in ("attendees", "optional", "any_of") for person in data[name]}
        people |= {data["chair"].pk} if data["chair"] else set()
        only = data["room_id"] if data["only_room"] else None
        return RoomWanted(
            headcount=data["headcount"] or len(people),
            style=data["setup_style"],
            equipment=data["equipment_needed"],
            site_ids=frozenset(data["site"]) or None,
            room_ids=frozenset({only}) if only else None,
            accessible=data["accessible"],
            one_per_site=data["one_per_site"],
        )


_NEEDED = ("chair", "attendees", "optional", "duration_minutes", "zone", "headcount", "setup_style", "equipment_needed",
           "room_id", "rrule", "repeat", "every", "times")  # fmt: skip


def _ids(people: Sequence[Person]) -> tuple[int, ...]:
    return tuple(person.pk for person in people)


def _groups(data: Mapping[str, Any]) -> tuple[GroupWanted, ...]:
    if not data["any_of"]:
        return ()
    name = names([person.name for person in data["any_of"]])
    return (GroupWanted(_ids(data["any_of"]), data["any_count"] or 1, name),)


def _windows(data: Mapping[str, Any], zone: ZoneName, now: datetime) -> tuple[Span, ...]:
    """From the first day to the end of the last; nothing for days in the wrong order."""
    first, last = look_days(data, zone, now)
    if last < first or last > first + timedelta(days=LONGEST_WINDOW_DAYS + 1):
        return ()
    start = to_instant(LocalTime(datetime.combine(first, time())), zone)
    end = to_instant(LocalTime(datetime.combine(last + timedelta(days=1), time())), zone)
    return (Span(Instant(min(max(start, instant_of(now)), end - 60)), end),)


def look_days(data: Mapping[str, Any], zone: ZoneName, now: datetime) -> tuple[date, date]:
    """The first and the last day to look in; those not given are the meeting's own, or from today on."""
    chosen = data.get("local_start")
    first = data["look_from"] or (chosen.date() if chosen else instant_day(now, zone))
    return first, data["look_until"] or first + LOOK_AHEAD


def instant_day(now: datetime, zone: ZoneName) -> date:
    return to_local(instant_of(now), zone).date()


def _weeks(rrule: str) -> int:
    """How many weeks of a weekly series are looked at; 1 where it doesn't repeat weekly."""
    if not rrule:
        return 1
    try:
        rule = parse_rule(rrule)
    except RuleError:
        return 1
    if rule.frequency is not Frequency.WEEKLY or rule.interval != 1 or len(rule.weekdays) > 1:
        return 1
    return min(rule.count or MOST_WEEKS_SEARCHED, MOST_WEEKS_SEARCHED)
