"""Can mail leave, and come in?"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from convenor.cli.doctor.findings import Finding, fault, ok, warning
from convenor.interop.imip.inbox import InboxTrouble, is_configured, opened

PATIENCE_SECONDS = 5
INBOX_REMEDY = "Check CONVENOR_INBOX_URL: user, password, host, port and folder."
REMEDY = "Check CONVENOR_MAIL_URL: scheme, user, password, host and port."


def server() -> Iterator[Finding]:
    """Connects and signs in as the outbox would; sends nothing."""
    if not settings.MAIL_URL:
        sentence = "No mail server is set, so no mail leaves."
        yield warning(
            "mail", sentence, "Set CONVENOR_MAIL_URL, such as smtp+starttls://user:password@host:587."
        )
        return
    backend = EmailBackend(timeout=PATIENCE_SECONDS)
    where = f"{settings.EMAIL_HOST} port {settings.EMAIL_PORT}"
    try:
        backend.open()
        backend.close()
    except (OSError, smtplib.SMTPException) as error:
        yield fault("mail", f"The mail server {where} can't be used: {error}.", REMEDY)
    else:
        yield ok("mail", f"The mail server {where} takes our mail, from {settings.DEFAULT_FROM_EMAIL}.")


def inbox() -> Iterator[Finding]:
    """Connects, signs in and selects the folder as the worker does; looks at no mail."""
    if not is_configured():
        return
    try:
        with opened(settings.INBOX_URL):
            pass
    except InboxTrouble as error:
        yield fault("mail in", f"The mailbox for answers can't be looked into: {error}.", INBOX_REMEDY)
    else:
        yield ok("mail in", f"Answers to {settings.MAIL_REPLIES_TO} are looked for every minute.")
