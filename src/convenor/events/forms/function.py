"""The forms of a function and of a line of its run of show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, WallClockField
from convenor.events.drafts import (
    AttendeeDraft,
    CueDraft,
    EquipmentDraft,
    FunctionDraft,
    SpeakerDraft,
)
from convenor.events.enums import FunctionKind, Service
from convenor.events.rules.function import (
    DAY_MINUTES,
    LONGEST_KEY,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_TEXT,
    LONGEST_TRACK,
    MOST_HEADCOUNT,
    fingerprint,
)
from convenor.kernel.instants import LocalTime
from convenor.people.models import Person
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.forms.fields import OnePersonField, PeopleField
from convenor.scheduling.rules.draft import MOST_PIECES
from convenor.scheduling.rules.texts import LONGEST_TITLE
from convenor.venues.enums import SetupStyle
from convenor.venues.queries.rooms import equipment_for, rooms_for

PEOPLE = ("host_id", "speakers", "chair", "attendees", "optional")
SAME = (
    *("title", "local_start", "duration_minutes", "track", "headcount", "setup_style", "is_for_all"),
    *("is_public", "abstract", "catering", "av", "security", "facility", "staffing", "notes", "sheet_due"),
)
LIVE = {
    **dict.fromkeys(("chair", "attendees", "optional"), "attendees"),
    **dict.fromkeys(("room_id", "more_room_ids"), "room_ids"),
}
"""Fields of the form and the field of the draft whose live sentences stand beneath the first of them."""
_SEARCHED = {
    "data-combobox": "",
    "data-text-remove": _("Remove {label}"),
    "data-text-none": _("Nothing found"),
    "data-text-found": _("{n} found"),
}


def _text(label: Any, **kwargs: Any) -> TextField:
    return TextField(label=label, lines=3, max_length=LONGEST_TEXT, required=False, **kwargs)


class FunctionForm(ActionForm):
    """Cleans to a FunctionDraft (`draft`), whose fields its own are named as where they are alike."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    title = TextField(label=_("title"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("kind"), choices=FunctionKind.choices, initial=FunctionKind.SESSION)
    track = TextField(label=_("track"), max_length=LONGEST_TRACK, required=False, help_text=_("Functions of one track follow one another; tracks run side by side."))  # fmt: skip
    local_start = WallClockField(label=_("starts"), required=True)
    duration_minutes = forms.IntegerField(
        label=_("minutes"), min_value=1, max_value=LONGEST_MINUTES, initial=60, widget=forms.NumberInput(attrs={"step": 5})
    )  # fmt: skip
    host_id = OnePersonField(label=_("host"), required=False)
    speakers = PeopleField(label=_("speakers"), required=False)
    topics = TextField(
        label=_("topics"), lines=3, max_length=LONGEST_TEXT, required=False, help_text=_("One line for each speaker, in their order.")
    )  # fmt: skip
    is_for_all = forms.BooleanField(
        label=_("for everybody in the event"), required=False, help_text=_("Whoever joins the event later is asked too.")
    )  # fmt: skip
    chair = OnePersonField(label=_("chair"), required=False)
    attendees = PeopleField(label=_("who else must come"), required=False)
    optional = PeopleField(label=_("who may come"), required=False)
    room_id = forms.TypedChoiceField(
        label=_("room"), choices=[], coerce=int, empty_value=None, required=False
    )
    more_room_ids = forms.TypedMultipleChoiceField(
        label=_("further rooms"), coerce=int, required=False, widget=forms.SelectMultiple(attrs=_SEARCHED)
    )
    setup_style = forms.ChoiceField(
        label=_("set-up"), choices=[("", _("As it stands")), *SetupStyle.choices], required=False
    )
    headcount = forms.IntegerField(
        label=_("people expected"), min_value=1, max_value=MOST_HEADCOUNT, required=False, help_text=_("Empty: those invited.")
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("in the public programme"), required=False)
    abstract = _text(_("abstract"), help_text=_("Shown in the public programme and in the invitation."))
    catering = _text(_("catering"))
    av = _text(_("audio and video"))
    security = _text(_("security"))
    facility = _text(_("facility"))
    staffing = _text(_("staffing"))
    notes = _text(_("notes"))
    sheet_due = forms.BooleanField(label=_("needs a function sheet"), required=False, initial=True)
    key = forms.SlugField(
        label=_("key"), max_length=LONGEST_KEY, required=False, help_text=_("Names it in plan files. Empty: made from the title.")
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        old: FunctionDraft | None = None,
        taken: Iterable[str] = (),
        **kwargs: Any,
    ) -> None:
        """`old` is the function that is changed; `taken` are the keys of the others."""
        kwargs["initial"] = (_initial(old) if old else {}) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.old, self.taken = old, set(taken)
        for name in PEOPLE:
            field = self.fields[name]
            assert isinstance(field, PeopleField)
            field.actor = actor
        rooms = _grouped(rooms_for(actor))
        self._choices("room_id").choices = [("", _("No room")), *rooms]
        self._choices("more_room_ids").choices = rooms
        self.kinds = list(equipment_for(actor, movable=True))
        asked = {each.equipment_id: each.quantity for each in old.equipment} if old else {}
        for kind in self.kinds:
            self.fields[f"equipment_{kind.pk}"] = forms.IntegerField(
                label=kind.name,
                min_value=0,
                max_value=MOST_PIECES,
                required=False,
                initial=asked.get(kind.pk),
            )

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def equipment_fields(self) -> list[Any]:
        return [self[f"equipment_{kind.pk}"] for kind in self.kinds]

    def refuse(self, error: Any) -> None:
        """The draft's field names, and the meeting's, are here those of the first field that they come from."""
        names = {"room_ids": "room_id", "equipment": "room_id", "organiser_id": "host_id"}
        self._renamed(error, names)

    def _renamed(self, error: Any, names: Mapping[str, str]) -> None:
        if hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                field = names.get(name, name)
                for each in found:
                    self.add_error(field if field in self.fields else None, each)
        else:
            super().refuse(error)

    def draft(self) -> FunctionDraft:
        """The whole function as the form says; cues, speakers' answers and pieces' sites stay as they were."""
        data, old = self.cleaned_data, self.old
        rooms = [data["room_id"], *data["more_room_ids"]]
        return FunctionDraft(
            **{name: data[name] for name in SAME},
            key=data["key"] or (old.key if old else self._new_key(data["title"])),
            kind=FunctionKind(data["kind"]),
            host_id=data["host_id"].pk if data["host_id"] else None,
            room_ids=tuple(dict.fromkeys(each for each in rooms if each is not None)),
            equipment=self._equipment(),
            attendees=tuple(_attendees(data)),
            speakers=tuple(self._speakers()),
            cues=old.cues if old else (),
        )

    def _new_key(self, title: str) -> str:
        stem = slugify(title)[: LONGEST_KEY - 4].strip("-") or "function"
        free = (f"{stem}-{number}" for number in range(2, 10_000))
        return stem if stem not in self.taken else next(key for key in free if key not in self.taken)

    def _equipment(self) -> tuple[EquipmentDraft, ...]:
        sites = {each.equipment_id: each.site_id for each in self.old.equipment} if self.old else {}
        wanted = {kind.pk: self.cleaned_data.get(f"equipment_{kind.pk}") for kind in self.kinds}
        return tuple(EquipmentDraft(kind, count, sites.get(kind)) for kind, count in wanted.items() if count)

    def _speakers(self) -> Iterable[SpeakerDraft]:
        topics = [line.strip() for line in self.cleaned_data["topics"].splitlines()]
        known = {each.person_id: each for each in self.old.speakers} if self.old else {}
        people: Sequence[Person] = self.cleaned_data["speakers"]
        for person, topic in zip_longest(people, topics[: len(people)], fillvalue=""):
            assert isinstance(person, Person)
            was = known.get(person.pk)
            yield replace(was, topic=topic) if was else SpeakerDraft(person.pk, str(topic))


