"""What a file is, decided by its content alone, and whether it may be kept. Nothing is unpacked or run.

Kept are the formats that people plan events with: PDF, office files without macros, pictures, plain texts and calendars.
A file's ending must be one of its format's: an ending is what the reader's computer goes by when the file is opened.
"""

from __future__ import annotations

import codecs
import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, UnidentifiedImageError

MOST_ENTRIES: Final = 5_000
MOST_DIRECTORY_BYTES: Final = 1_000_000
MOST_UNPACKED: Final = 300_000_000
MOST_RATIO: Final = 200
RATIO_FROM: Final = 10_000_000
"""Below this unpacked size the ratio doesn't matter: an empty spreadsheet squeezes well."""
MOST_PIXELS: Final = 80_000_000
LONGEST_NAME: Final = 150
HEAD: Final = 4_096
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFormat:
    """`is_inline`: a browser may show it itself, since it can run nothing in our name."""

    label: str | Promise
    mime: str
    endings: tuple[str, ...]
    is_inline: bool = False


OFFICE: Final = "application/vnd.openxmlformats-officedocument."
OPEN: Final = "application/vnd.oasis.opendocument."
PDF = FileFormat("PDF", "application/pdf", (".pdf",), is_inline=True)
TEXT = FileFormat(gettext_lazy("plain text"), "text/plain", (".txt", ".csv", ".tsv", ".md"))
CALENDAR = FileFormat(gettext_lazy("calendar"), "text/calendar", (".ics",))
PICTURES: Final[Mapping[str, FileFormat]] = {
    "PNG": FileFormat("PNG", "image/png", (".png",), is_inline=True),
    "JPEG": FileFormat("JPEG", "image/jpeg", (".jpg", ".jpeg"), is_inline=True),
    "WEBP": FileFormat("WebP", "image/webp", (".webp",), is_inline=True),
    "GIF": FileFormat("GIF", "image/gif", (".gif",), is_inline=True),
}
BY_FOLDER: Final[Mapping[str, FileFormat]] = {
    "word": FileFormat("Word", f"{OFFICE}wordprocessingml.document", (".docx",)),
    "xl": FileFormat("Excel", f"{OFFICE}spreadsheetml.sheet", (".xlsx",)),
    "ppt": FileFormat("PowerPoint", f"{OFFICE}presentationml.presentation", (".pptx",)),
}
BY_MIMETYPE: Final[Mapping[bytes, FileFormat]] = {
    f"{OPEN}text".encode(): FileFormat("OpenDocument", f"{OPEN}text", (".odt",)),
    f"{OPEN}spreadsheet".encode(): FileFormat("OpenDocument", f"{OPEN}spreadsheet", (".ods",)),
    f"{OPEN}presentation".encode(): FileFormat("OpenDocument", f"{OPEN}presentation", (".odp",)),
}
FORMATS: Final = (PDF, *BY_FOLDER.values(), *BY_MIMETYPE.values(), *PICTURES.values(), TEXT, CALENDAR)
ENDINGS: Final = tuple(dict.fromkeys(ending for each in FORMATS for ending in each.endings))

