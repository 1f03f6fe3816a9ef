"""The keys of [[function]]."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from convenor.events.enums import FunctionKind, Service, SpeakerState
from convenor.events.plan import keys as read
from convenor.events.plan.keys import Key, Listed
from convenor.events.plan.people import INTRODUCTION
from convenor.events.rules.function import (
    LONGEST_KEY,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_TOPIC,
    LONGEST_TRACK,
    MOST_HEADCOUNT,
)
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.rules.texts import LONGEST_TITLE
from convenor.venues.enums import SetupStyle

FURTHEST_DAY = 366
SITE_MARK = "@"
TEXTS = {
    "abstract": "What it is about; in the public programme too.",
    "catering": "What the caterer must know.",
    "av": "What audio and video must know.",
    "security": "What security must know.",
    "facility": "What the facility must know.",
    "staffing": "Who is on duty.",
    "notes": "For those who run it.",
}
SPEAKER_KEYS = (
    Key("person", read.email, "Their e-mail.", needed=True),
    *INTRODUCTION,
    Key("topic", read.text(LONGEST_TOPIC), "What they speak about.", default=""),
    Key("state", read.choice(SpeakerState), "`asked`, `confirmed` or `declined`.", default="asked"),
)
ATTENDEE_KEYS = (
    Key("person", read.email, "Their e-mail; an item that is only a text is this.", needed=True),
    Key(
        "role",
        read.choice(AttendeeRole),
        "`chair`, `required`, `optional` or `resource`.",
        default="required",
    ),
)
CUE_KEYS = (
    Key(
        "at",
        read.whole(-1_440, LONGEST_MINUTES + 1_440),
        "Minutes after the function's start; before it where negative.",
        needed=True,
    ),
    Key("what", read.text(LONGEST_LINE), "What happens.", needed=True),
    Key("minutes", read.whole(0, LONGEST_MINUTES), "How long it takes.", default=1),
    Key("cue", read.text(LONGEST_LINE), "The cue that it starts on.", default=""),
    Key("owner", read.email, "The e-mail of who sees to it.", default=""),
    Key("service", read.optional_choice(Service), "Or the service that does: `av`, `catering` …", default=""),
)


def start(table: Any, name: str) -> datetime | str | None:
    """A local time, or an hour on the day that `day` says."""
    value = table.values.get(name)
    is_hour = isinstance(value, time) or (isinstance(value, str) and len(value.strip()) <= 8)
    return read.clock(table, name) if is_hour else read.moment(table, name)


FUNCTION_KEYS = (
    Key("key", read.slug(LONGEST_KEY), "Names it within the event.", needed=True),
    Key("title", read.text(LONGEST_TITLE), "What it is called.", needed=True),
    Key("kind", read.choice(FunctionKind), "`plenary`, `session`, `breakout`, `coffee`, `setup` …", needed=True),
    Key("start", start, 'A local date with a time, or an hour like "09:30". It, or `after_start`, is needed.'),
    Key("day", read.whole(-FURTHEST_DAY, FURTHEST_DAY), "With an hour: 0 is the day on which the event starts, -1 the one before.", aside=True),
    Key("after_start", read.whole(-1_440 * FURTHEST_DAY, 1_440 * FURTHEST_DAY), "Instead of `start`: minutes after the event's start, by the clock; for an event whose time is to be found.", aside=True),
    Key("minutes", read.whole(1, LONGEST_MINUTES), "How long it lasts.", default=60, shown=True),
    Key("track", read.text(LONGEST_TRACK), "Functions of one track stand in one column of the programme.", default=""),
    Key("host", read.email, "The e-mail of who leads it.", default=""),
    Key("rooms", read.words(ordered=True), "Codes of its rooms, the main one first.", default=[]),
    Key("setup_style", read.optional_choice(SetupStyle), "`theatre`, `classroom`, `boardroom` …", default=""),
    Key("headcount", read.whole(1, MOST_HEADCOUNT), "How many the main room must seat; without it, those who are asked."),
    Key("equipment", read.quantities, 'Movable pieces: `{ projector = 1 }`; of another site\'s, `{ "projector@CLJ" = 1 }`.', default={}),
    Key("for_all", read.flag, "`true`: everybody in the event is asked to it.", default=False),
    Key("public", read.flag, "`true`: it is in the public programme.", default=False),
    Key("speakers", Listed(SPEAKER_KEYS, "person", "person"), "In the order in which they speak.", default=[]),
    Key("attendees", Listed(ATTENDEE_KEYS, "person", "person"), "Who is asked besides host, speakers and, if it is for all, the event's people.", default=[]),
    Key("run_of_show", Listed(CUE_KEYS), "Minute by minute.", default=[]),
    *(Key(name, read.long_text(), says, default="") for name, says in TEXTS.items()),
    Key("sheet", read.flag, "`false`: it needs no function sheet.", default=True),
)  # fmt: skip
FIELDS = {
    "local_start": "start",
    "duration_minutes": "minutes",
    "host_id": "host",
    "room_ids": "rooms",
    "is_for_all": "for_all",
    "is_public": "public",
    "cues": "run_of_show",
    **dict.fromkeys(("what", "cue", "offset_minutes", "service"), "run_of_show"),
}
