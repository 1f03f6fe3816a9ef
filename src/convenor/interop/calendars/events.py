"""From a recurrence set to the meetings that it makes: pure, before anybody is looked up.

One set gives one meeting, and one more for each change of "this and all following" (RANGE=THISANDFUTURE, RFC 5545 §3.2.13).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext

from convenor.interop.calendars.following import parts_of
from convenor.interop.ics.expand import series_of
from convenor.interop.ics.objects import Attendee, Event, Organizer, RecurrenceSet, Timed, When
from convenor.interop.ics.values import instant_at, midnight
from convenor.kernel.instants import LocalTime, ZoneName, datetime_of, to_instant
from convenor.kernel.recurrence import Series
from convenor.scheduling.drafts import OverrideDraft
from convenor.scheduling.rules.draft import LONGEST_DAYS
from convenor.scheduling.rules.texts import LONGEST_DESCRIPTION, LONGEST_LOCATION, LONGEST_TITLE, LONGEST_UID
from convenor.scheduling.rules.wording import day

MINUTE = 60


@dataclass(frozen=True, slots=True)
class ImportedEvent:
    """A meeting as the file has it; people and rooms are still names. `remarks` say what was not taken over as it stood.

    `content_hash` is of all that the file says of the set, but for the times at which it was written.
    """

    uid: str
    sequence: int
    content_hash: str
    is_cancelled: bool
    is_tentative: bool
    title: str
    description: str
    location: str
    is_private: bool
    shows_as_busy: bool
    series: Series
    is_series: bool
    overrides: tuple[OverrideDraft, ...]
    organizer: Organizer | None
    attendees: tuple[Attendee, ...]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Said:
    """What has to be told of one set."""

    remarks: list[str] = field(default_factory=list)

    def cut(self, text: str, longest: int, what: str) -> str:
        if len(text) <= longest:
            return text
        sentence = gettext("The %(what)s has %(size)d characters; it was cut to %(longest)d.")
        self.remarks.append(sentence % {"what": what, "size": len(text), "longest": longest})
        return text[: longest - 1] + "…"


def events_of(one: RecurrenceSet, home: ZoneName, *, horizon: datetime) -> Iterator[ImportedEvent]:
    """The set's meetings. Whole days are days in `home`."""
    said = _Said()
    content = _content_hash(one, home)
    master, overrides = _master_of(one)
    following = [each for each in overrides if each.range_following]
    series = _series_of(master, overrides, home, said)
    if not following:
        yield _event(one.uid, master, series, overrides, content, home, said)
        return
    for part in parts_of(series, following, home, horizon=horizon):
        told = _Said([*said.remarks, *part.remarks])
        source = part.change or master
        theirs = [
            moved
            for each in overrides
            if not each.range_following and (moved := part.takes(each, home)) is not None
        ]
        uid = one.uid if part.change is None else f"{one.uid}#{part.cut:%Y%m%dT%H%M%S}"
        event = replace(source, summary=source.summary or master.summary)
        yield _event(uid, event, part.series, theirs, content, home, told)


def _master_of(one: RecurrenceSet) -> tuple[Event, Sequence[Event]]:
    """The master; where the file has changes alone, the first of them, the others being dates of its series."""
    if one.master is not None:
        return one.master, one.overrides
    first = one.overrides[0]
    starts = [each.recurrence_id for each in one.overrides if each.recurrence_id is not None]
    lasts = _seconds(first)
    end: When
    if isinstance(starts[0], Timed):
        end = Timed(LocalTime(starts[0].local + timedelta(seconds=lasts)), starts[0].zone)
    else:
        end = starts[0] + timedelta(days=max(1, round(lasts / 86_400)))
    rdates = tuple(each for each in starts[1:] if isinstance(each, Timed) == isinstance(starts[0], Timed))
    # One date alone is no series: it is where the change puts it.
    if len(one.overrides) == 1:
        return replace(first, recurrence_id=None, range_following=False), ()
    master = replace(
        first, start=starts[0], end=end, rdates=rdates, recurrence_id=None, range_following=False
    )
    return master, [replace(each, range_following=False) for each in one.overrides]