def _initial(old: FunctionDraft) -> dict[str, Any]:
    by_role: dict[AttendeeRole, list[int]] = {role: [] for role in AttendeeRole}
    for each in old.attendees:
        by_role[each.role].append(each.person_id)
    speakers = [each.person_id for each in old.speakers]
    everybody = {
        *speakers,
        *(each.person_id for each in old.attendees),
        *([old.host_id] if old.host_id else []),
    }
    people = Person.objects.in_bulk(everybody)
    chairs = by_role[AttendeeRole.CHAIR]
    return {
        **{name: getattr(old, name) for name in SAME},
        "seen": fingerprint(old),
        "key": old.key,
        "kind": old.kind,
        "host_id": people.get(old.host_id or 0),
        "speakers": tuple(people[pk] for pk in speakers),
        "topics": "\n".join(each.topic for each in old.speakers).rstrip("\n"),
        "chair": people[chairs[0]] if chairs else None,
        "attendees": tuple(people[pk] for pk in by_role[AttendeeRole.REQUIRED]),
        "optional": tuple(people[pk] for pk in by_role[AttendeeRole.OPTIONAL]),
        "room_id": old.room_ids[0] if old.room_ids else None,
        "more_room_ids": list(old.room_ids[1:]),
    }


def _attendees(data: Mapping[str, Any]) -> Iterable[AttendeeDraft]:
    """Each person once, in the first part that names them."""
    parts: Sequence[tuple[Sequence[Person], AttendeeRole]] = (
        ((data["chair"],) if data["chair"] else (), AttendeeRole.CHAIR),
        (data["attendees"], AttendeeRole.REQUIRED),
        (data["optional"], AttendeeRole.OPTIONAL),
    )
    seen: set[int] = set()
    for people, role in parts:
        for person in people:
            if person.pk not in seen:
                seen.add(person.pk)
                yield AttendeeDraft(person.pk, role)


