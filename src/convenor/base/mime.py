"""A mail's bytes: RFC 5322, RFC 2045 to 2047, and for invitations RFC 6047.

Every part is 7bit, quoted-printable or base64, so that no server on the way has to understand 8bit. An invitation is

    multipart/mixed
      multipart/alternative
        text/plain
        text/html
        text/calendar; method=REQUEST; charset=UTF-8     last, so that it is preferred; no Content-Disposition
      invite.ics                                         for programs that only know files

which Outlook, Gmail and Apple Mail all take for an invitation.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.charset import BASE64, QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

from django.core.mail import EmailMultiAlternatives

UTF8 = "utf-8"
LONGEST_LINE = 76  # of what goes out as it is; anything longer is encoded, RFC 5322 §2.1.1 allows 998
FILE_NAME = "invite.ics"


class Mail(EmailMultiAlternatives):
    """`calendar` is the method and the text of an iTIP message, shown last of the alternatives and attached as a file."""

    def __init__(self, *args: Any, calendar: tuple[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendar = calendar

    def message(self) -> Any:  # type: ignore[override]  # the stubs are those of a later Django
        """Django's headers, encoded and checked, over a body of our own: Django's bodies are 8bit."""
        whole: Any = EmailMultiAlternatives(
            subject=self.subject,
            from_email=self.from_email,
            to=self.to,
            cc=self.cc,
            reply_to=self.reply_to,
            headers=self.extra_headers,
        ).message()
        body, subject = self._body(), str(self.subject)
        if not subject.isascii():
            # Django begins a long one on the second line, which some readers show as a blank.
            whole.replace_header("Subject", Header(subject, UTF8, header_name="Subject").encode())
        for name in ("Content-Type", "Content-Transfer-Encoding"):
            del whole[name]
            if name in body:
                Message.__setitem__(whole, name, body[name])
        Message.set_payload(whole, body.get_payload())
        return whole

    def _body(self) -> Message:
        shown = [_text(self.body, "text/plain")]
        shown += [_text(content, str(kind)) for content, kind in self.alternatives]
        files = [_file(*each) for each in self.attachments]
        if self.calendar is not None:
            method, content = self.calendar
            shown.append(_calendar(method, content))
            files.append(_file(FILE_NAME, content, "application/ics"))
        whole = _multipart("alternative", shown) if len(shown) > 1 else shown[0]
        return _multipart("mixed", [whole, *files]) if files else whole


def _multipart(subtype: str, parts: Sequence[Message]) -> Message:
    return MIMEMultipart(subtype, _subparts=parts)


def _text(content: Any, mimetype: str) -> Message:
    """An alternative; parameters of its type stay as they are."""
    part = MIMENonMultipart("text", "plain")
    kind = mimetype if "charset=" in mimetype.lower() else f"{mimetype}; charset={UTF8}"
    part.replace_header("Content-Type", kind)
    _fill(part, str(content), QP)
    return part


def _calendar(method: str, content: str) -> Message:
    """RFC 6047 §2.4: METHOD stands in the type as it stands in the object."""
    part = MIMENonMultipart("text", "calendar")
    part.replace_header("Content-Type", f"text/calendar; method={method}; charset=UTF-8")
    _fill(part, content, BASE64)
    return part


def _fill(part: Message, content: str, encoding: int) -> None:
    """The text as it is where it is short lines of ASCII, and encoded otherwise."""
    plain = content.isascii() and all(len(line) <= LONGEST_LINE for line in content.splitlines())
    charset = Charset(UTF8)
    charset.body_encoding = encoding
    part.set_payload(content if plain else charset.body_encode(content.encode()))
    part["Content-Transfer-Encoding"] = "7bit" if plain else str(charset.get_body_encoding())


def _file(name: str, content: str | bytes, mimetype: str) -> Message:
    main, _slash, sub = mimetype.partition("/")
    part = MIMEBase(main, sub)
    part.set_payload(content.encode() if isinstance(content, str) else content)
    encode_base64(part)
    if name.isascii():
        part.set_param("name", name)
        part.add_header("Content-Disposition", "attachment", filename=name)
    else:
        part.add_header("Content-Disposition", "attachment", filename=(UTF8, "", name))
    return part
