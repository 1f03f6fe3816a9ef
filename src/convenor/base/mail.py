"""Sends the outbox's messages of kind "mail", once a mail server is configured.

The payload: `to` (addresses), `subject`, `text`; optionally `cc`, `html`, `reply_to` (addresses), `from_name` (whom our
own address writes for), `headers` (name to value), `calendar` (an object with `method` and `content`: an iTIP message,
RFC 6047), `alternatives` and `attachments`, each a list of objects with `type`, `content` (text) and, for attachments,
`name`.
"""

from __future__ import annotations

import hashlib
import smtplib
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail.message import BadHeaderError

from convenor.base import clock
from convenor.base.addresses import SMTP_SAID, mark_unreachable, took_mail
from convenor.base.delivery import Delivery, Undeliverable
from convenor.base.mime import Mail
from convenor.base.models import OutboxMessage

KIND = "mail"
OPENS_ACCOUNTS = "sign-in:"
"""How the keys of mails begin whose text opens an account: nobody but their reader may see it."""


def is_configured() -> bool:
    return bool(settings.MAIL_URL)


def deliver(message: OutboxMessage) -> Delivery:
    """Send it; without a configured server it is kept."""
    if not is_configured():
        return Delivery.KEPT
    mail = built(message)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        if _marked(error) == len(error.recipients):
            raise Undeliverable(str(error)) from error
        raise
    except smtplib.SMTPDataError as error:
        if 500 <= error.smtp_code < 600:  # the server has read it and won't have it
            raise Undeliverable(str(error)) from error
        raise
    except (BadHeaderError, UnicodeError) as error:
        raise Undeliverable(str(error)) from error
    took_mail(mail.recipients())
    return Delivery.SENT


def _marked(error: smtplib.SMTPRecipientsRefused) -> int:
    """Note which recipients the server refused for good; how many."""
    refused = {
        address: f"{SMTP_SAID}{code} {text.decode('utf-8', 'replace')}"
        for address, (code, text) in error.recipients.items()
        if 500 <= code < 600
    }
    for address, reason in refused.items():
        mark_unreachable(address, reason, clock.now())
    return len(refused)


def built(message: OutboxMessage) -> Mail:
    """The message as it goes out; Undeliverable if its content is not as described above."""
    try:
        mail = composed(message.payload, message_id(message))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Undeliverable(f"the message can't be read: {error!r}") from error
    if not mail.recipients():
        raise Undeliverable("the message has no recipient")
    return mail


def composed(content: dict[str, Any], name: str) -> Mail:
    """The mail that a payload describes, with `name` as its Message-ID."""
    calendar = content.get("calendar")
    mail = Mail(
        subject=content["subject"],
        body=content["text"],
        from_email=sender(content.get("from_name", "")),
        to=list(content["to"]),
        cc=list(content.get("cc", ())),
        reply_to=list(content.get("reply_to", ())),
        headers={**content.get("headers", {}), "Message-ID": name},
        calendar=(calendar["method"], calendar["content"]) if calendar else None,
    )
    if "html" in content:
        mail.attach_alternative(content["html"], "text/html")
    for part in content.get("alternatives", ()):
        mail.attach_alternative(part["content"], part["type"])
    for part in content.get("attachments", ()):
        mail.attach(part["name"], part["content"], part["type"])
    return mail


def sender(name: str) -> str:
    """Our own address, with the name of whom it writes for."""
    own_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    shown = " ".join(name.split()) or own_name
    plain = shown.replace("\\", "").replace('"', "")
    return f'"{plain}" <{address}>' if plain else address


def message_id(message: OutboxMessage) -> str:
    """The same for the same message, so that one sent twice (a worker killed in between) is seen once."""
    digest = hashlib.blake2b(f"{message.kind}:{message.key}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('<> ')}>"
