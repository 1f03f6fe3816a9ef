"""What a file is by its content: what is kept, what is refused, and with which sentence."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from convenor.events.rules.upload import ENDINGS, LONGEST_NAME, clean_name, format_of
from tests.factories.files import PDF, archive, bomb, office, open_document, picture

CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (PDF, "plan.pdf", "application/pdf"),
        (PDF, "PLAN.PDF", "application/pdf"),
        (picture("PNG"), "a.png", "image/png"),
        (picture("JPEG"), "a.jpg", "image/jpeg"),
        (picture("JPEG"), "a.jpeg", "image/jpeg"),
        (picture("WEBP"), "a.webp", "image/webp"),
        (picture("GIF"), "a.gif", "image/gif"),
        (office("word"), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl"), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (
            office("ppt"),
            "a.pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        (open_document("text"), "a.odt", "application/vnd.oasis.opendocument.text"),
        (open_document("spreadsheet"), "a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        (open_document("presentation"), "a.odp", "application/vnd.oasis.opendocument.presentation"),
        ("Ședință\n".encode(), "a.txt", "text/plain"),
        ("Ședință\n".encode("utf-16"), "a.txt", "text/plain"),
        (b"a;b\n1;2\n", "a.csv", "text/plain"),
        (b"MZ are her initials\n", "a.md", "text/plain"),
        (b"PK, the caterer\n", "a.md", "text/plain"),
        (CALENDAR, "a.ics", "text/calendar"),
        (b"\xef\xbb\xbf" + CALENDAR, "a.ics", "text/calendar"),
    ],
)
def test_what_is_kept(content: bytes, name: str, mime: str) -> None:
    file = io.BytesIO(content)
    assert format_of(file, name).mime == mime
    assert file.tell() == 0


PROGRAM = b"MZ\x90\0\3\0\0\0" + b"\0" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (PROGRAM, "invoice.pdf", "This is a program"),
        (PROGRAM, "setup.exe", "This is a program"),
        (b"\x7fELF\2\1\1\0" + b"\0" * 100, "a.txt", "This is a program"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt", "This is a program"),
        (SVG, "logo.svg", "SVG pictures can hold scripts"),
        (b'<?xml version="1.0"?>\n<!-- logo -->\n' + SVG, "logo.png", "SVG pictures can hold scripts"),
        (SVG.decode().encode("utf-16"), "logo.txt", "SVG pictures can hold scripts"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.txt", "Web pages"),
        (b"  \n<script>alert(1)</script>", "a.md", "Web pages"),
        (b"<?php system($_GET['c']);", "a.txt", "Web pages"),
        (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', "a.txt", "Web pages"),
        (archive({"a.txt": b"a"}), "a.zip", "This is an archive"),
        (archive({"a.txt": b"a"}), "a.docx", "This is an archive"),
        (archive({"[Content_Types].xml": b"", "word/a": b"", "xl/a": b""}), "a.docx", "This is an archive"),
        (archive({"mimetype": b"application/epub+zip"}), "a.odt", "This is an archive"),
        (b"PK\x03\x04 and then nothing", "a.docx", "can't be read as one"),
        (office()[:-30], "a.docx", "can't be read as one"),
        (bomb(), "a.docx", "far larger than it is"),
        (office(more={"word/big": b"\0" * 15_000_000}), "a.docx", "far larger than it is"),
        (archive({f"word/{n}": b"" for n in range(5_001)}), "a.docx", "far larger than it is"),
        (office(more={"word/vbaProject.bin": b"x"}), "a.docx", "holds macros"),
        (office("xl", {"xl/macrosheets/sheet1.xml": b"x"}), "a.xlsx", "holds macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "old office format"),
        (b"{\\rtf1 hello}", "a.rtf", "old office format"),
        (b"\x1f\x8b\x08\0" + zlib.compress(b"x"), "a.txt", "This is an archive"),
        (picture("PNG")[:40], "a.png", "can't be read as one"),
        (picture("BMP"), "a.bmp", "a kind that isn't kept"),
        (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 40, "a.wav", "can't be read as one"),
        (b"\0\1\2\3", "a.txt", "a kind that isn't kept"),
        (b"text and then \0", "a.txt", "a kind that isn't kept"),
        (b"\xff\xfe\0\xd8", "a.txt", "a kind that isn't kept"),
        (b"", "a.txt", "empty"),
        (b" \n", "a.txt", "empty"),
        (PDF, "plan.docx", "the content is PDF. Call it .pdf"),
        (PDF, "plan", "ends in nothing"),
        (b"echo off\ndel *.*\n", "a.bat", "the content is plain text"),
        (b"hello", "a.html", "the content is plain text"),
        (CALENDAR, "a.txt", "the content is calendar"),
        (picture("PNG"), "a.jpg", "the content is PNG"),
    ],
)
def test_what_is_refused(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        format_of(io.BytesIO(content), name)
    assert sentence in caught.value.messages[0]


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_read() -> None:
    small = bytearray(picture("PNG"))
    small[16:24] = (40_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(small[12:29]).to_bytes(4, "big")
    with pytest.raises(ValidationError, match="million pixels"):
        format_of(io.BytesIO(bytes(small)), "a.png")


def test_a_locked_file_is_refused() -> None:
    made = bytearray(office())
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        made[made.find(sign) + offset] |= 1
    with pytest.raises(ValidationError, match="password"):
        format_of(io.BytesIO(bytes(made)), "a.docx")


@given(
    st.binary(max_size=300),
    st.sampled_from(
        [
            b"",
            b"PK\x03\x04",
            b"%PDF-",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF",
            b"GIF89a",
            b"\xff\xd8\xff",
            b"MZ",
            b"\xff\xfe",
        ]
    ),
)
def test_any_bytes_are_kept_or_refused_with_a_sentence(content: bytes, sign: bytes) -> None:
    for name in ("a.docx", "a.png", "a.txt"):
        with suppress(ValidationError):
            format_of(io.BytesIO(sign + content), name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Ana\\Plan final.docx", "Plan final.docx"),
        ("annex\u202efdp.exe", "annexfdp.exe"),
        ("a\0b\r\nSet-Cookie: x.txt", "abSet-Cookie: x.txt"),
        ("Ședință.pdf", "Ședință.pdf"),
        ("   ", "file"),
        ("..", "file"),
        ("", "file"),
    ],
)
def test_names(name: str, kept: str) -> None:
    assert clean_name(name) == kept


@given(st.text(max_size=400), st.sampled_from(ENDINGS))
def test_a_name_stays_short_and_keeps_its_ending(stem: str, ending: str) -> None:
    kept = clean_name(f"x{stem}y{ending}")
    assert PurePosixPath(kept).suffix == ending
    assert len(kept) <= LONGEST_NAME
    assert not set("/\\\0\r\n\u202e") & set(kept)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_office_file_whose_kind_cannot_be_unpacked_is_refused(packing: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packing) as file:
        file.writestr("mimetype", b"application/vnd.oasis.opendocument.text" * 50)
    broken = bytearray(made.getvalue())
    broken[38:50] = b"\xff" * 12  # of the packed bytes
    with pytest.raises(ValidationError):
        format_of(io.BytesIO(bytes(broken)), "plan.odt")
