"""Sends the outbox's messages of kind "mail", once a mail server is configured.

The payload: `to` (addresses), `subject`, `text`; optionally `cc`, `html`, `reply_to` (addresses),
`headers` (name to value), `alternatives` and `attachments`, each a list of objects with `type`,
`content` (text) and, for attachments, `name`.
"""

from __future__ import annotations

import hashlib
import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import BadHeaderError

from convenor.base.delivery import Delivery, Undeliverable
from convenor.base.models import OutboxMessage

KIND = "mail"


def is_configured() -> bool:
    return bool(settings.MAIL_URL)


def deliver(message: OutboxMessage) -> Delivery:
    """Send it; without a configured server it is kept."""
    if not is_configured():
        return Delivery.KEPT
    try:
        built(message).send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _text in error.recipients.values()):
            raise Undeliverable(str(error)) from error
        raise
    except (BadHeaderError, UnicodeError) as error:
        raise Undeliverable(str(error)) from error
    return Delivery.SENT


def built(message: OutboxMessage) -> EmailMultiAlternatives:
    """The message as Django's mail has it; Undeliverable if its content is not as described above."""
    content: dict[str, Any] = message.payload
    try:
        mail = EmailMultiAlternatives(
            subject=content["subject"],
            body=content["text"],
            to=list(content["to"]),
            cc=list(content.get("cc", ())),
            reply_to=list(content.get("reply_to", ())),
            headers={**content.get("headers", {}), "Message-ID": message_id(message)},
        )
        if "html" in content:
            mail.attach_alternative(content["html"], "text/html")
        for part in content.get("alternatives", ()):
            mail.attach_alternative(part["content"], part["type"])
        for part in content.get("attachments", ()):
            mail.attach(part["name"], part["content"], part["type"])
    except (KeyError, TypeError, ValueError) as error:
        raise Undeliverable(f"the message can't be read: {error!r}") from error
    if not mail.recipients():
        raise Undeliverable("the message has no recipient")
    return mail


def message_id(message: OutboxMessage) -> str:
    """The same for the same message, so that one sent twice (a worker killed in between) is seen once."""
    digest = hashlib.blake2b(f"{message.kind}:{message.key}".encode(), digest_size=16).hexdigest()
    return f"<{digest}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('<> ')}>"
