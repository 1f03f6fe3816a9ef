"""The meeting's form when it is changed: which part of a series, seen at which version; and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm
from convenor.kernel.instants import LocalTime, ZoneName, instant_of, to_local
from convenor.scheduling.drafts import KEEP, REFUSE, AttendeeDraft, MeetingChanges, OnClash
from convenor.scheduling.enums import AttendeeRole, Scope
from convenor.scheduling.forms.meeting import MeetingForm, attendees_in
from convenor.scheduling.forms.repeat import shown_repeat
from convenor.scheduling.models import Meeting, Occurrence
from convenor.scheduling.rules.draft import MINUTES_A_DAY

COLUMNS = (
    "title", "zone", "description", "location", "is_private", "shows_as_busy", "is_movable", "priority",
    "headcount", "setup_style", "all_day",
)  # fmt: skip


class ScopePart(ActionForm):
    """How much of a series is meant; `version` is the one that was shown."""

    scope = forms.TypedChoiceField(
        label=_("change"), choices=Scope.choices, coerce=Scope, widget=forms.RadioSelect, required=False,
        empty_value=Scope.ALL,
    )  # fmt: skip
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


class CancelForm(ScopePart):
    """cancel_meeting."""


class MeetingChangeForm(MeetingForm, ScopePart):
    """Cleans to MeetingChanges."""

    def changes(
        self,
        meeting: Meeting,
        occurrence: Occurrence | None,
        *,
        room_id: int | None,
        on_clash: OnClash = REFUSE,
        left_out: tuple[LocalTime, ...] = (),
    ) -> MeetingChanges:
        """What the form changes of the meeting; `room_id` is the room that the occurrence has now.

        The start is told as its place in the part that is changed: a series moved from one of its occurrences moves by as much.
        """
        data = self.cleaned_data
        given: dict[str, Any] = {name: data[name] for name in COLUMNS}
        start = data["local_start"]
        if occurrence is not None and data["scope"] == Scope.ALL:
            start = LocalTime(meeting.local_start + (start - start_of(occurrence, meeting)))
        return MeetingChanges(
            **given,
            organiser_id=data["organiser_id"].pk,
            local_start=start,
            duration_minutes=data["duration_minutes"],
            rrule=data["rrule"],
            equipment_needed={
                code: meeting.equipment_needed.get(code, 1) for code in data["equipment_needed"]
            },
            attendees=_kept_in_order(meeting, tuple(attendees_in(data))),
            room_id=KEEP if data["room_id"] == room_id else data["room_id"],
            exdates=_with_dates(meeting, left_out) if left_out else KEEP,
            on_clash=on_clash,
        )

    def weeks(self) -> int:
        return 1 if self.cleaned_data.get("scope") == Scope.ONE else super().weeks()

    def on_top_of(self, version: int) -> MeetingChangeForm:
        """The same form as sent, to be saved over what others did since: it has now been seen."""
        assert isinstance(self.data, MultiValueDict)
        data = self.data.copy()
        data["version"] = str(version)
        form = MeetingChangeForm(data, actor=self.actor)
        form.is_valid()
        return form


def _with_dates(meeting: Meeting, left_out: tuple[LocalTime, ...]) -> tuple[LocalTime, ...]:
    before = (LocalTime(datetime.fromisoformat(text)) for text in meeting.exdates)
    return tuple(sorted({*before, *left_out}))


def _kept_in_order(meeting: Meeting, wanted: tuple[AttendeeDraft, ...]) -> tuple[AttendeeDraft, ...]:
    """Resources, which the form doesn't show, stay; nobody's place changes without need, so that nothing counts as changed."""
    roles = {each.person_id: each for each in wanted}
    before = list(meeting.attendees.all())
    kept = [
        roles.pop(each.person_id)
        if each.person_id in roles
        else AttendeeDraft(each.person_id, AttendeeRole.RESOURCE)
        for each in before
        if each.person_id in roles or each.role == AttendeeRole.RESOURCE
    ]
    return (*kept, *roles.values())


def start_of(occurrence: Occurrence, meeting: Meeting) -> LocalTime:
    """When the occurrence starts on the meeting's wall clocks."""
    return to_local(instant_of(occurrence.starts_at), ZoneName(meeting.zone))


def initial_of(meeting: Meeting, occurrence: Occurrence | None, *, room_id: int | None) -> Mapping[str, Any]:
    """What the form shows of a meeting, at one of its occurrences where one is given."""
    minutes = meeting.duration_minutes
    start = meeting.local_start
    if occurrence is not None:
        start = start_of(occurrence, meeting)
        minutes = int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60)
    values = {name: getattr(meeting, name) for name in COLUMNS}
    return {
        **values,
        **_people(meeting),
        "title": (occurrence.title if occurrence else "") or meeting.title,
        "organiser_id": meeting.organiser,
        "local_start": start,
        "duration_minutes": minutes,
        "days": max(meeting.duration_minutes // MINUTES_A_DAY, 1),
        "equipment_needed": list(meeting.equipment_needed),
        **shown_repeat(meeting.rrule, start=meeting.local_start, zone=meeting.zone, all_day=meeting.all_day),
        "room_id": room_id or "",
        "version": meeting.version,
        "scope": Scope.ONE if occurrence is not None else Scope.ALL,
        "needs_room": room_id is not None,
    }


def _people(meeting: Meeting) -> dict[str, Any]:
    def those(role: AttendeeRole) -> tuple[Any, ...]:
        return tuple(each.person for each in meeting.attendees.all() if each.role == role)

    return {
        "chair": next(iter(those(AttendeeRole.CHAIR)), None),
        "attendees": those(AttendeeRole.REQUIRED),
        "optional": those(AttendeeRole.OPTIONAL),
    }
