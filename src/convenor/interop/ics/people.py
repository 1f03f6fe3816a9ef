"""Who: ATTENDEE and ORGANIZER, RFC 5545 §3.8.4.1 and §3.8.4.3, with the parameters of §3.2."""

from __future__ import annotations

from convenor.interop.ics.lines import CONTROL, ContentLine
from convenor.interop.ics.objects import Attendee, Organizer

ROLES = frozenset({"CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT"})
PARTSTATS = frozenset({"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"})
CUTYPES = frozenset({"INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"})
LONGEST_ADDRESS = 320  # 64 octets, "@", 255 octets: RFC 5321 §4.5.3.1


def read_organizer(line: ContentLine) -> Organizer | None:
    """None when there is no address at all: some writers leave an empty ORGANIZER."""
    email = _address(line)
    name = _name(line)
    return Organizer(email, name, bare_address(line.param("SENT-BY"))) if email or name else None


def read_attendee(line: ContentLine) -> Attendee | None:
    """None when there is neither an address nor a name. Unknown values are read as §3.2.3, §3.2.12 and §3.2.16 say."""
    email, name = _address(line), _name(line)
    if not email and not name:
        return None
    role = line.param("ROLE").upper() or "REQ-PARTICIPANT"
    cutype = line.param("CUTYPE").upper() or "INDIVIDUAL"
    partstat = line.param("PARTSTAT").upper()
    return Attendee(
        email=email,
        name=name,
        role=role if role in ROLES else "REQ-PARTICIPANT",
        partstat=partstat if partstat in PARTSTATS else "NEEDS-ACTION",
        cutype=cutype if cutype in CUTYPES else "UNKNOWN",
        rsvp=line.param("RSVP").upper() == "TRUE",
        delegated_to=bare_address(line.param("DELEGATED-TO")),
        delegated_from=bare_address(line.param("DELEGATED-FROM")),
    )


def bare_address(uri: str) -> str:
    """The e-mail of a mailto: URI in lower case, the first of a list; any other URI as it is."""
    text = CONTROL.sub("", uri).strip().strip("<>")
    if text[:7].casefold() == "mailto:":
        text = text[7:]
    text = text.partition(",")[0].strip().strip("<>")[:LONGEST_ADDRESS]
    return text.casefold() if "@" in text else text


def _address(line: ContentLine) -> str:
    """The address; Exchange and Apple put a path or a urn: there and the e-mail into EMAIL (RFC 7986 §6.2)."""
    address = bare_address(line.value)
    other = bare_address(line.param("EMAIL"))
    return other if "@" in other and (":" in address or "@" not in address) else address


def _name(line: ContentLine) -> str:
    return " ".join(CONTROL.sub(" ", line.param("CN")).split()).strip("\"'")[:200]
