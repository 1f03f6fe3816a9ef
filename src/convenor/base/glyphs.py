"""Which characters the papers' fonts can draw, and texts with something to be seen in place of the others.

typst refuses to set a tagged PDF with a character that none of its fonts has: one emoji in one title, and nobody
would get the paper. Read from the fonts' own table of characters (OpenType, “cmap”, formats 4 and 12), so that other fonts
need no change here. This module knows no Django, as base/papers.py.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

MISSING: Final = "\N{WHITE SQUARE}"
"""Stands for a character that can't be drawn."""
SPACES = re.compile(r"[\t\v\f\x1c-\x1f\x85]")
NEVER = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Characters of no text: controls but for the end of a line, halves of surrogate pairs, non-characters."""
JOINING = "\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u00ad\n "
"""Of no shape of their own: typst doesn't look for them in a font."""


def drawable(value: Any, fonts: tuple[Path, ...]) -> Any:
    """What JSON can hold, with every text in it as the fonts can draw it. A run of missing characters is one square."""
    if isinstance(value, str):
        return _text(value, fonts)
    if isinstance(value, Mapping):
        return {key: drawable(each, fonts) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [drawable(each, fonts) for each in value]
    return value


def _text(text: str, fonts: tuple[Path, ...]) -> str:
    if text.isascii() and text.isprintable():
        return text
    lines = SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _missing(fonts).sub(MISSING, NEVER.sub(MISSING, lines))


@cache
def _missing(fonts: tuple[Path, ...]) -> re.Pattern[str]:
    """Runs of what not every one of the fonts has, with what joins them."""
    known = set.intersection(*(characters_of(path) for path in fonts))
    ranges = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in _ranges(known))
    return re.compile(f"[^{ranges}{JOINING}](?:[^{ranges}{JOINING}]|[\u200d\ufe00-\ufe0f])*")


def _ranges(points: Iterable[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in sorted(points):
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def characters_of(path: Path) -> set[int]:
    """The code points that the TrueType font has a glyph for."""
    font = path.read_bytes()
    (tables,) = struct.unpack_from(">H", font, 4)
    rows = (struct.unpack_from(">4sLLL", font, 12 + 16 * n) for n in range(tables))
    cmap = next(offset for tag, _sum, offset, _length in rows if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    places = {cmap + struct.unpack_from(">HHL", font, cmap + 4 + 8 * n)[2] for n in range(count)}
    readers = {4: _format_4, 12: _format_12}
    found: set[int] = set()
    for place in places:
        (kind,) = struct.unpack_from(">H", font, place)
        if reader := readers.get(kind):
            found |= reader(font, place)
    return found


def _format_4(font: bytes, place: int) -> set[int]:
    """Segments of 16 bits; a segment's glyph is its delta, or stands in the array that its offset points to."""
    twice = struct.unpack_from(">H", font, place + 6)[0]
    columns = [struct.unpack_from(f">{twice // 2}H", font, place + at + twice * n) for n, at in _COLUMNS]
    found = set()
    for number, (last, first, delta, offset) in enumerate(zip(*columns, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if offset:
                at = place + 16 + 3 * twice + 2 * number + offset + 2 * (point - first)
                glyph = struct.unpack_from(">H", font, at)[0]
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                found.add(point)
    return found


_COLUMNS = ((0, 14), (1, 16), (2, 16), (3, 16))
"""End codes, then after two bytes of padding start codes, deltas and offsets."""


def _format_12(font: bytes, place: int) -> set[int]:
    (groups,) = struct.unpack_from(">L", font, place + 12)
    rows = (struct.unpack_from(">LLL", font, place + 16 + 12 * n) for n in range(groups))
    return {first + step for first, last, glyph in rows for step in range(last - first + 1) if glyph + step}
