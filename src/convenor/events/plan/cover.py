"""The table [event] of a plan file: its keys, and the way between them and a draft of the event."""

from __future__ import annotations

from convenor.events.enums import Confidentiality
from convenor.events.plan import keys as read
from convenor.events.plan.keys import Key
from convenor.events.rules.event import LONGEST_KEY, LONGEST_TITLE, MOST_PEOPLE
from convenor.scheduling.enums import Priority
from convenor.venues.enums import SetupStyle

FIND_KEYS = (
    Key("from", read.moment_or_day, "The first day of the window, or a local time.", needed=True),
    Key("until", read.moment_or_day, "The last day of it, included; or a local time.", needed=True),
    Key("minutes", read.whole(5, 1_440), "How long the event lasts.", needed=True),
    Key("people", read.emails, "Who must be able to come: e-mails.", default=[], needed=True),
    Key("optional", read.emails, "Who may come.", default=[]),
    Key("headcount", read.whole(1, 100_000), "How many the room must seat; without it, those who are asked."),
    Key("setup_style", read.optional_choice(SetupStyle), "How the room must be set up.", default=""),
    Key("equipment", read.quantities, "What the room must have: `{ screen = 1 }`.", default={}),
    Key("sites", read.words(), "Codes of the sites where the room may be.", default=[]),
    Key("rooms", read.words(), "Codes of the rooms that do; any room without it.", default=[]),
    Key("accessible", read.flag, "`true`: the room can be reached without steps.", default=False),
    Key("no_room", read.flag, "`true`: a time for the people is enough.", default=False),
)

EVENT_KEYS = (
    Key(
        "key",
        read.slug(LONGEST_KEY),
        "Names the event; applying the file again finds it by this.",
        needed=True,
    ),
    Key("title", read.text(LONGEST_TITLE), "What it is called.", needed=True),
    Key("class", read.word(40), "The code of its event class.", needed=True),
    Key("class_version", read.whole(1, 100_000), "The version of the class; the newest without it."),
    Key(
        "from_class",
        read.flag,
        "`true`: when the event is made, what its class lays down is laid out too; what the file says of the same "
        "functions and tasks (by key) stands over it.",
        aside=True,
    ),
    Key("owner", read.email, "The coordinator's e-mail; without it, whoever applies the file.", default=""),
    Key("sponsor", read.email, "E-mail.", default=""),
    Key("budget_holder", read.email, "E-mail.", default=""),
    Key("host", read.word(40), "The code of the host department.", default=""),
    Key("departments", read.words(), "Codes of the departments that take part.", default=[]),
    Key("organisations", read.words(), "Names of the organisations from outside.", default=[]),
    Key("site", read.word(40), "The code of the site.", default=""),
    Key("zone", read.word(64), "The IANA time zone of every time in the file; without it the site's."),
    Key(
        "confidentiality",
        read.choice(Confidentiality),
        "`open`, `internal`, `restricted` or `confidential`; without it what the class says.",
        shown=True,
    ),
    Key("priority", read.choice(Priority), "`low`, `normal`, `high` or `executive`.", default="normal"),
    Key("load_in", read.moment, "When building up begins: a local date with a time."),
    Key("start", read.moment, "When it starts. Without start and end it is an enquiry without dates."),
    Key("end", read.moment, "When it ends."),
    Key("load_out", read.moment, "When everything is out again."),
    Key(
        "find",
        read.sub_table(FIND_KEYS),
        "A window in which to find a time, instead of `start` and `end`.",
        aside=True,
    ),
    Key("expected", read.whole(0, MOST_PEOPLE), "How many people are expected."),
    Key("guaranteed", read.whole(0, MOST_PEOPLE), "How many are guaranteed to the caterer."),
    Key("actual", read.whole(0, MOST_PEOPLE), "How many came."),
    Key("objectives", read.long_text(), "What it is for.", default=""),
    Key("notes", read.long_text(), "For those who run it.", default=""),
)
