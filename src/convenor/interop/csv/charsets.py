"""Which characters a file's bytes stand for.

Spreadsheets still save in the machine's own code page. UTF-8 and UTF-16 can be told for certain; among the single-byte pages only the letters
themselves hint at the language, so the guess is named to the user, who sees the names in the dry run.
"""

from __future__ import annotations

import codecs
import re

# Read as Windows-1252, what would be odd letters in a Western text and common ones in a text of Romania's languages (Windows-1250):
# ã is ă, º and þ are ș and ț, õ and û are Hungarian ő and ű. Portuguese writes ã and õ too, but only before o and e.
_CENTRAL = re.compile(r"[ãÃ](?![oeOE])|[ºþªÞ](?=[a-zà-ÿ])|(?<=[A-Za-zà-ÿ])[ºþªÞ]|õ(?!e)|û|³")
_WESTERN = re.compile(r"[ãÃ][oeOE]|õe|[àèêëìñòùåæøÀÈÊËÑŒœß]")
# Every byte above ASCII that isn't ă â î ș ț, é, ö or ü
_NOT_ROMANIAN = re.compile(rb"[^\x00-\x7f\xc2\xc3\xce\xaa\xde\xe2\xe3\xee\xba\xfe\xc9\xe9\xd6\xf6\xdc\xfc]")
_COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of the charset it was read in. Never fails: bytes that stand for nothing become U+FFFD."""
    for mark, charset in _MARKS.items():
        if content.startswith(mark):
            return content.decode(charset, errors="replace"), charset.removesuffix("-sig")
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decode_single_byte(content)


def _decode_single_byte(content: bytes) -> tuple[str, str]:
    western = content.decode("cp1252", errors="replace")
    central = len(_CENTRAL.findall(western))
    if not central or central < len(_WESTERN.findall(western)):
        return western, "windows-1252"
    # Romanian letters stand at the same places in both. What Windows-1250 has for quotes are control characters in the other, and its
    # Hungarian and Polish letters are elsewhere there; so the other is told by a text that has nothing but Romanian in it.
    if _NOT_ROMANIAN.search(content):
        return content.decode("cp1250", errors="replace").translate(_COMMA_BELOW), "windows-1250"
    return content.decode("iso8859-16"), "iso-8859-16"
