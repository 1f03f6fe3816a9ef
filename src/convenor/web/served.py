"""Files as answers: never guessed at, never run."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

CLOSED = "default-src 'none'; frame-ancestors 'none'"
"""For what users have uploaded: whatever it holds, no script and no network."""
SANDBOX = f"{CLOSED}; sandbox"
"""And no origin of ours. Not for PDF: browsers don't show one in a sandbox, and show it in a viewer of their own anyway."""


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A paper of our own, shown in the browser; never kept by a cache, since it may be for this reader alone."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Cache-Control"] = "private, no-store"
    return answer


def file_answer(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file of our own, to be kept by the reader; never by a cache."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer


def letter_answer(html: str) -> HttpResponse:
    """A mail's own page, as a mail program shows it: its inline styles, no script, no network, no origin of ours."""
    answer = HttpResponse(html)
    answer["Content-Security-Policy"] = f"{SANDBOX}; style-src 'unsafe-inline'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def download(answer: FileResponse, *, name: str, content_type: str, is_inline: bool) -> FileResponse:
    """The answer with the headers of a file that a user has uploaded."""
    answer["Content-Type"] = content_type
    answer["Content-Disposition"] = content_disposition_header(not is_inline, name) or "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = CLOSED if content_type == "application/pdf" else SANDBOX
    answer["Cache-Control"] = "private, no-store"
    return answer
