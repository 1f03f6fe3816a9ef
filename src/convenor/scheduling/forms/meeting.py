"""The form of a meeting, new or changed, with the search beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, WallClockField, ZoneField
from convenor.people.models import Person
from convenor.scheduling.drafts import REFUSE, AttendeeDraft, MeetingDraft, OnClash
from convenor.scheduling.enums import AttendeeRole, Priority
from convenor.scheduling.forms.fields import OnePersonField, PeopleField
from convenor.scheduling.forms.repeat import RepeatPart
from convenor.scheduling.forms.search import SearchPart
from convenor.scheduling.rules.draft import MINUTES_A_DAY, MOST_HEADCOUNT
from convenor.scheduling.rules.texts import LONGEST_DESCRIPTION, LONGEST_LOCATION, LONGEST_TITLE
from convenor.venues.enums import SetupStyle
from convenor.venues.models import Room
from convenor.venues.queries.rooms import equipment_for, rooms_for
from convenor.venues.queries.sites import sites_for

DEFAULT_MINUTES = 60
FORM_ID = "meeting-form"


class MeetingForm(RepeatPart, SearchPart, ActionForm):
    """Cleans to a MeetingDraft (`draft`) or a FindTimeRequest (`request`); its fields are named as the draft's."""

    title = TextField(label=_("title"), max_length=LONGEST_TITLE)
    organiser_id = OnePersonField(label=_("organiser"), required=True)
    chair = OnePersonField(label=_("chair"), required=False)
    attendees = PeopleField(label=_("who must come"), required=False)
    optional = PeopleField(label=_("who may come"), required=False)
    local_start = WallClockField(label=_("starts"), required=True)
    duration_minutes = forms.IntegerField(
        label=_("minutes"),
        initial=DEFAULT_MINUTES,
        widget=forms.NumberInput(attrs={"step": 5, "list": "lengths"}),
    )
    all_day = forms.BooleanField(label=_("all day"), required=False)
    days = forms.IntegerField(
        label=_("days"),
        min_value=1,
        max_value=366,
        initial=1,
        required=False,
        help_text=_("Of an all-day meeting."),
    )
    zone = ZoneField()
    room_id = forms.TypedChoiceField(
        label=_("room"), choices=[], coerce=int, empty_value=None, required=False
    )
    headcount = forms.IntegerField(
        label=_("people expected"), min_value=1, max_value=MOST_HEADCOUNT, required=False, help_text=_("Empty: those invited.")
    )  # fmt: skip
    setup_style = forms.ChoiceField(
        label=_("set-up"), choices=[("", _("As it stands")), *SetupStyle.choices], required=False
    )
    equipment_needed = forms.MultipleChoiceField(
        label=_("equipment"), choices=[], widget=forms.CheckboxSelectMultiple, required=False
    )
    location = TextField(
        label=_("place or link"), max_length=LONGEST_LOCATION, required=False, help_text=_("Where there is no room.")
    )  # fmt: skip
    description = TextField(label=_("description"), lines=4, max_length=LONGEST_DESCRIPTION, required=False)
    is_private = forms.BooleanField(
        label=_("private"), required=False, help_text=_("Others see only that you are busy.")
    )
    is_movable = forms.BooleanField(label=_("may be moved for another meeting"), required=False, initial=True)
    shows_as_busy = forms.BooleanField(label=_("shows as busy"), required=False, initial=True)
    priority = forms.TypedChoiceField(
        label=_("priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )

    def __init__(self, *args: Any, actor: Actor, searching: bool = False, **kwargs: Any) -> None:
        """`searching`: what the search doesn't need may be missing."""
        super().__init__(*args, **kwargs)
        self.actor = actor
        for name in ("organiser_id", "chair", "attendees", "optional", "any_of"):
            self._people(name).actor = actor
        self.rooms = list(rooms_for(actor)) if "room_id" in self.fields else []
        self._choices("room_id").choices = _rooms(self.rooms)
        kinds = list(equipment_for(actor).values_list("code", "name"))
        self._choices("equipment_needed").choices = kinds
        self._choices("site").choices = list(sites_for(actor).values_list("pk", "name"))
        for name in SearchPart.base_fields:
            self.fields[name].widget.attrs["form"] = FORM_ID  # the search stands beside the form
        self._require(not searching)

    def ask_all(self) -> None:
        """After a search: the page asks for everything again."""
        self._require(True)

    def _require(self, required: bool) -> None:
        for name in ("title", "local_start", "organiser_id"):
            self.fields[name].required = required

    def _people(self, name: str) -> PeopleField:
        field = self.fields[name]
        assert isinstance(field, PeopleField)
        return field

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def clean_equipment_needed(self) -> dict[str, int]:
        return dict.fromkeys(self.cleaned_data["equipment_needed"], 1)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, minutes = data.get("local_start"), data.get("duration_minutes")
        if data.get("all_day"):
            if start is not None:
                data["local_start"] = start.replace(hour=0, minute=0)
            data["duration_minutes"] = (data.get("days") or 1) * MINUTES_A_DAY
        elif minutes is not None and minutes < 1:
            self.add_error("duration_minutes", gettext("A meeting must end after it starts."))
        return data

    def draft(self, *, on_clash: OnClash = REFUSE, exdates: tuple[Any, ...] = ()) -> MeetingDraft:
        """The meeting as the form says; `on_clash` and `exdates` are what was chosen for dates whose room clashes."""
        data = self.cleaned_data
        same = ("title", "zone", "local_start", "duration_minutes", "all_day", "description", "location", "is_private",
                "shows_as_busy", "is_movable", "priority", "headcount", "setup_style", "equipment_needed", "room_id", "rrule")  # fmt: skip
        return MeetingDraft(
            **{name: data[name] for name in same},
            organiser_id=data["organiser_id"].pk,
            attendees=tuple(attendees_in(data)),
            exdates=exdates,
            on_clash=on_clash,
        )


def attendees_in(data: Mapping[str, Any]) -> Iterator[AttendeeDraft]:
    """Chair, required, optional; each person once, in the first part that names them."""
    chair: Sequence[Person] = (data["chair"],) if data["chair"] else ()
    seen: set[int] = set()
    for people, role in (
        (chair, AttendeeRole.CHAIR),
        (data["attendees"], AttendeeRole.REQUIRED),
        ([*data["optional"], *data["any_of"]], AttendeeRole.OPTIONAL),
    ):
        for person in people:
            if person.pk not in seen:
                seen.add(person.pk)
                yield AttendeeDraft(person.pk, role)


def _rooms(rooms: Sequence[Room]) -> list[tuple[str, Any]]:
    """Grouped by site."""
    by_site: dict[str, list[tuple[str, str]]] = {}
    for room in rooms:
        by_site.setdefault(room.site.name, []).append((str(room.pk), f"{room.code} {room.name}"))
    return [("", _("No room")), *by_site.items()]


def initial_for(person: Person | None, zone: str) -> dict[str, Any]:
    """Of a new meeting: its organiser is who makes it."""
    return {"organiser_id": person, "zone": zone, "attendees": (person,) if person else ()}
