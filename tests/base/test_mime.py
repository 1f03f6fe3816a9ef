"""The bytes of a mail, read back by Python's own parser."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from convenor.base.mail import composed

INVITE = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Ședință\r\nEND:VCALENDAR\r\n"
LETTER = {"to": ["ana@example.org"], "subject": "Ședință mutată", "text": "La 10."}


def read(content: dict[str, Any]) -> EmailMessage:
    data = composed(content, "<one@example.org>").message().as_bytes(linesep="\r\n")
    assert data.isascii()  # no server on the way needs 8BITMIME
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    found = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def shape(part: EmailMessage) -> Any:
    kind = part.get_content_type()
    return (kind, [shape(each) for each in part.iter_parts()]) if part.is_multipart() else kind  # type: ignore[arg-type]  # the parts of one are such


def test_an_invitation_has_the_shape_that_calendar_programs_know() -> None:
    found = read({**LETTER, "html": "<p>La 10.</p>", "calendar": {"method": "REQUEST", "content": INVITE}})
    assert shape(found) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    alternative, file = found.iter_parts()
    calendar = list(alternative.iter_parts())[-1]
    assert str(calendar["Content-Type"]) == 'text/calendar; method="REQUEST"; charset="UTF-8"'
    assert calendar["Content-Disposition"] is None
    assert calendar.get_content() == INVITE
    assert (file["Content-Disposition"].content_disposition, file.get_filename()) == (
        "attachment",
        "invite.ics",
    )
    assert file.get_content().decode() == INVITE


def test_the_calendar_s_type_is_written_as_outlook_reads_it() -> None:
    mail = composed({**LETTER, "calendar": {"method": "CANCEL", "content": INVITE}}, "<one@example.org>")
    assert b"Content-Type: text/calendar; method=CANCEL; charset=UTF-8\n" in mail.message().as_bytes()


def test_without_anything_else_it_is_one_text() -> None:
    found = read(LETTER)
    assert (shape(found), found.get_content().strip(), found["Subject"]) == (
        "text/plain",
        "La 10.",
        "Ședință mutată",
    )


@pytest.mark.parametrize(
    ("own", "name", "shown", "address"),
    [
        ("convenor@example.org", "Ana Ionescu (Convenor)", "Ana Ionescu (Convenor)", "convenor@example.org"),
        ("Office <office@example.org>", "", "Office", "office@example.org"),
        ("convenor@example.org", "", "", "convenor@example.org"),
        (
            "convenor@example.org",
            'Țurcanu, "Fane" Ștefan\r\nBcc: eve@example.org',
            "Țurcanu, Fane Ștefan Bcc: eve@example.org",
            "convenor@example.org",
        ),
    ],
)
def test_it_comes_from_our_address_in_somebody_s_name(
    own: str, name: str, shown: str, address: str, settings: Settings
) -> None:
    settings.DEFAULT_FROM_EMAIL = own
    (sender,) = read({**LETTER, "from_name": name})["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (shown, address)


names = st.text(st.characters(categories=("L", "N", "P", "Zs"), exclude_characters='"\\'), max_size=60)


@given(names, st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), min_size=1, max_size=200))
def test_names_and_subjects_in_any_script_arrive(name: str, subject: str) -> None:
    found = read({**LETTER, "from_name": name, "subject": f"x{subject}x"})
    assert found["From"].addresses[0].addr_spec == "convenor@127.0.0.1"
    assert "".join(found["From"].addresses[0].display_name.split()) == "".join(name.split())
    assert "".join(str(found["Subject"]).split()) == "".join(f"x{subject}x".split())


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=2_000))
def test_texts_in_any_script_arrive(text: str) -> None:
    found = read({**LETTER, "text": text, "html": f"<p>{text}</p>"})
    plain, html = found.iter_parts()
    assert plain.get_content().replace("\r\n", "\n").strip("\n") == text.strip("\n")
    assert html.get_content().replace("\r\n", "\n").strip("\n") == f"<p>{text}</p>"
