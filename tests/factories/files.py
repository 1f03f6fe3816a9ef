"""Files of every kind, real and pretended."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

from convenor.events.actions.document import Upload

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "navy").save(made, kind)
    return made.getvalue()


def archive(entries: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as each:
        for name, content in entries.items():
            each.writestr(name, content)
    return made.getvalue()


def office(folder: str = "word", more: Mapping[str, bytes] | None = None) -> bytes:
    """A .docx, .xlsx or .pptx as far as its names go."""
    return archive({"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<w/>", **(more or {})})


def open_document(kind: str = "text") -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return archive({"mimetype": mimetype, "content.xml": b"<office/>"})


def bomb(megabytes: int = 400) -> bytes:
    """A .docx that says it unpacks to so many megabytes of zeros, without our having to pack them."""
    made = bytearray(office(more={"word/media/image1.bin": b"\0" * 5_000_000}))
    place = made.rfind(b"PK\x01\x02")
    struct.pack_into("<L", made, place + 24, megabytes * 1_000_000)
    return bytes(made)


def upload(content: bytes, name: str) -> Upload:
    return Upload(io.BytesIO(content), name, len(content))
