"""The words of a mail about a meeting, in the language in force and by its reader's clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convenor.base.letters import Change
from convenor.kernel.instants import LocalTime, ZoneName, to_instant, to_local
from convenor.scheduling.sentences.series import series_in_words
from convenor.scheduling.sentences.words import city

MOST_CHANGES = 12
Facts = Mapping[str, Any]
"""What was told of a date or of the whole: title, place, start, end (ISO 8601, local in `zone`; days without one), rrule."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What a mail is about. `why` is one of asked, again, changed, called_off, not_asked; `dates` are those meant, by recurrence id.

    `facts` are of the whole, `next` of the next date, which is when a series is said to be.
    """

    why: str
    title: str
    organiser: str
    facts: Facts
    next: Facts
    was: Mapping[str, Any]
    now: Mapping[str, Any]
    dates: Sequence[str] = ()


def subject_of(telling: Telling, zone: ZoneName) -> str:
    words = {
        "asked": _("Invitation: %(title)s, %(when)s"),
        "again": _("Invitation: %(title)s, %(when)s"),
        "changed": _("Changed: %(title)s, %(when)s"),
        "called_off": _("Called off: %(title)s, %(when)s"),
        "not_asked": _("No longer asked: %(title)s, %(when)s"),
    }
    return words[telling.why] % {"title": telling.title, "when": start_of(_shown(telling), zone)}


def lead_of(telling: Telling) -> str:
    who = {"name": telling.organiser, "count": len(telling.dates)}
    if telling.dates and telling.why == "called_off":
        return ngettext(
            "%(name)s has called off one date of a meeting.",
            "%(name)s has called off %(count)d dates of a meeting.",
            len(telling.dates),
        ) % who  # fmt: skip
    if telling.dates:
        return ngettext(
            "%(name)s has changed one date of a meeting.",
            "%(name)s has changed %(count)d dates of a meeting.",
            len(telling.dates),
        ) % who  # fmt: skip
    words = {
        "asked": _("%(name)s invites you to a meeting."),
        "again": _("Here is the invitation by %(name)s once more, as it stands now."),
        "changed": _("%(name)s has changed a meeting that you are invited to."),
        "called_off": _("%(name)s has called off a meeting that you were invited to."),
        "not_asked": _(
            "%(name)s no longer asks you to come to this meeting. Your calendar will take it off."
        ),
    }
    return words[telling.why] % who


def _shown(telling: Telling) -> Facts:
    """The whole, or the one date that the mail is about."""
    found = _of_date(telling, telling.dates[0]) if len(telling.dates) == 1 else None
    return found or telling.next


def _of_date(telling: Telling, key: str) -> Facts | None:
    """As it is now; of one that was called off, as it was."""
    found = (telling.now.get(key), telling.was.get(key))
    return next((each for each in found if isinstance(each, Mapping)), None)


def facts_of(telling: Telling, zone: ZoneName, people: str) -> Iterator[tuple[str, str]]:
    """What, when, where, who: pairs of a label and a value."""
    shown = _shown(telling)
    if len(telling.dates) > 1:
        told = [when_of(each, zone) for key in telling.dates if (each := _of_date(telling, key))]
        yield _("When"), "\n".join(told[:MOST_CHANGES])
    else:
        yield _("When"), when_of(shown, zone)
    if not telling.dates and (repeats := _repeats(telling.facts)):
        yield _("Repeats"), repeats
    if shown.get("place"):
        yield _("Where"), str(shown["place"])
    yield _("Organiser"), telling.organiser
    if people:
        yield pgettext("of a meeting", "People"), people


def changes_of(telling: Telling, zone: ZoneName) -> tuple[Change, ...]:
    """Before and after, of what differs; dates by themselves where several do."""
    if telling.why != "changed":
        return ()
    found: list[Change] = []
    for key in telling.dates or sorted(telling.was.keys() | telling.now.keys()):
        was, now = telling.was.get(key), telling.now.get(key)
        if was == now or (was is None and not telling.dates):
            continue
        found += _differences(was, now, zone, is_one=key != "" and len(telling.dates) != 1)
    return tuple(found[:MOST_CHANGES])


def _differences(was: Any, now: Any, zone: ZoneName, *, is_one: bool) -> Iterator[Change]:
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        told = was if isinstance(was, Mapping) else now
        if isinstance(told, Mapping):
            yield _came_or_went(told, zone, is_off=not isinstance(now, Mapping))
        return
    found = list(_each(was, now, zone))
    if not found and was.get("digest") != now.get("digest"):
        found = [Change(_("Details"), "", _("The description or another detail is new."))]
    for each in found:
        label = f"{start_of(was, zone)}, {each.label}" if is_one else each.label
        yield Change(label, each.before, each.after)


def _came_or_went(told: Facts, zone: ZoneName, *, is_off: bool) -> Change:
    after = _("called off") if is_off else _("takes place")
    return Change(start_of(told, zone), "", after)


def _each(was: Facts, now: Facts, zone: ZoneName) -> Iterator[Change]:
    if was["title"] != now["title"]:
        yield Change(_("Title"), str(was["title"]), str(now["title"]))
    times = ("start", "end", "zone")
    if any(was[name] != now[name] for name in times):
        yield Change(_("When"), when_of(was, zone), when_of(now, zone))
    if was.get("rrule") != now.get("rrule"):
        once = _("once")
        yield Change(_("Repeats"), _repeats(was) or once, _repeats(now) or once)
    if was["place"] != now["place"]:
        yield Change(_("Where"), str(was["place"]) or "–", str(now["place"]) or "–")


def _repeats(facts: Facts) -> str:
    if not facts.get("rrule"):
        return ""
    return series_in_words(
        facts["rrule"], LocalTime(_moment(facts["start"])), ZoneName(facts["zone"] or "UTC")
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _local(facts: Facts, name: str, zone: ZoneName) -> datetime:
    """On the reader's clocks."""
    return to_local(to_instant(LocalTime(_moment(facts[name])), ZoneName(facts["zone"])), zone)


def when_of(facts: Facts, zone: ZoneName) -> str:
    """Mon 7 Dec 2026, 10:00–11:00 (Bucharest); days as they are."""
    if not facts["zone"]:
        first, last = date.fromisoformat(facts["start"]), date.fromisoformat(facts["end"]) - timedelta(days=1)
        days = [date_format(each, "WEEKDAY_YEAR_FORMAT") for each in dict.fromkeys((first, max(first, last)))]
        return " – ".join(days)
    start, end = _local(facts, "start", zone), _local(facts, "end", zone)
    if start.date() == end.date():
        times = f"{time_format(start.time(), 'TIME_FORMAT')}–{time_format(end.time(), 'TIME_FORMAT')}"
        span = f"{date_format(start, 'WEEKDAY_YEAR_FORMAT')}, {times}"
    else:
        span = " – ".join(date_format(each, "WEEKDAY_YEAR_TIME_FORMAT") for each in (start, end))
    return f"{span} ({city(zone)})"


def start_of(facts: Facts, zone: ZoneName) -> str:
    """Mon 7 Dec, 10:00."""
    if not facts["zone"]:
        return date_format(date.fromisoformat(facts["start"]), "WEEKDAY_FORMAT")
    return date_format(_local(facts, "start", zone), "WEEKDAY_TIME_FORMAT")
