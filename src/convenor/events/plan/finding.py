"""[event.find]: the best time for these people within a window, as the search for a time finds it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.events.plan.keys import Values, suggest
from convenor.events.plan.names import Names
from convenor.events.plan.reading import Document
from convenor.kernel.find_times.question import BadQuestion
from convenor.kernel.instants import LocalTime, Span, ZoneName, to_instant, to_local
from convenor.scheduling.queries.find_time import find_time_for
from convenor.scheduling.requests import FindTimeRequest, RoomWanted
from convenor.scheduling.rules.request import check_request
from convenor.scheduling.sentences.blockers import blocker_sentence

FIND = ("event", "find")
Times = tuple[datetime, datetime]


def find_start(
    actor: Actor, document: Document, names: Names, cover: Values, before: Values | None, now: datetime
) -> Times | None:
    """Local start and end; None, and a problem put down, where nothing fits.

    An event that already starts within the window stays there.
    """
    asked: Values = document.event.said["find"]
    window = _window(document, asked)
    if window is None or "minutes" not in asked:
        return None
    length = timedelta(minutes=asked["minutes"])
    if before is not None and before["start"] is not None and window[0] <= before["start"] < window[1]:
        return before["start"], before["start"] + length
    zone = ZoneName(cover["zone"])
    request = _request(
        document, names, asked, Span(*(to_instant(LocalTime(each), zone) for each in window)), zone
    )
    return None if request is None else _found(actor, document, request, length, now)


def _found(
    actor: Actor, document: Document, request: FindTimeRequest, length: timedelta, now: datetime
) -> Times | None:
    source = document.source
    try:
        check_request(request, now=now)
        found = find_time_for(actor, request, now=now)
    except ValidationError as error:
        for sentence in error.messages:
            source.add(FIND, sentence)
        return None
    except BadQuestion as error:
        source.add(FIND, str(error))
        return None
    if found.answer.why_not is not None:
        why = " ".join(blocker_sentence(found, each) for each in found.answer.why_not.blockers)
        source.add(FIND, f"{_('Nothing fits within this window.')} {why}".strip())
        return None
    start: datetime = to_local(found.answer.slots[0].span.start, request.zone)
    return start, start + length


def _window(document: Document, asked: Values) -> Times | None:
    """Local times; the last day is included."""
    if "from" not in asked or "until" not in asked:
        return None
    first, last = _moment(asked["from"], timedelta()), _moment(asked["until"], timedelta(days=1))
    if last <= first:
        document.source.add((*FIND, "until"), _("The window ends before it begins."))
        return None
    return first, last


def _moment(value: date | datetime, of_day: timedelta) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time()) + of_day


def _request(
    document: Document, names: Names, asked: Values, window: Span, zone: ZoneName
) -> FindTimeRequest | None:
    before = len(document.source.problems)
    required = _people(document, names, asked, "people")
    optional = [pk for pk in _people(document, names, asked, "optional") if pk not in required]
    room = _room(document, names, asked, len(required) + len(optional))
    if len(document.source.problems) > before:
        return None
    return FindTimeRequest(
        required_ids=tuple(required),
        optional_ids=tuple(optional),
        minutes=asked["minutes"],
        windows=(window,),
        zone=zone,
        room=room,
        limit=1,
    )


def _people(document: Document, names: Names, asked: Values, key: str) -> list[int]:
    """Those with a calendar here: whom only the file knows is left out."""
    found = []
    for place, email in enumerate(asked.get(key, ())):
        pk = names.person(email)
        if pk is None:
            near = names.nearest(email)
            words = _("There is nobody with the e-mail “%(email)s”.") % {"email": email[:80]}
            document.source.add((*FIND, key, place), words, suggest(near, [near]) if near else "")
        elif pk > 0:
            found.append(pk)
    return found


def _room(document: Document, names: Names, asked: Values, people: int) -> RoomWanted | None:
    if asked.get("no_room") or not names.rooms.keys:
        return None

    def keys(key: str, known: dict[str, int], sentence: str) -> frozenset[int] | None:
        for code in asked.get(key, ()):
            if code not in known:
                words = sentence % {"name": code[:80]}
                document.source.add((*FIND, key), words, suggest(code, list(known)))
        return frozenset(known[code] for code in asked[key] if code in known) if asked.get(key) else None

    keys("equipment", names.equipment.keys, _("There is no equipment “%(name)s”."))
    values: dict[str, Any] = {
        "headcount": asked.get("headcount") or people,
        "style": asked.get("setup_style", ""),
        "equipment": asked.get("equipment", {}),
        "site_ids": keys("sites", names.sites.keys, _("There is no site “%(name)s”.")),
        "room_ids": keys("rooms", names.rooms.keys, _("There is no room “%(name)s”.")),
        "accessible": asked.get("accessible", False),
    }
    return RoomWanted(**values)
