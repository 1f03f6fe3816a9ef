"""Where in a TOML text each key, table and item of an array stands, so that an error can name its line.

The text has been accepted by `tomllib` before: nothing is checked here, and a text that isn't TOML raises NotToml.
Time grows with the length of the text, whatever is in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property

Path = tuple[str | int, ...]
"""The way to a value through the parsed document: ("tasks", 0, "title"); () is the document itself."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""(?P<bare>[A-Za-z0-9_-]+)|(?P<quoted>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""")
_STRING = re.compile(
    r'"{3}(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}'
    r"|'{3}(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


class NotToml(ValueError):
    """The text can't be followed; `tomllib` would have refused it."""


def positions(text: str) -> Mapping[Path, int]:
    """The line, from 1, of everything that the document holds.

    A table stands where its header is, or else where a key first names it; an array of tables where its first
    item is. What several keys make together (`a.b = 1`, `a.c = 2`) stands at the first of them.
    """
    return _Scan(text).lines


class LazyPositions(Mapping[Path, int]):
    """As `positions`, found once somebody asks: a text without mistakes is never walked. Only line 1 where it can't be."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _found(self) -> Mapping[Path, int]:
        try:
            return positions(self._text)
        except (RecursionError, NotToml):  # tomllib goes a little deeper
            return {(): 1}

    def __getitem__(self, path: Path) -> int:
        return self._found[path]

    def __iter__(self) -> Iterator[Path]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def line_of(text: str, path: Path) -> int:
    """The line of one value; of the nearest thing around it where the document doesn't hold it."""
    return nearest(positions(text), path)


def nearest(lines: Mapping[Path, int], path: Path) -> int:
    """The line of `path`, or of the nearest thing around it: a key that is missing stands at its table."""
    return next(lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in lines)


class _Scan:
    """One walk over the text. `spot` is where it has come to, `line` the line of `counted`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spot = self.counted = 0
        self.line = 1
        self.lines: dict[Path, int] = {(): 1}
        self.items: dict[Path, int] = {}  # how many tables each array of tables has so far
        here: Path = ()
        for sign in self._statements():
            if sign == "[":
                here = self._header()
            else:
                self._pair(here)

    def _statements(self) -> Iterator[str]:
        self._skip(_BLANK)
        while self.spot < len(self.text):
            yield self.text[self.spot]
            self._skip(_BLANK)

    def _header(self) -> Path:
        line, is_array = self._line(), self.text.startswith("[[", self.spot)
        self.spot += 2 if is_array else 1
        parts = self._keys()
        self._expect("]]" if is_array else "]")
        path: Path = ()
        for part in parts[:-1]:
            path = self._within((*path, part), line)
        path = (*path, parts[-1])
        if is_array:
            self.lines.setdefault(path, line)
            count = self.items.get(path, 0)
            self.items[path] = count + 1
            path = (*path, count)
        self.lines[path] = line
        return path

    def _within(self, path: Path, line: int) -> Path:
        """`path`, in the last item where it is an array of tables."""
        self.lines.setdefault(path, line)
        return (*path, self.items[path] - 1) if path in self.items else path

    def _pair(self, here: Path) -> None:
        line = self._line()
        for part in self._keys():
            here = (*here, part)
            self.lines.setdefault(here, line)
        self._expect("=")
        self._value(here)

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        sign = self.text[self.spot : self.spot + 1]
        if sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline_table(path)
        elif not (self._skip(_STRING if sign in {'"', "'"} else _PLAIN)):
            raise NotToml(self._line())

    def _array(self, path: Path) -> None:
        self.spot += 1
        for index, _ in enumerate(self._until("]")):
            item = (*path, index)
            self.lines[item] = self._line()
            self._value(item)

    def _inline_table(self, path: Path) -> None:
        self.spot += 1
        for _ in self._until("}"):
            self._pair(path)

    def _until(self, end: str) -> Iterator[None]:
        """Stops before each item, and after the bracket that ends them."""
        self._skip(_BLANK)
        while not self.text.startswith(end, self.spot):
            if self.spot >= len(self.text):
                raise NotToml(self._line())
            yield
            self._skip(_BLANK)
            if self.text.startswith(",", self.spot):
                self.spot += 1
                self._skip(_BLANK)
        self.spot += 1

    def _keys(self) -> list[str]:
        """The parts of a key, dots between them."""
        parts = [self._key()]
        while self.text.startswith(".", self.spot):
            self.spot += 1
            parts.append(self._key())
        return parts

    def _key(self) -> str:
        self._skip(_SPACE)
        found = _KEY.match(self.text, self.spot)
        if found is None:
            raise NotToml(self._line())
        self.spot = found.end()
        self._skip(_SPACE)
        if found["bare"] is not None:
            return found["bare"]
        quoted = found["quoted"]
        return str(tomllib.loads(f"key = {quoted}")["key"]) if "\\" in quoted else quoted[1:-1]

    def _expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.spot):
            raise NotToml(self._line())
        self.spot += len(sign)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Go past what the pattern finds here; False where it finds nothing."""
        found = pattern.match(self.text, self.spot)
        if found is None or found.end() == self.spot:
            return False
        self.spot = found.end()
        return True

    def _line(self) -> int:
        self.line += self.text.count("\n", self.counted, self.spot)
        self.counted = self.spot
        return self.line
