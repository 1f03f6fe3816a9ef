"""Forms of sites, rooms, equipment and closures. What they clean are the arguments of the actions of the same name."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, WallClockField, WeekForm, ZoneField
from convenor.base.models import User
from convenor.kernel.instants import LocalTime, ZoneName, datetime_of, to_instant
from convenor.venues.checks import MOST_MINUTES, MOST_SEATS
from convenor.venues.drafts import SetupDraft
from convenor.venues.enums import ClosureKind, SetupStyle
from convenor.venues.models import Closure, Equipment, Room, Site
from convenor.venues.pictures import kept_picture
from convenor.venues.public_holidays import country_names
from convenor.venues.queries.rooms import equipment_for, rooms_for
from convenor.venues.queries.sites import sites_for


class SiteForm(ActionForm):
    """create_site, change_site."""

    code = TextField(label=_("code"), max_length=20)
    name = TextField(label=_("name"), max_length=120)
    zone = ZoneField()
    country = forms.ChoiceField(label=_("country"))
    subdivision = TextField(
        label=_("subdivision"),
        max_length=6,
        required=False,
        help_text=_("Only where it has public holidays of its own: BY for Bavaria."),
    )
    address = TextField(label=_("address"), lines=3, required=False, max_length=500)
    currency = TextField(label=_("currency"), max_length=3, initial="EUR")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_names()  # type: ignore[attr-defined]  # a ChoiceField

    @classmethod
    def initial_of(cls, site: Site) -> dict[str, Any]:
        return {name: getattr(site, name) for name in cls.base_fields}


class OpeningHoursForm(WeekForm):
    """set_opening_hours."""


class TravelForm(ActionForm):
    """set_travel: one field for every other site; `cleaned_data` is `minutes`."""

    def __init__(self, *args: Any, actor: Actor, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for other in sites_for(actor).exclude(pk=site.pk):
            self.fields[f"to_{other.pk}"] = forms.IntegerField(
                label=gettext("Minutes to %(site)s") % {"site": other},
                required=False,
                min_value=0,
                max_value=2 * MOST_MINUTES,
            )

    @classmethod
    def initial_of(cls, site: Site) -> dict[str, Any]:
        return {
            f"to_{pk}": minutes for pk, minutes in site.travel_from.values_list("destination_id", "minutes")
        }

    def clean(self) -> dict[str, Any]:
        return {
            "minutes": {int(name.removeprefix("to_")): value for name, value in self.cleaned_data.items()}
        }


class RoomForm(ActionForm):
    """create_room, change_room. Every set-up style has a row of fields, every fixed kind of equipment a quantity."""

    NOT_COLUMNS = frozenset({"usual", "remove_photo"})

    site = forms.ModelChoiceField(label=_("site"), queryset=Site.objects.none())
    code = TextField(label=_("code"), max_length=30)
    name = TextField(label=_("name"), max_length=120)
    floor = TextField(label=_("floor"), max_length=20, required=False)
    part_of = forms.ModelChoiceField(
        label=_("part of"),
        queryset=Room.objects.none(),
        required=False,
        help_text=_("The hall whose part this is: booking one takes the other."),
    )
    accessible = forms.BooleanField(label=_("step-free access"), required=False, initial=True)
    turn_minutes = forms.IntegerField(
        label=_("turn minutes"),
        min_value=0,
        max_value=MOST_MINUTES,
        initial=0,
        help_text=_("Kept free after each booking."),
    )
    approval_needed = forms.BooleanField(label=_("needs approval"), required=False)
    approver = forms.ModelChoiceField(label=_("approver"), queryset=User.objects.none(), required=False)
    booking_window_days = forms.IntegerField(
        label=_("bookable days ahead"),
        required=False,
        min_value=1,
        max_value=3_660,
        help_text=_("Empty: no limit."),
    )
    longest_minutes = forms.IntegerField(
        label=_("longest booking, minutes"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Empty: no limit."),
    )
    hourly_rate = forms.DecimalField(
        label=_("internal rate per hour"), min_value=0, max_digits=10, decimal_places=2, initial=0
    )
    photo = forms.ImageField(
        label=_("photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, at most 8 MB. Where and with what it was taken is not kept."),
    )
    remove_photo = forms.BooleanField(label=_("take the photo away"), required=False)
    note = TextField(label=_("note"), lines=3, required=False, max_length=2_000)
    usual = forms.ChoiceField(label=_("usual set-up"), required=False)

    def __init__(self, *args: Any, actor: Actor, room: Room | None = None, **kwargs: Any) -> None:
        if room is not None:
            kwargs["initial"] = self.initial_of(room) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        halls = rooms_for(actor).exclude(pk=room.pk) if room else rooms_for(actor)
        offered: dict[str, Any] = {
            "site": sites_for(actor),
            "part_of": halls,
            "approver": User.objects.filter(is_active=True),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["usual"].choices = [("", "–"), *SetupStyle.choices]  # type: ignore[attr-defined]  # a ChoiceField
        if room is None or not room.photo:
            del self.fields["remove_photo"]
        self._add_setups()
        self._kinds = list(equipment_for(actor))  # a movable kind may stand in a room for good too
        for kind in self._kinds:
            self.fields[f"equipment_{kind.pk}"] = _number(kind.name, 1_000)

    @classmethod
    def initial_of(cls, room: Room) -> dict[str, Any]:
        initial = {name: getattr(room, name) for name in cls.base_fields if name not in cls.NOT_COLUMNS}
        for setup in room.setups.all():
            initial[f"capacity_{setup.style}"] = setup.capacity
            initial[f"setup_{setup.style}"] = setup.setup_minutes
            initial[f"teardown_{setup.style}"] = setup.teardown_minutes
            if setup.is_default:
                initial["usual"] = setup.style
        return initial | {f"equipment_{each.equipment_id}": each.quantity for each in room.equipment.all()}

    @property
    def setup_rows(self) -> list[tuple[str, Any, Any, Any]]:
        """Style, and its fields for seats, set-up and teardown minutes."""
        return [
            (str(style.label), self[f"capacity_{style}"], self[f"setup_{style}"], self[f"teardown_{style}"])
            for style in SetupStyle
        ]

    @property
    def equipment_rows(self) -> list[Any]:
        return [self[f"equipment_{kind.pk}"] for kind in self._kinds]

    def clean_photo(self) -> Any:
        """A new picture as we keep it; otherwise the one there is, or ""."""
        photo = self.cleaned_data["photo"]
        return kept_picture(photo) if isinstance(photo, UploadedFile) else photo or ""

    def clean(self) -> dict[str, Any]:
        data = {name: self.cleaned_data[name] for name in self.base_fields if name in self.cleaned_data}
        usual = data.pop("usual", "")
        if data.pop("remove_photo", False) and "photo" not in self.changed_data:
            data["photo"] = ""
        setups = [draft for style in SetupStyle if (draft := self._setup(style, usual))]
        if usual and not any(draft.is_default for draft in setups):
            self.add_error("usual", gettext("Give the number of seats in this set-up."))
        quantities = {kind.pk: self.cleaned_data.get(f"equipment_{kind.pk}") for kind in self._kinds}
        return data | {
            "setups": setups,
            "equipment": {pk: number for pk, number in quantities.items() if number},
        }

    def _setup(self, style: SetupStyle, usual: str) -> SetupDraft | None:
        capacity, setup, teardown = (
            self.cleaned_data.get(f"{name}_{style}") or 0 for name in ("capacity", "setup", "teardown")
        )
        return SetupDraft(style, capacity, setup, teardown, is_default=usual == style) if capacity else None

    def _add_setups(self) -> None:
        for style in SetupStyle:
            params = {"style": style.label}
            self.fields[f"capacity_{style}"] = _number(gettext("%(style)s: seats") % params, MOST_SEATS)
            self.fields[f"setup_{style}"] = _number(
                gettext("%(style)s: set-up minutes") % params, MOST_MINUTES
            )
            self.fields[f"teardown_{style}"] = _number(
                gettext("%(style)s: teardown minutes") % params, MOST_MINUTES
            )


class EquipmentForm(ActionForm):
    """create_equipment, change_equipment."""

    code = forms.SlugField(label=_("code"), max_length=40)
    name = TextField(label=_("name"), max_length=80)
    is_movable = forms.BooleanField(label=_("movable"), required=False)

    @classmethod
    def initial_of(cls, kind: Equipment) -> dict[str, Any]:
        return {name: getattr(kind, name) for name in cls.base_fields}


class StockForm(ActionForm):
    """set_stock."""

    pieces = forms.IntegerField(label=_("pieces"), min_value=0, max_value=1_000)


class ClosureForm(ActionForm):
    """create_closure, change_closure. Times are the site's; the cleaned `starts_at` and `ends_at` are instants."""

    site = forms.ModelChoiceField(label=_("site"), queryset=Site.objects.none())
    floor = TextField(label=_("floor"), max_length=20, required=False, help_text=_("Empty: not a floor."))
    room = forms.ModelChoiceField(
        label=_("room"),
        queryset=Room.objects.none(),
        required=False,
        help_text=_("Neither floor nor room: the whole site."),
    )
    starts_at = WallClockField(label=_("from"))
    ends_at = WallClockField(label=_("until"))
    kind = forms.ChoiceField(label=_("kind"), choices=ClosureKind.choices)
    reason = TextField(label=_("reason"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites_for(actor)  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["room"].queryset = rooms_for(actor)  # type: ignore[attr-defined]  # a ModelChoiceField

    @classmethod
    def initial_of(cls, closure: Closure) -> dict[str, Any]:
        zone = ZoneInfo(closure.site.zone)
        initial = {name: getattr(closure, name) for name in cls.base_fields}
        return initial | {
            name: initial[name].astimezone(zone).replace(tzinfo=None) for name in ("starts_at", "ends_at")
        }

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        site, starts, ends = data.get("site"), data.get("starts_at"), data.get("ends_at")
        if site is not None and starts is not None and ends is not None:
            data |= {"starts_at": _instant(starts, site), "ends_at": _instant(ends, site)}
            if data["ends_at"] <= data["starts_at"]:
                self.add_error("ends_at", gettext("The end must be after the start."))
        return data


def _instant(local: LocalTime, site: Site) -> Any:
    return datetime_of(to_instant(local, ZoneName(site.zone)))


def _number(label: str, most: int) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most)
