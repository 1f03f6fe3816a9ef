"""From a letter to what the outbox sends (base.mail has the shape)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from convenor.base import mail, outbox
from convenor.base.letters import Letter, html_of, text_of

AUTOMATIC = {"Auto-Submitted": "auto-generated"}  # RFC 3834 §5: so that no robot answers


def envelope(
    letter: Letter, *, to: str, key: str, organiser: str = "", calendar: tuple[str, str] | None = None
) -> outbox.Message:
    """A mail to one reader; `key` names what it tells them, once for ever. `calendar` is an iTIP message: its method, its text."""
    return packed(letter.subject, text_of(letter), html_of(letter), to=to, key=key, organiser=organiser, calendar=calendar)  # fmt: skip


def packed(
    subject: str,
    text: str,
    html: str,
    *,
    to: str,
    key: str,
    organiser: str = "",
    calendar: tuple[str, str] | None = None,
) -> outbox.Message:
    """The same from texts that are written already."""
    payload: dict[str, Any] = {
        "to": [to],
        "subject": " ".join(subject.split()),
        "text": text,
        "headers": AUTOMATIC,
        "reply_to": [settings.MAIL_REPLIES_TO],
    }
    if html:
        payload["html"] = html
    if organiser:
        payload["from_name"] = _("%(name)s (Convenor)") % {"name": organiser}
    if calendar is not None:
        payload["calendar"] = {"method": calendar[0], "content": calendar[1]}
    return outbox.Message(kind=mail.KIND, key=key, payload=payload)