PICTURE_SIGNS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"RIFF")
REFUSED: Final[tuple[tuple[tuple[bytes, ...], str | Promise], ...]] = (
    (
        (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!", b"dex\n"),
        gettext_lazy("This is a program, whatever its name says. Programs aren't kept."),
    ),
    (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"),
        gettext_lazy(
            "This is an old office format. Save it as .docx, .xlsx, .pptx or PDF, and choose that file."
        ),
    ),
    (
        (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
        gettext_lazy("This is an archive. Choose the files in it one by one."),
    ),
)
"""What files begin with (as the `file` program's tables and the formats' own specifications have it)."""
TEXTUAL: Final = (b"#!", b"{\\rtf")
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MARKUP = re.compile(
    rb"<\s*(?:\?xml|!doctype|!--|html|head|body|script|svg|iframe|math|\?php|%@)", re.IGNORECASE
)
MACROS = re.compile(
    r"(^|/)(vbaProject\.bin|vbaData\.xml|activeX/|macrosheets/|Basic/|Scripts/)", re.IGNORECASE
)
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the reading order: “annex[RLO]fdp.exe” reads as “annexexe.pdf”."""


def format_of(file: IO[bytes], name: str) -> FileFormat:
    """The format of the file, which must be seekable. Raises ValidationError, with a sentence, for what isn't kept."""
    file.seek(0)
    head = file.read(HEAD)
    found = _by_content(file, head)
    ending = PurePosixPath(name).suffix.lower()
    if ending not in found.endings:
        params = {
            "ending": ending or _("nothing"),
            "format": found.label,
            "endings": ", ".join(found.endings),
        }
        raise ValidationError(
            _("The name ends in %(ending)s, but the content is %(format)s. Call it %(endings)s.") % params
        )
    file.seek(0)
    return found


def clean_name(name: str) -> str:
    """The last part of the name as it can be shown and kept: no folders, no invisible or turning characters, its ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(
        each for each in last if each not in BIDI and unicodedata.category(each) not in ("Cc", "Cf", "Cs")
    )
    path = PurePosixPath(" ".join(shown.split()).strip(". ") or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix


def _by_content(file: IO[bytes], head: bytes) -> FileFormat:
    if not head.strip():
        raise ValidationError(_("The file is empty."))
    is_binary = CONTROL.search(head) is not None  # a note may well begin with “MZ”
    for signs, sentence in REFUSED:
        if head.startswith(signs) and (is_binary or head.startswith(TEXTUAL)):
            raise ValidationError(str(sentence))
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _office(file)
    if head.startswith(PICTURE_SIGNS) and is_binary:
        return _picture(file)
    return _text(file, head)


def _picture(file: IO[bytes]) -> FileFormat:
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=list(PICTURES)) as picture:
                width, height = picture.size
                found = PICTURES[picture.format or ""]
                picture.verify()
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_many_pixels()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, struct.error) as error:
        raise ValidationError(_("This begins like a picture, but can't be read as one.")) from error
    if width * height > MOST_PIXELS:
        raise ValidationError(_too_many_pixels())
    return found


def _too_many_pixels() -> str:
    return _("This picture has more than %(n)d million pixels.") % {"n": MOST_PIXELS // 1_000_000}


def _office(file: IO[bytes]) -> FileFormat:
    """Goes by the archive's table of contents, which is read only once it is known to be short."""
    broken = _("This begins like an office file, but can't be read as one.")
    if _directory_bytes(file) > MOST_DIRECTORY_BYTES:
        raise ValidationError(_bomb())
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_bomb(entries)
            found = _office_kind(archive, entries)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise ValidationError(broken) from error
    except (EOFError, KeyError, ValueError, struct.error, zlib.error) as error:
        raise ValidationError(broken) from error
    if found is None:
        raise ValidationError(_("This is an archive. Choose the files in it one by one."))
    if any(MACROS.search(entry.filename) for entry in entries):
        raise ValidationError(
            _("This %(format)s file holds macros. Save it without them, and choose that file.")
            % {"format": found.label}
        )
    return found


def _directory_bytes(file: IO[bytes]) -> int:
    """How long the table of contents says it is (APPNOTE 4.3.16); too long for one that needs more than 32 bits."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + 22 > len(tail):
        raise ValidationError(_("This begins like an office file, but can't be read as one."))
    if b"PK\x06\x07" in tail[:place]:
        return MOST_DIRECTORY_BYTES + 1
    length: int = struct.unpack_from("<L", tail, place + 12)[0]
    return length


def _check_bomb(entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_dense = unpacked > RATIO_FROM and unpacked > MOST_RATIO * max(1, packed)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or is_dense:
        raise ValidationError(_bomb())
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError(_("This file is locked with a password, so nobody could look what it is."))
    places = [entry.header_offset for entry in entries]
    if len(set(places)) < len(places):
        raise ValidationError(_bomb())  # many entries that unpack the same bytes


def _bomb() -> str:
    return _("This file would unpack to something far larger than it is. It isn't kept.")


def _office_kind(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> FileFormat | None:
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names:
        folders = {name.partition("/")[0] for name in names if "/" in name}
        found = [each for folder, each in BY_FOLDER.items() if folder in folders]
        return found[0] if len(found) == 1 else None
    if "mimetype" in names:
        if archive.getinfo("mimetype").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return None  # LZMA may ask for gigabytes of memory; OpenDocument wants this entry stored
        with archive.open("mimetype") as entry:
            return BY_MIMETYPE.get(entry.read(200).strip())
    return None


def _text(file: IO[bytes], head: bytes) -> FileFormat:
    start = head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    if b"<svg" in head.replace(b"\0", b"").lower():
        raise ValidationError(_("SVG pictures can hold scripts and aren't kept. Save it as PNG or PDF."))
    if MARKUP.match(start):
        raise ValidationError(_("Web pages and other markup aren't kept. Save it as PDF or plain text."))
    if not _is_text(file, head):
        raise ValidationError(
            _("This file is of a kind that isn't kept. Kept are %(endings)s.")
            % {"endings": ", ".join(ENDINGS)}
        )
    return CALENDAR if start.upper().startswith(b"BEGIN:VCALENDAR") else TEXT


def _is_text(file: IO[bytes], head: bytes) -> bool:
    """No control characters but those of lines, in UTF-16 with its mark or in anything that holds ASCII."""
    file.seek(0)
    if not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return not any(CONTROL.search(chunk) for chunk in iter(lambda: file.read(CHUNK), b""))
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        texts = [decoder.decode(chunk) for chunk in iter(lambda: file.read(CHUNK), b"")]
        texts.append(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False
    return not any(CONTROL.search(text.encode("utf-8", "replace")) for text in texts)
