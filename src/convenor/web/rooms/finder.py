"""The finder's form: what one needs and when, read from the address."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.actor import Actor
from convenor.base.forms import ActionForm, TextField, date_field, time_field
from convenor.kernel.instants import LocalTime, ZoneName, datetime_of, to_instant
from convenor.scheduling.queries.room_finder import RoomQuestion
from convenor.scheduling.rules.room import RoomNeed
from convenor.venues.enums import SetupStyle
from convenor.venues.queries.rooms import equipment_for
from convenor.venues.queries.sites import sites_for
from convenor.web.templatetags.ui import duration

LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240, 480)
MOST_PEOPLE = 100_000


class FinderForm(ActionForm):
    """`question` is what the finder is asked; times are those of the site, without one the reader's."""

    q = TextField(label=_("Name, code or floor"), max_length=100, required=False)
    day = date_field(label=_("Day"), required=False)
    starts = time_field(label=_("From"), required=False)
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, required=False)
    headcount = forms.IntegerField(label=_("People"), min_value=1, max_value=MOST_PEOPLE, required=False)
    style = forms.ChoiceField(label=_("Set-up"), required=False)
    site = forms.TypedChoiceField(label=_("Site"), coerce=int, required=False, empty_value=None)
    equipment = forms.MultipleChoiceField(label=_("Equipment"), required=False)
    step_free = forms.BooleanField(label=_("Step-free"), required=False)

    def __init__(self, query: QueryDict, *, actor: Actor, zone: ZoneName, today: date) -> None:
        super().__init__(query or None, initial={"day": today, "minutes": 60})
        self.zone = zone
        self.names = {kind.code: kind.name for kind in equipment_for(actor)}
        self.sites = {site.pk: site for site in sites_for(actor)}
        self._offer(
            "site", [("", gettext("Any site")), *((key, site.name) for key, site in self.sites.items())]
        )
        self._offer("minutes", [(length, duration(length)) for length in LENGTHS])
        self._offer("style", [("", gettext("Any set-up")), *SetupStyle.choices])
        self._offer("equipment", list(self.names.items()))
        self.fields["equipment"].widget.attrs |= {
            "data-combobox": "",
            "data-placeholder": gettext("Any"),
            "data-text-remove": gettext("Remove {label}"),
            "data-text-none": gettext("No such equipment"),
        }

    def _offer(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    @property
    def is_asked(self) -> bool:
        """Whether anything is asked for besides a name or a site."""
        return self.is_bound and self.is_valid() and any(
            self.cleaned_data.get(name) for name in ("starts", "headcount", "style", "equipment", "step_free")
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("starts") and not data.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Say on which day."))
        return data

    @property
    def question(self) -> RoomQuestion:
        """Nothing but everything, for a form that isn't filled in or can't be read."""
        if not self.is_bound or not self.is_valid():
            return RoomQuestion()
        data = self.cleaned_data
        starts, ends = self._times(data.get("day"), data.get("starts"), data.get("minutes") or 60)
        need = RoomNeed(
            headcount=data.get("headcount"),
            style=data.get("style") or "",
            step_free=data.get("step_free", False),
            equipment=dict.fromkeys(data.get("equipment") or (), 1),
        )
        return RoomQuestion(
            starts_at=starts,
            ends_at=ends,
            need=need,
            site_id=data.get("site"),
            text=data.get("q", ""),
        )

    def _times(
        self, day: date | None, starts: time | None, minutes: int
    ) -> tuple[datetime | None, datetime | None]:
        if day is None or starts is None:
            return None, None
        site = self.sites.get(self.cleaned_data.get("site") or 0)
        local = LocalTime(datetime.combine(day, starts))
        start = datetime_of(to_instant(local, ZoneName(site.zone) if site else self.zone))
        return start, start + timedelta(minutes=minutes)
