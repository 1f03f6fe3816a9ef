"""Which addresses a mail server gave up on: delivery reports (RFC 3464), and the plain words of servers that write none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from convenor.interop.imip.arrival import NO_TEXT, Arrival

ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}"
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
MOST = 100
LONGEST_REASON = 300
WINDOW = 600  # characters after an address in which its reason stands
# How servers without reports begin, by name of those who write so
OPENINGS = re.compile(
    r"this is the qmail-send program"  # qmail
    r"|delivery (?:to the following recipients?|has) failed"  # Exchange, Gmail
    r"|your message to .{1,300} couldn't be delivered"  # Microsoft 365
    r"|address not found|wasn't delivered to"  # Gmail
    r"|a message that you sent could not be delivered"  # Exim
    r"|undelivered mail returned to sender|i'm sorry to have to inform you",  # Postfix
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"delay|will (?:be retried|keep trying|retry)|warning message only|temporary", re.IGNORECASE
)
# Where the copy of the mail begins, in which other people's addresses may stand
COPY = re.compile(
    r"^-{2,}.{0,80}(?:below this line|copy of|original message|your message)", re.MULTILINE | re.IGNORECASE
)
# An address alone on its line, or in angle brackets before a colon, or in one of Microsoft's and Gmail's sentences
NAMED = re.compile(
    rf"^[ \t]*<?({ADDRESS})>?:?[ \t]*$"
    rf"|wasn't delivered to\s+({ADDRESS})"
    rf"|your message to\s+<?({ADDRESS})>?\s+couldn't be delivered",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bounce:
    """What was said of one address: for good, or that it takes longer."""

    address: str
    reason: str
    is_final: bool


def bounces_in(mail: Arrival) -> tuple[Bounce, ...]:
    """One for each address; nothing for a mail that no mail server wrote. Pure."""
    if mail.is_report or mail.reports:
        found = list(_reported(mail))
    elif mail.is_from_a_server:
        found = list(_told(mail))
    else:
        found = []
    clean = (replace(each, reason=NO_TEXT.sub(" ", each.reason).strip()) for each in found[:MOST])
    return tuple({each.address: each for each in clean}.values())


def _reported(mail: Arrival) -> Iterator[Bounce]:
    """RFC 3464 §2.3: Final-Recipient, Action, Status, Diagnostic-Code. The original recipient is the address that we wrote to."""
    for block in mail.reports:
        address = _typed(block.get("original-recipient", "")) or _typed(block.get("final-recipient", ""))
        if not address:
            continue
        action, status = block.get("action", "").lower(), STATUS.search(block.get("status", ""))
        said = _typed_text(block.get("diagnostic-code", "")) or block.get("status", "")
        final = action == "failed" and (status is None or status[1] == "5")
        yield Bounce(address, said[:LONGEST_REASON], is_final=final)


def _typed(value: str) -> str:
    """The address of "rfc822;bob@example.org"."""
    match = re.search(ADDRESS, value.rpartition(";")[2])
    return match[0].lower() if match else ""


def _typed_text(value: str) -> str:
    """The words of "smtp; 550 5.1.1 no such user"."""
    kind, semicolon, text = value.partition(";")
    return (text if semicolon and len(kind) < 20 else value).strip()


def _told(mail: Arrival) -> Iterator[Bounce]:
    """Exim and Gmail name the addresses in a header; the others in the text, each with its reason after it."""
    text = COPY.split(mail.text[:20_000], maxsplit=1)[0]
    if DELAYED.search(mail.subject) or not (mail.failed_recipients or OPENINGS.search(text)):
        return
    final = not DELAYED.search(text[:500])
    if mail.failed_recipients:
        for address in mail.failed_recipients:
            yield Bounce(
                address, _reason_after(text, text.lower().find(address) + len(address)), is_final=final
            )
        return
    for match in NAMED.finditer(text):
        address = next(each for each in match.groups() if each)
        reason = _reason_after(text, match.end())
        status = STATUS.search(reason)
        yield Bounce(address.lower(), reason, is_final=final and (status is None or status[1] == "5"))


def _reason_after(text: str, place: int) -> str:
    """The next lines that say something."""
    lines = [line.strip() for line in text[max(place, 0) : max(place, 0) + WINDOW].splitlines()]
    words = [line for line in lines if line and not set(line) <= set("-_=<>:.")]
    return " ".join(words[:3])[:LONGEST_REASON]