def _series_of(master: Event, overrides: Iterable[Event], home: ZoneName, said: _Said) -> Series:
    """The kernel's series, cancelled changes being dates that are left out."""
    if isinstance(master.start, Timed):
        seconds = instant_at(master.end, home) - instant_at(master.start, home)
        if not seconds:
            said.remarks.append(
                gettext("The event is a moment without length; it was kept as one minute that blocks nobody.")
            )
        elif seconds % MINUTE:
            said.remarks.append(gettext("The event's length was rounded up to whole minutes."))
    series = series_of(master, home)
    gone = [_slot(each) for each in overrides if each.status == "CANCELLED" and not each.range_following]
    loose = []
    if not master.rrule and not master.rdates:  # a change of something that doesn't repeat is one more date
        loose = [slot for each in overrides if (slot := _slot(each)) != series.start and slot not in gone]
    return replace(
        series,
        rdates=tuple(sorted({*series.rdates, *loose})),
        exdates=tuple(sorted({*series.exdates, *gone})),
    )


def _event(
    uid: str,
    event: Event,
    series: Series,
    overrides: Sequence[Event],
    content: str,
    home: ZoneName,
    said: _Said,
) -> ImportedEvent:
    title = said.cut(event.summary, LONGEST_TITLE, gettext("title")) or gettext("(no title)")
    alive = [each for each in overrides if each.status != "CANCELLED"]
    drafts = [draft for each in alive if (draft := _override(each, event, title, series, home, said))]
    is_moment = isinstance(event.start, Timed) and not _seconds(event)
    return ImportedEvent(
        uid=uid if len(uid) <= LONGEST_UID else f"{hashlib.sha256(uid.encode()).hexdigest()[:40]}@long-uid",
        sequence=event.sequence,
        content_hash=content,
        is_cancelled=event.status == "CANCELLED",
        is_tentative=event.status == "TENTATIVE",
        title=title,
        description=_description(event.description, said),
        location=said.cut(event.location, LONGEST_LOCATION, gettext("place")),
        is_private=event.classification != "PUBLIC",
        shows_as_busy=not event.transparent and not is_moment,
        series=series,
        is_series=bool(series.rrule or series.rdates),
        overrides=tuple(drafts),
        organizer=event.organizer,
        attendees=event.attendees,
        remarks=tuple(said.remarks),
    )


def _description(text: str, said: _Said) -> str:
    """Within the limit, which is of bytes."""
    if len(text.encode("utf-8", "surrogatepass")) <= LONGEST_DESCRIPTION:
        return text
    return said.cut(text, min(len(text) - 1, LONGEST_DESCRIPTION // 4), gettext("description"))


def _override(
    each: Event, master: Event, title: str, series: Series, home: ZoneName, said: _Said
) -> OverrideDraft | None:
    """The times and the title of one date; None where they are the series' own."""
    slot = _slot(each)
    start = instant_at(each.start, home)
    end = max(instant_at(each.end, home), start + MINUTE)
    if end - start > LONGEST_DAYS * 86_400:
        sentence = gettext("The change of %(day)s lasts more than %(most)d days; it was left out.")
        said.remarks.append(sentence % {"day": day(slot), "most": LONGEST_DAYS})
        return None
    own = each.summary[:LONGEST_TITLE] if each.summary not in ("", master.summary) else ""
    own = "" if own == title else own
    if each.location != master.location or _guests(each) != _guests(master):
        sentence = gettext(
            "The change of %(day)s has a place or guests of its own; only its time and its title were taken over."
        )
        said.remarks.append(sentence % {"day": day(slot)})
    usual = to_instant(slot, series.zone)
    lasts = end - start
    if start == usual and lasts == series.duration_minutes * MINUTE and not own:
        return None
    return OverrideDraft(slot, datetime_of(start), datetime_of(type(start)(end)), own)


def _guests(event: Event) -> frozenset[str]:
    return frozenset(each.email for each in event.attendees)


def _slot(each: Event) -> LocalTime:
    when = each.recurrence_id if each.recurrence_id is not None else each.start
    return when.local if isinstance(when, Timed) else midnight(when)


def _seconds(event: Event) -> int:
    """How long it lasts on the wall clock."""
    if isinstance(event.start, Timed) and isinstance(event.end, Timed):
        return instant_at(event.end, event.end.zone) - instant_at(event.start, event.start.zone)
    assert not isinstance(event.start, Timed)
    assert not isinstance(event.end, Timed)
    return (event.end - event.start).days * 86_400


def _content_hash(one: RecurrenceSet, home: ZoneName) -> str:
    plain = [
        replace(each, created=None, last_modified=None)
        for each in (one.master, *one.overrides)
        if each is not None
    ]
    return hashlib.sha256(f"{home} {plain!r}".encode("utf-8", "surrogatepass")).hexdigest()
