"""Whether a file can be what somebody says it is; a sentence at once is worth more than a thousand bad rows."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from convenor.interop.csv.charsets import decode
from convenor.interop.ics.lines import utf8_bytes
from convenor.interop.imports.enums import FileKind

SPREADSHEETS = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # .xlsx and .ods are zip archives, .xls is a compound file
SEEN = 65_536
MANY = 500


def check_size(size: int) -> None:
    """Raises ValidationError for more bytes than the settings allow."""
    if size > settings.UPLOAD_MAX_BYTES:
        params = {"size": round(size / 1e6, 1), "most": settings.UPLOAD_MAX_BYTES // 1_000_000}
        raise ValidationError(gettext("The file has %(size)s MB; at most %(most)d MB are read.") % params)


def check_content(kind: FileKind, content: bytes) -> None:
    """Raises ValidationError for a file that is empty or of another kind."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise ValidationError(gettext("The file is empty."))
    is_calendar = b"BEGIN:V" in utf8_bytes(content[:SEEN]).upper()
    if kind == FileKind.CALENDAR:
        if not is_calendar:
            raise ValidationError(
                gettext("This is not a calendar: choose a file that ends in .ics, as calendars export it.")
            )
        return
    if content.startswith(SPREADSHEETS):
        raise ValidationError(
            gettext("This is a spreadsheet's own file. Save it as CSV there, and choose that file.")
        )
    if is_calendar:
        raise ValidationError(gettext("This is a calendar; choose it under “Calendar”."))
    if "\0" in decode(content)[0]:
        raise ValidationError(gettext("This is not a text file: it holds NUL characters. Choose a CSV file."))


def is_large(kind: FileKind, content: bytes) -> bool:
    """Whether reading it takes so long that nobody should wait for the page."""
    if kind == FileKind.CALENDAR:
        return utf8_bytes(content).upper().count(b"BEGIN:VEVENT") > MANY
    return content.count(b"\n") + content.count(b"\r") // 2 > MANY + 1
