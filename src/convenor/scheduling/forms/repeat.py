"""The friendly way to say that a meeting repeats, and the RRULE it makes."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convenor.base.forms import ActionForm, TextField
from convenor.kernel.instants import (
    LocalTime,
    UnknownZone,
    ZoneName,
    datetime_of,
    instant_of,
    to_instant,
    to_local,
    zone_name,
)
from convenor.kernel.recurrence.rule import Weekday
from convenor.scheduling.forms.fields import day_field

DAYS_A_WEEK = 7


class Repeat(TextChoices):
    NEVER = "", _("Does not repeat")
    DAILY = "daily", _("Every day")
    WORKING_DAYS = "working_days", _("Every working day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY_DAY = "monthly_day", _("Every month on the same date")
    MONTHLY_WEEKDAY = "monthly_weekday", _("Every month on the same weekday")
    YEARLY = "yearly", _("Every year")
    CUSTOM = "custom", _("Another rule (RRULE)")


def weekday_choices() -> list[tuple[str, Any]]:
    return [(day.name, WEEKDAYS_ABBR[day.value]) for day in Weekday]


class RepeatPart(ActionForm):
    """Adds `rrule` to the cleaned data; what else it cleans is only the way there."""

    repeat = forms.ChoiceField(label=_("repeats"), choices=Repeat.choices, required=False)
    every = forms.IntegerField(label=_("every so many"), min_value=1, max_value=99, initial=1, required=False)
    on_days = forms.MultipleChoiceField(
        label=_("on"), choices=weekday_choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    repeat_until = day_field(label=_("until"))
    times = forms.IntegerField(label=_("or so many times"), min_value=1, max_value=1_000, required=False)
    rrule = TextField(
        label=_("rule (RFC 5545 RRULE)"),
        required=False,
        max_length=1_000,
        help_text=_("Such as FREQ=MONTHLY;BYDAY=2TU;COUNT=12. Counts only with “Another rule”."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("repeat", "")
        if kind == Repeat.CUSTOM and not data.get("rrule", "").strip() and "rrule" not in self.errors:
            self.add_error("rrule", gettext("Write the rule, or choose how it repeats."))
        if kind and data.get("repeat_until") and data.get("times"):
            self.add_error("times", gettext("Say until when, or how many times; not both."))
        data["rrule"] = data.get("rrule", "").strip() if kind == Repeat.CUSTOM else _rule(kind, data)
        return data

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with a rule that the plain fields made stands at the one that ends it: the rule's own is hidden."""
        data = self.cleaned_data
        if field == "rrule" and data.get("repeat", "") not in {Repeat.NEVER, Repeat.CUSTOM}:
            field = "times" if data.get("times") else "repeat_until"
        super().add_error(field, error)


def shown_repeat(rrule: str, *, start: LocalTime, zone: str, all_day: bool) -> dict[str, Any]:
    """The plain fields that make exactly this rule, else the rule itself.

    The same weekday of a month stays a rule: its field would follow the start of one occurrence
    that is moved alone, and so seem to change the series.
    """
    if not rrule:
        return {"repeat": Repeat.NEVER, "rrule": ""}
    when = {"local_start": start, "zone": zone, "all_day": all_day}
    for kind in Repeat:
        if kind not in {Repeat.NEVER, Repeat.MONTHLY_WEEKDAY, Repeat.CUSTOM}:
            fields = _fields(dict(part.partition("=")[::2] for part in rrule.split(";")), zone)
            if _rule(kind, when | fields) == rrule:
                return {"repeat": kind, "rrule": ""} | fields
    return {"repeat": Repeat.CUSTOM, "rrule": rrule}


def _fields(parts: dict[str, str], zone: str) -> dict[str, Any]:
    every, times = (parts.get(name, "") for name in ("INTERVAL", "COUNT"))
    return {
        "every": int(every) if every.isdecimal() else 1,
        "times": int(times) if times.isdecimal() else None,
        "on_days": parts["BYDAY"].split(",") if "BYDAY" in parts else [],
        "repeat_until": _last_day(parts.get("UNTIL", ""), zone),
    }


def _last_day(until: str, zone: str) -> date | None:
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return None
    return moment.date() if moment.tzinfo is None else to_local(instant_of(moment), ZoneName(zone)).date()


def _rule(kind: str, data: dict[str, Any]) -> str:
    start = data.get("local_start")
    if not kind or start is None:
        return ""
    parts = [f"FREQ={_FREQUENCY[Repeat(kind)]}"]
    if (data.get("every") or 1) > 1 and kind != Repeat.WORKING_DAYS:
        parts.append(f"INTERVAL={data['every']}")
    parts += _days(kind, start, data.get("on_days") or [])
    if data.get("times"):
        parts.append(f"COUNT={data['times']}")
    elif data.get("repeat_until"):
        parts.append(f"UNTIL={_until(data['repeat_until'], data)}")
    return ";".join(parts)


_FREQUENCY = {
    Repeat.DAILY: "DAILY",
    Repeat.WORKING_DAYS: "WEEKLY",
    Repeat.WEEKLY: "WEEKLY",
    Repeat.MONTHLY_DAY: "MONTHLY",
    Repeat.MONTHLY_WEEKDAY: "MONTHLY",
    Repeat.YEARLY: "YEARLY",
}


def _days(kind: str, start: LocalTime, on_days: list[str]) -> list[str]:
    match kind:
        case Repeat.WORKING_DAYS:
            return ["BYDAY=MO,TU,WE,TH,FR"]
        case Repeat.WEEKLY if on_days:
            return [f"BYDAY={','.join(day.name for day in Weekday if day.name in on_days)}"]
        case Repeat.MONTHLY_WEEKDAY:
            return [f"BYDAY={_nth(start)}{Weekday(start.weekday()).name}"]
    return []


def _nth(start: LocalTime) -> int:
    """1 to 4; a fifth such weekday is the month's last."""
    nth = (start.day - 1) // DAYS_A_WEEK + 1
    return nth if nth < 5 else -1


def _until(last: date, data: dict[str, Any]) -> str:
    """The end of that day: a date for whole days, else an instant in UTC (RFC 5545 §3.3.10)."""
    if data.get("all_day"):
        return f"{last:%Y%m%d}"
    try:
        zone = zone_name(data.get("zone") or "UTC")
    except UnknownZone:
        return f"{last:%Y%m%d}"  # the zone's own field says what is wrong
    end = to_instant(LocalTime(datetime.combine(last, time(23, 59, 59))), zone)
    return f"{datetime_of(end):%Y%m%dT%H%M%SZ}"
