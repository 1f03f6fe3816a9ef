"""What a PDF of ours says, read back by the fonts' own tables (ISO 32000-1 §9.10.3): enough for tests."""

from __future__ import annotations

import re
import zlib

import pypdfium2
import zxingcpp

PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


def letters_of(pdf: bytes) -> set[str]:
    """Every character that the PDF's fonts are used for, as a reader's search or a screen reader gets it."""
    found: set[str] = set()
    for stream in _streams(pdf):
        if b"begincmap" in stream:
            for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
                found |= {
                    bytes.fromhex(text.decode()).decode("utf-16-be") for _glyph, text in PAIR.findall(block)
                }
    return set("".join(found))


def is_tagged(pdf: bytes) -> bool:
    everything = pdf + b"".join(_streams(pdf))
    return b"/MarkInfo" in everything and b"/StructTreeRoot" in everything and b"/H1" in everything


def pages_of(pdf: bytes) -> int:
    everything = pdf + b"".join(_streams(pdf))
    return len(re.findall(rb"/Type\s*/Page\b", everything))


def language_of(pdf: bytes) -> bytes:
    found = re.search(rb"/Lang\s*\(([^)]*)\)", pdf + b"".join(_streams(pdf)))
    return found[1] if found else b""


def texts_of(pdf: bytes) -> list[str]:
    """What each page says, as a browser selects it; without the places where a long word may break.

    pdfium gives the hyphen at a line's end as U+0002.
    """
    texts = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    return [text.replace("\u200b", "").replace("\x02", "-") for text in texts]


def codes_of(pdf: bytes) -> list[str]:
    """What the QR codes on the pages say, read from the pages' pictures as a scanner reads them."""
    pictures = [page.render(scale=3).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    return [str(code.text) for picture in pictures for code in zxingcpp.read_barcodes(picture)]


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Of the pages, in millimetres."""
    sizes = (page.get_size() for page in pypdfium2.PdfDocument(pdf))
    return [(round(width * 25.4 / 72), round(height * 25.4 / 72)) for width, height in sizes]


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\n?endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return found