def _grouped(rooms: Iterable[Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    by_site: dict[str, list[tuple[str, str]]] = {}
    for room in rooms:
        by_site.setdefault(room.site.name, []).append((str(room.pk), f"{room.code} {room.name}"))
    return list(by_site.items())


class CueForm(ActionForm):
    """A line of the run of show at a time of the event's clocks; cleans to a CueDraft (`draft`)."""

    function_id = forms.TypedChoiceField(label=_("function"), coerce=int, choices=[])
    at = WallClockField(label=_("time"), required=True)
    minutes = forms.IntegerField(label=_("minutes"), min_value=0, max_value=LONGEST_MINUTES, initial=1)
    what = TextField(label=_("what happens"), max_length=LONGEST_LINE)
    cue = TextField(label=_("cue"), max_length=LONGEST_LINE, required=False)
    owner_id = OnePersonField(label=_("owner"), required=False)
    service = forms.ChoiceField(label=_("service"), choices=[("", "—"), *Service.choices], required=False)

    def __init__(
        self, *args: Any, actor: Actor, starts: Mapping[int, tuple[str, LocalTime]], **kwargs: Any
    ) -> None:
        """`starts` are the functions that it may belong to, by key: title and start."""
        super().__init__(*args, **kwargs)
        self.starts = starts
        owner, functions = self.fields["owner_id"], self.fields["function_id"]
        assert isinstance(owner, OnePersonField)
        assert isinstance(functions, forms.ChoiceField)
        owner.actor = actor
        functions.choices = [(str(key), title) for key, (title, _start) in starts.items()]

    def refuse(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "offset_minutes" in error.error_dict:
            error.error_dict["at"] = error.error_dict.pop("offset_minutes")
        super().refuse(error)

    def draft(self) -> CueDraft:
        data = self.cleaned_data
        start = self.starts[data["function_id"]][1]
        far = timedelta(minutes=DAY_MINUTES * 400)
        offset = min(max(data["at"] - start, -far), far) // timedelta(minutes=1)
        return CueDraft(
            offset_minutes=offset,
            minutes=data["minutes"],
            what=data["what"],
            cue=data["cue"],
            owner_id=data["owner_id"].pk if data["owner_id"] else None,
            service=data["service"],
        )
