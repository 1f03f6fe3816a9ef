"""Mails for tests: the files beside this one, and short ones of our own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from convenor.interop.imip.receiving import receive
from convenor.interop.itip.outcomes import sentence_of
from tests.factories.scheduling import utc

MAILS = Path(__file__).parent / "mails"
UID = "review@convenor.example"  # the meeting of all the files: Monday, 7 December 2026, 10:00–11:00 in Bucharest
SEEN = utc("2026-11-24 12:00")  # when they come in


def mail(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")


def letter(
    calendar: str,
    *,
    sender: str = "bob@example.org",
    method: str = "REPLY",
    headers: str = "",
    kind: str = "text/calendar",
) -> bytes:
    """One that is nothing but a calendar."""
    lines = [
        f"From: {sender}",
        "To: answers@convenor.example",
        "Subject: An answer",
        "Date: Tue, 24 Nov 2026 09:30:00 +0000",
        *headers.splitlines(),
        "MIME-Version: 1.0",
        f"Content-Type: {kind}; method={method}; charset=utf-8",
        "",
        calendar,
    ]
    return "\r\n".join(lines).encode()


def answer(
    *lines: str,
    attendee: str = "bob@example.org",
    partstat: str = "ACCEPTED",
    uid: str = UID,
    method: str = "REPLY",
    stamp: str = "20261124T093000Z",
) -> str:
    """A calendar with one answer; `lines` are more properties of its event."""
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"ATTENDEE;PARTSTAT={partstat}:mailto:{attendee}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def took(data: bytes, now: datetime = SEEN) -> tuple[str, str]:
    """Verdict and reason."""
    row = receive(data, now=now)
    return row.verdict, row.reason


def told(row: Any) -> list[str]:
    """What a coordinator reads about the mail."""
    return [sentence_of(each["reason"], each["facts"]) for each in row.facts["outcomes"]]
