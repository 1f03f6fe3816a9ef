"""Content lines: RFC 5545 §3.1 (folding), §3.2 (parameters), §3.3.11 (text), RFC 6868 (caret encoding), and how real files break them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

FOLD_OCTETS = 75
NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
LENIENT_NAME = re.compile(r"[ \t]*([A-Za-z0-9-]+)[ \t]*(?=[;:])")
PARAMETER = re.compile(r';[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
PARAMETER_VALUE = re.compile(r'"([^"]*)"|([^",]+)')
CARET = re.compile(r"\^(n|\^|')")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
LIST_ITEM = re.compile(r"(?:[^,\\]|\\.?)+", re.DOTALL)
# C0 controls but tab (line ends are gone by then), DEL, C1 controls, and the code points that no text may hold.
CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
NO_PARAMS: dict[str, str] = {}


class LogicalLine(NamedTuple):
    """An unfolded line; `number` is that of its first physical line, from 1."""

    number: int
    text: str
    guessed: bool = False


class ContentLine(NamedTuple):
    """`name` is upper case; `params` maps upper-case names to values, several joined by a comma; `value` is still escaped."""

    number: int
    name: str
    params: dict[str, str]
    value: str

    def param(self, name: str) -> str:
        """A parameter's value, or "" when it is not there."""
        return self.params.get(name, "")


def utf8_bytes(data: bytes) -> bytes:
    """The file without a byte order mark; UTF-16, with a mark or recognised by its NULs, becomes UTF-8. Line ends become LF."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data = _recoded(data[len(mark) :], encoding)
            break
    else:
        if data[:2].strip(b"\0") != data[:2] and data[:2].strip(b"\0"):
            data = _recoded(data, "utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    # Lone CRs end lines in old Apple files, and "\r\r\n" comes from files converted twice: the empty lines do no harm.
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _recoded(data: bytes, encoding: str) -> bytes:
    return data if encoding == "utf-8" else data.decode(encoding, "replace").encode("utf-8", "replace")


def logical_lines(data: bytes) -> Iterator[LogicalLine]:
    """Unfold (§3.1) octets, before decoding: old writers fold in the middle of a character. Empty lines are passed over.

    `data` is what `utf8_bytes` gave. A line that is not UTF-8 is read as Windows-1252, which has no unreadable text, and marked `guessed`.
    """
    first = 0
    parts: list[bytes] = []
    number = start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        piece = data[start:end]
        start = end + 1
        if piece[:1] in (b" ", b"\t") and parts:
            parts.append(piece[1:])
        elif piece.strip():
            if parts:
                yield _decoded(first, b"".join(parts))
            first, parts = number, [piece]
    if parts:
        yield _decoded(first, b"".join(parts))


def _decoded(number: int, octets: bytes) -> LogicalLine:
    try:
        return LogicalLine(number, octets.decode())
    except UnicodeDecodeError:
        return LogicalLine(number, octets.decode("cp1252", "replace"), guessed=True)


def parse_line(line: LogicalLine) -> ContentLine | None:
    """Name, parameters and raw value; None for what is no property. Spaces around names and "=" are tolerated."""
    text = line.text
    match = NAME.match(text) or LENIENT_NAME.match(text)
    if match is None:
        return None
    name = match[match.lastindex or 0].upper()
    if text[match.end()] == ":":
        return ContentLine(line.number, name, NO_PARAMS, text[match.end() + 1 :])
    params, position = _parameters(text, match.end())
    if position is None:
        return None
    return ContentLine(line.number, name, params, text[position:])


def _parameters(text: str, position: int) -> tuple[dict[str, str], int | None]:
    """The parameters from `position`, and where the value starts; None when there is no value."""
    params: dict[str, str] = {}
    while match := PARAMETER.match(text, position):
        values = [quoted or bare for quoted, bare in PARAMETER_VALUE.findall(match[2])]
        params[match[1].upper()] = ",".join(
            CARET.sub(_uncaret, value) if "^" in value else value for value in values
        ).strip()
        position = match.end()
    if text[position : position + 1] == ":":
        return params, position + 1
    # A stray ";", an unclosed quote or a parameter without "=": the value starts at the next colon.
    colon = text.find(":", position)
    return params, colon + 1 if colon >= 0 else None


def _uncaret(match: re.Match[str]) -> str:
    return {"n": "\n", "^": "^", "'": '"'}[match[1]]


def unescape(text: str) -> str:
    """TEXT (§3.3.11) as plain text; a backslash before any other character is dropped, as all known readers do."""
    if "\\" not in text:
        return text
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def escape(text: str) -> str:
    """Plain text as TEXT (§3.3.11); every kind of line end becomes \\n."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def split_list(text: str) -> list[str]:
    """A comma list of TEXT values (§3.1.1), each unescaped, blank ones left out."""
    parts = LIST_ITEM.findall(text) if "\\" in text else text.split(",")
    return [value for part in parts if (value := unescape(part).strip())]


def quote(value: str) -> str:
    """A parameter value, with what no parameter may hold in caret encoding (RFC 6868 §3.1)."""
    value = (
        value.replace("^", "^^")
        .replace('"', "^'")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n", "^n")
    )
    return f'"{value}"' if any(mark in value for mark in ',;:"') else value


def fold(line: str) -> bytes:
    """At most 75 octets a line, CRLF included nowhere in the count, never splitting a character (§3.1). Ends with CRLF."""
    octets = line.encode()
    if len(octets) <= FOLD_OCTETS:
        return octets + b"\r\n"
    pieces, start, room = [], 0, FOLD_OCTETS
    while len(octets) - start > room:
        end = start + room
        while octets[end] & 0xC0 == 0x80:  # a continuation byte: the character began before
            end -= 1
        pieces.append(octets[start:end])
        start, room = end, FOLD_OCTETS - 1
    pieces.append(octets[start:])
    return b"\r\n ".join(pieces) + b"\r\n"
