"""What was wrong with a calendar, as data first and as sentences last, so that both languages work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from convenor.kernel.recurrence.rule import RULE_MESSAGES, RuleProblem


class Severity(StrEnum):
    """Whether the component was left out, or imported after a change."""

    REFUSED = "refused"
    REPAIRED = "repaired"


class ProblemCode(StrEnum):
    """One kind of trouble each; the sentence is in `SENTENCES`."""

    FILE_TOO_LARGE = "file_too_large"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_MANY_COMPONENTS = "too_many_components"
    CALENDAR_SCALE = "calendar_scale"
    WRAPPER_MISSING = "wrapper_missing"
    CHARSET_GUESSED = "charset_guessed"
    CONTROL_CHARACTERS = "control_characters"
    LINE_UNREADABLE = "line_unreadable"
    LINE_JOINED = "line_joined"
    LINE_TOO_LONG = "line_too_long"
    TEXT_SHORTENED = "text_shortened"
    END_MISSING = "end_missing"
    END_UNMATCHED = "end_unmatched"
    TOO_DEEP = "too_deep"
    NOT_IMPORTED = "not_imported"
    START_MISSING = "start_missing"
    VALUE_UNREADABLE = "value_unreadable"
    VALUE_IGNORED = "value_ignored"
    YEAR_OUT_OF_RANGE = "year_out_of_range"
    UID_MISSING = "uid_missing"
    UID_DUPLICATED = "uid_duplicated"
    END_BEFORE_START = "end_before_start"
    DURATION_TOO_LONG = "duration_too_long"
    DATE_AND_TIME_MIXED = "date_and_time_mixed"
    ZONE_GUESSED = "zone_guessed"
    ZONE_APPROXIMATED = "zone_approximated"
    ZONE_UNKNOWN = "zone_unknown"
    RULE_UNREADABLE = "rule_unreadable"
    RULE_PART_IGNORED = "rule_part_ignored"
    RULES_ENDLESS = "rules_endless"
    RULES_MERGED = "rules_merged"
    RULE_WITHOUT_DATES = "rule_without_dates"
    TOO_MANY_VALUES = "too_many_values"
    OVERRIDE_CHAIN = "override_chain"
    OVERRIDE_EXCLUDED = "override_excluded"
    OVERRIDE_STALE = "override_stale"
    OVERRIDE_WITHOUT_SERIES = "override_without_series"


SENTENCES: Mapping[ProblemCode, str] = {
    ProblemCode.FILE_TOO_LARGE: gettext_noop("The file has %(size)s bytes; at most %(limit)s are read."),
    ProblemCode.NOT_A_CALENDAR: gettext_noop(
        "The file holds no calendar: there is no BEGIN:VCALENDAR and no event in it."
    ),
    ProblemCode.TOO_MANY_COMPONENTS: gettext_noop(
        "The file has more than %(limit)s entries; the rest was not read."
    ),
    ProblemCode.CALENDAR_SCALE: gettext_noop(
        "The calendar counts by the scale “%(value)s”; only the Gregorian calendar can be read."
    ),
    ProblemCode.WRAPPER_MISSING: gettext_noop(
        "The entry stands outside of any VCALENDAR; it was read all the same."
    ),
    ProblemCode.CHARSET_GUESSED: gettext_noop("The text is not UTF-8; it was read as %(charset)s."),
    ProblemCode.CONTROL_CHARACTERS: gettext_noop("Control characters were taken out of %(property)s."),
    ProblemCode.LINE_UNREADABLE: gettext_noop("The line “%(text)s” is not a property; it was left out."),
    ProblemCode.LINE_JOINED: gettext_noop(
        "A line was broken without a leading space; it was joined to %(property)s."
    ),
    ProblemCode.LINE_TOO_LONG: gettext_noop(
        "%(property)s has %(size)s characters; at most %(limit)s are read."
    ),
    ProblemCode.TEXT_SHORTENED: gettext_noop(
        "%(property)s has %(size)s characters; it was cut to %(limit)s."
    ),
    ProblemCode.END_MISSING: gettext_noop("The entry begins but has no END:%(name)s."),
    ProblemCode.END_UNMATCHED: gettext_noop("END:%(name)s closes nothing that was open; it was left out."),
    ProblemCode.TOO_DEEP: gettext_noop("Entries lie more than %(limit)s deep inside each other."),
    ProblemCode.NOT_IMPORTED: gettext_noop("Entries of the kind %(name)s are not imported."),
    ProblemCode.START_MISSING: gettext_noop("The event has no start (DTSTART)."),
    ProblemCode.VALUE_UNREADABLE: gettext_noop("%(property)s says “%(value)s”, which can't be read."),
    ProblemCode.VALUE_IGNORED: gettext_noop(
        "%(property)s says “%(value)s”, which can't be read; it was left out."
    ),
    ProblemCode.YEAR_OUT_OF_RANGE: gettext_noop(
        "%(property)s lies in the year %(year)s; only %(first)s to %(last)s can be read."
    ),
    ProblemCode.UID_MISSING: gettext_noop("The event has no UID; one was made from its content."),
    ProblemCode.UID_DUPLICATED: gettext_noop(
        "Another event in the file has the same UID and a newer version; this one was left out."
    ),
    ProblemCode.END_BEFORE_START: gettext_noop("The event ends before it starts; the two were swapped."),
    ProblemCode.DURATION_TOO_LONG: gettext_noop(
        "The event lasts %(days)s days; at most %(limit)s can be read."
    ),
    ProblemCode.DATE_AND_TIME_MIXED: gettext_noop(
        "%(property)s mixes a date with a time of day; it was read as %(value)s."
    ),
    ProblemCode.ZONE_GUESSED: gettext_noop(
        "The zone “%(tzid)s” was recognised by its clock changes as %(zone)s."
    ),
    ProblemCode.ZONE_APPROXIMATED: gettext_noop(
        "The zone “%(tzid)s” is like no known one; the times were converted to %(zone)s, so that a series may shift when clocks change."
    ),
    ProblemCode.ZONE_UNKNOWN: gettext_noop(
        "The zone “%(tzid)s” is unknown; the times were read as times in %(zone)s."
    ),
    ProblemCode.RULE_UNREADABLE: gettext_noop("The rule “%(rule)s” can't be used: %(reason)s"),
    ProblemCode.RULE_PART_IGNORED: gettext_noop("In the rule “%(value)s” the part “%(part)s” was left out."),
    ProblemCode.RULES_ENDLESS: gettext_noop(
        "The event has %(count)s different rules, of which one never ends."
    ),
    ProblemCode.RULES_MERGED: gettext_noop(
        "The event had %(count)s rules; the dates of all but the first were listed one by one."
    ),
    ProblemCode.RULE_WITHOUT_DATES: gettext_noop(
        "The rule “%(value)s” ends before the event starts, so that it never takes place."
    ),
    ProblemCode.TOO_MANY_VALUES: gettext_noop(
        "%(property)s has %(count)s values; at most %(limit)s are read."
    ),
    ProblemCode.OVERRIDE_CHAIN: gettext_noop(
        "The change of one occurrence has a rule of its own; the rule was left out."
    ),
    ProblemCode.OVERRIDE_EXCLUDED: gettext_noop(
        "This changes an occurrence that the series leaves out (EXDATE)."
    ),
    ProblemCode.OVERRIDE_STALE: gettext_noop(
        "This change is older than its series, which has no such occurrence any more."
    ),
    ProblemCode.OVERRIDE_WITHOUT_SERIES: gettext_noop(
        "This is a change of a series that the file doesn't hold; it was read as an event of its own."
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one component, in file order.

    `component` counts the components below VCALENDAR from 1 over the whole file, and is None for the file itself; `line` is the number of
    the physical line, from 1; `uid` is "" where none is known; `params` fill the sentence of `code`.
    """

    code: ProblemCode
    severity: Severity
    component: int | None = None
    line: int | None = None
    uid: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The problem in the reader's language, without its place."""
        params = dict(self.params)
        if "rule_problem" in params:
            params["reason"] = gettext(RULE_MESSAGES[RuleProblem(params["rule_problem"])]).format(**params)
        return gettext(SENTENCES[self.code]) % params


class Refusal(Exception):
    """Ends the reading of one component; carries why, the caller knows where."""

    def __init__(self, code: ProblemCode, *, line: int | None = None, **params: object) -> None:
        self.code = code
        self.line = line
        self.params = text_params(params)
        super().__init__(code.value)


def text_params(params: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Parameters as text, each at most 80 characters, so that hostile values stay short in reports."""
    return tuple(
        (key, text if len(text := str(value)) <= 80 else f"{text[:79]}…") for key, value in params.items()
    )
