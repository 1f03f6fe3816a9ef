"""Reading typed values out of TOML that people write, and finding everything wrong with it in one go, each with its line.

A document is opened with `opened(text)` and walked table by table. What a table is asked for is what it may hold:
`Table.finish` complains of every other key and says which one was probably meant. A value that isn't right is put
among `problems` and stands as its default from then on, so that reading goes on to the next mistake.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from convenor.kernel.toml_lines import LazyPositions, Path, nearest

MOST_CHARACTERS = 1_000_000
"""Longer texts are refused unread; a plan of a thousand people has about 200,000."""
MOST_ERRORS = 500
"""Reading stops there: each costs a search for what was meant, and nobody reads more."""
WIDEST = 2_147_483_647
"""What a database's integer holds."""

_KINDS: Mapping[type, str | Promise] = {
    str: gettext_lazy("a text in quotes"),
    bool: gettext_lazy("true or false"),
    int: gettext_lazy("a whole number"),
    Decimal: gettext_lazy("a number"),
    datetime: gettext_lazy("a date with a time"),
    date: gettext_lazy("a date"),
    time: gettext_lazy("a time of day"),
    list: gettext_lazy("a list in square brackets"),
    dict: gettext_lazy("a table"),
}
_AT_LINE = re.compile(
    r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$"
)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_LINES_OF_TOML = re.compile(r"[\ud800-\udfff\x00]")
_PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+"""
_LONG_KEY = re.compile(
    rf"""^[ \t]*+\[{{0,2}}[ \t]*+(?:{_PART}\.[ \t]*+){{32}}|[{{,][ \t]*+(?:{_PART}\.[ \t]*+){{32}}""",
    re.MULTILINE,
)
"""A key of more than 32 parts: tomllib's time grows with the square of them."""

E = TypeVar("E", bound=Enum)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the value at `path`, which stands on `line`; `suggestion` is what was probably meant.

    A warning doesn't keep the text from being used.
    """

    path: Path
    line: int
    sentence: str
    suggestion: str = ""
    is_warning: bool = False

    def __str__(self) -> str:
        words = _("Line %(line)d: %(sentence)s") % {"line": self.line, "sentence": self.sentence}
        return f"{words} {self.suggestion}".rstrip()


class TomlProblems(ValueError):
    """Everything that is wrong with a text, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda each: each.line)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(slots=True)
class Source:
    """A document being read: where everything stands, and what was found wrong so far."""

    lines: Mapping[Path, int]
    problems: list[Problem] = field(default_factory=list)
    count: int = 0  # of errors

    def add(self, path: Path, sentence: str, suggestion: str = "", *, is_warning: bool = False) -> None:
        """Raises TomlProblems once there are MOST_ERRORS."""
        problem = Problem(path, nearest(self.lines, path), sentence, suggestion, is_warning)
        self.problems.append(problem)
        self.count += not is_warning
        if self.count >= MOST_ERRORS:
            words = _("Reading stops here, after %(most)d mistakes.") % {"most": MOST_ERRORS}
            raise TomlProblems([*self.errors(), Problem((), problem.line, words)])

    def errors(self) -> list[Problem]:
        return sorted((each for each in self.problems if not each.is_warning), key=lambda each: each.line)

    def warnings(self) -> list[Problem]:
        return sorted((each for each in self.problems if each.is_warning), key=lambda each: each.line)


def opened(text: str) -> Table:
    """The document as a table, numbers with a point in it as Decimal. Raises TomlProblems where it isn't TOML."""
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        sentence = _("The text is too long: %(size)d characters, where %(most)d are allowed.")
        raise TomlProblems([Problem((), 1, sentence % {"size": len(text), "most": MOST_CHARACTERS})])
    if found := _LINES_OF_TOML.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise TomlProblems([Problem((), line, _("There is a character here that no text may hold."))])
    if found := _LONG_KEY.search(text):
        line = text.count("\n", 0, found.end()) + 1
        raise TomlProblems([Problem((), line, _("This key has too many parts."))])
    try:
        values = tomllib.loads(text, parse_float=Decimal)
        return Table(Source(LazyPositions(text)), (), values)
    except tomllib.TOMLDecodeError as error:
        raise TomlProblems([_not_toml(text, str(error))]) from None
    except (RecursionError, ArithmeticError, ValueError):
        # Nested a thousand deep, or a number of thousands of digits: nobody writes that by hand.
        raise TomlProblems(
            [
                Problem(
                    (),
                    1,
                    _("The text can't be read: it is nested too deeply, or has a number that is too long."),
                )
            ]
        ) from None


def _not_toml(text: str, message: str) -> Problem:
    found = _AT_LINE.match(message)
    end = text.rstrip().count("\n") + 1
    line = int(found["line"]) if found and found["line"] else end
    what = found["what"] if found else message
    return Problem((), line, _("This isn't TOML: %(what)s.") % {"what": what.rstrip(".")})


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """The sentence that suggests the nearest of the known words, "" where none is near."""
    words = sorted(set(known))
    near = difflib.get_close_matches(given, words, n=1, cutoff=0.6)
    if not near:
        folded = {word.casefold().replace("-", "_"): word for word in words}
        near = [folded[key] for key in (given.casefold().replace("-", "_").strip(),) if key in folded]
    return _("Did you mean “%(word)s”?") % {"word": near[0]} if near else ""


def kind_of(value: object) -> str:
    """What sort of value it is, in words."""
    for kind in (bool, datetime, *_KINDS):
        if isinstance(value, kind):
            return str(_KINDS[kind])
    return type(value).__name__


@dataclass(slots=True)
class Table:
    """One table of the document. Every reader takes the key and gives the value, or the default and a problem.

    Without a default the key must be there.
    """

    source: Source
    path: Path
    values: Mapping[str, Any]
    asked: set[str] = field(default_factory=set)

    def wrong(self, key: str | int | None, sentence: str, suggestion: str = "") -> None:
        """Put down a problem of the key, or with None of the table itself."""
        self.source.add(self.path if key is None else (*self.path, key), sentence, suggestion)

    def has(self, key: str) -> bool:
        self.asked.add(key)
        return key in self.values

    def finish(self) -> None:
        """Complain of the keys that nothing has asked for."""
        left = {key for key in self.asked if key not in self.values}
        for key in self.values.keys() - self.asked:
            suggestion = did_you_mean(key, left) or did_you_mean(key, self.asked)
            if not suggestion and self.asked:
                suggestion = _("Known here: %(keys)s.") % {"keys": ", ".join(sorted(self.asked))}
            self.wrong(key, _("There is no key “%(key)s” here.") % {"key": key}, suggestion)

    def raw(self, key: str, *kinds: type, needed: bool = False) -> Any:
        """The value if it is of one of the kinds, else None with a problem; None too where the key isn't there."""
        if not self.has(key):
            if needed:
                self.wrong(key, _("“%(key)s” is missing.") % {"key": key})
            return None
        value = self.values[key]
        if fits(value, kinds):
            return value
        self._wrong_kind(key, key, value, kinds)
        return None

    def text(self, key: str, default: str | None = None, *, longest: int | None = None) -> str:
        """A text without spaces around it; one that is needed isn't empty."""
        value = self.raw(key, str, needed=default is None)
        if value is None:
            return default or ""
        if longest is not None and len(value) > longest:
            self.wrong(
                key,
                ngettext(
                    "“%(key)s” has %(size)d characters; only %(most)d is allowed.",
                    "“%(key)s” has %(size)d characters; only %(most)d are allowed.",
                    longest,
                )
                % {"key": key, "size": len(value), "most": longest},
            )
        if default is None and not value.strip():
            self.wrong(key, _("“%(key)s” is empty.") % {"key": key})
        return str(value).strip()

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.raw(key, bool)
        return default if value is None else bool(value)

    def number(
        self, key: str, default: int | None = None, *, least: int = -WIDEST, most: int = WIDEST
    ) -> int:
        """A whole number between the two, both included; 0 where a needed one is missing."""
        value = self.raw(key, int, needed=default is None)
        if value is None:
            return default or 0
        if not least <= value <= most:
            self._out_of_bounds(key, least, most)
            return default if default is not None else max(least, 0)
        return int(value)

    def amount(self, key: str, default: Decimal | None = None, *, least: Decimal = Decimal(0)) -> Decimal:
        """A number of at most twelve digits before the point and two after it; it may be written in quotes."""
        value = self.raw(key, int, Decimal, str, needed=default is None)
        if value is None:
            return default or Decimal(0)
        try:
            number = Decimal(value)
        except ArithmeticError:
            self._wrong_kind(key, key, value, (Decimal,))
            return default or Decimal(0)
        if not number.is_finite() or abs(number) >= 10**12 or number < least:
            self._out_of_bounds(key, least, Decimal(10**12))
        elif number != round(number, 2):
            self.wrong(key, _("“%(key)s” has more than two digits after the point.") % {"key": key})
        else:
            return number
        return default or Decimal(0)

    def clock(self, key: str, default: time | None = None) -> time | None:
        """A time of day: 09:30:00, or "09:30" in quotes."""
        value = self.raw(key, time, str)
        if value is None or isinstance(value, time):
            return default if value is None else value
        return self._clock(key, value) or default

    def _clock(self, key: str | int, value: str) -> time | None:
        found = _CLOCK.fullmatch(value.strip())
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            return time(int(found[1]), int(found[2]))
        self.wrong(key, _("“%(value)s” isn't a time of day.") % {"value": value}, _('Write it like "09:30".'))
        return None

    def day(self, key: str) -> date | None:
        """A date: 2026-11-23, or the same in quotes."""
        value = self.raw(key, date, str)
        if not isinstance(value, str):
            return value if isinstance(value, date) else None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(key, _("“%(value)s” isn't a date.") % {"value": value}, _("Write it like 2026-11-23."))
            return None

    def moment(self, key: str) -> datetime | None:
        """A wall-clock time without offset: 2026-11-23T09:30:00, or the same in quotes."""
        value = self.raw(key, datetime, str)
        try:
            found = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            found = None
        if found is not None and found.tzinfo is None:
            return found if isinstance(found, datetime) else None
        if value is not None:
            words = _("“%(value)s” isn't a local date with a time.") % {"value": value}
            self.wrong(key, words, _("Write it like 2026-11-23T09:30:00, without a time zone."))
        return None

    def choice(self, key: str, choices: type[E] | Mapping[str, E], default: E | None = None) -> E | None:
        """One of an enum's values; `choices` may also name the members otherwise."""
        value = self.raw(key, str, needed=default is None)
        return default if value is None else (self._chosen(key, value, _words(choices)) or default)

    def choices(self, key: str, choices: type[E] | Mapping[str, E]) -> tuple[E, ...]:
        """A list of an enum's values, each once."""
        words, inside = _words(choices), Table(self.source, (*self.path, key), {})
        found = [
            member
            for index, word in enumerate(self.items(key, str))
            if word is not None and (member := inside._chosen(index, word, words)) is not None
        ]
        return tuple(dict.fromkeys(found))

    def _chosen(self, key: str | int, value: str, words: Mapping[str, E]) -> E | None:
        if value in words:
            return words[value]
        suggestion = did_you_mean(value, words) or one_of(words)
        self.wrong(key, _("“%(value)s” isn't one of the possible values.") % {"value": value}, suggestion)
        return None

    def one_of(self, key: str, words: Collection[str], default: str | None = None) -> str:
        """One of the words, "" where a needed one is missing or none of them."""
        value = self.raw(key, str, needed=default is None)
        if value is None:
            return default or ""
        if value not in words and value != default:
            suggestion = did_you_mean(value, words) or one_of(words)
            self.wrong(key, _("“%(value)s” isn't one of the possible values.") % {"value": value}, suggestion)
            return default or ""
        return str(value)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; what isn't one is left out."""
        return tuple(value for value in self.items(key, str) if value is not None)

    def items(self, key: str, *kinds: type) -> list[Any]:
        """The list's items, None in the place of each that isn't of the kinds."""
        values = self.raw(key, list)
        kept: list[Any] = []
        for index, value in enumerate(values or ()):
            kept.append(value if fits(value, kinds) else None)
            if kept[-1] is None:
                self._wrong_item(key, index, value, kinds)
        return kept

    def table(self, key: str) -> Table | None:
        value = self.raw(key, dict)
        return None if value is None else Table(self.source, (*self.path, key), value)

    def tables(self, key: str) -> list[Table]:
        """The tables of an array of tables, written [[key]]; those that are tables."""
        if isinstance(self.values.get(key), dict) and self.has(key):
            words = _("“%(key)s” is a list of tables.") % {"key": key}
            self.wrong(key, words, _("Write [[%(key)s]] above each.") % {"key": key})
            return []
        return [
            Table(self.source, (*self.path, key, index), value)
            for index, value in enumerate(self.items(key, dict))
            if value is not None
        ]

    def _wrong_item(self, key: str, index: int, value: object, kinds: tuple[type, ...]) -> None:
        inside = Table(self.source, (*self.path, key), {})
        inside._wrong_kind(index, f"{key}[{index + 1}]", value, kinds)

    def _wrong_kind(self, key: str | int, name: str, value: object, kinds: tuple[type, ...]) -> None:
        wanted = _(" or ").join(str(_KINDS[kind]) for kind in kinds)
        words = _("“%(key)s” must be %(wanted)s, not %(given)s.")
        self.wrong(key, words % {"key": name, "wanted": wanted, "given": kind_of(value)})

    def _out_of_bounds(self, key: str, least: object, most: object) -> None:
        words = _("“%(key)s” must be between %(least)s and %(most)s.")
        self.wrong(key, words % {"key": key, "least": least, "most": most})


def fits(value: object, kinds: tuple[type, ...]) -> bool:
    """Whether it is of one of the kinds: true and false are no numbers, and a date with a time is no date."""
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, datetime):
        return datetime in kinds
    return isinstance(value, kinds)


def one_of(words: Iterable[str]) -> str:
    """The sentence that names the possible values."""
    return _("Possible: %(words)s.") % {"words": ", ".join(words)}


def _words(choices: type[E] | Mapping[str, E]) -> Mapping[str, E]:
    """By the value as it is written: an enum's own if that is a text, its name in small letters if it is a number."""
    if isinstance(choices, Mapping):
        return choices
    return {each.value if isinstance(each.value, str) else each.name.lower(): each for each in choices}
