"""Names and e-mails as people paste them: from a mail's To line, a spreadsheet, a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]|]+@[^\s<>,;:\"'()\[\]|]+")
AROUND = " \t,;:|<>()[]\"'-–·*"
LONGEST_NAME, LONGEST_EMAIL = 160, 254


@dataclass(frozen=True, slots=True)
class Pasted:
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Read:
    """`people` each once, in order; `lost` are the lines that have no address."""

    people: tuple[Pasted, ...]
    lost: tuple[str, ...]


def read_pasted(text: str) -> Read:
    """A line may have one address with a name before or behind it, or several, each with its name before it."""
    people: dict[str, Pasted] = {}
    lost: list[str] = []
    for line in text.splitlines():
        found = list(_people(line))
        for each in found:
            people.setdefault(each.email, each)
        if not found and line.strip(AROUND):
            lost.append(line.strip())
    return Read(tuple(people.values()), tuple(lost))


def _people(line: str) -> Iterator[Pasted]:
    addresses = list(ADDRESS.finditer(line))
    before = 0
    for match in addresses:
        end = len(line) if len(addresses) == 1 else match.end()
        around = line[before : match.start()], line[match.end() : end]
        before = match.end()
        name = next((words for words in (_name(part) for part in around) if words), "")
        email = match.group().strip(".").lower()
        if len(email) <= LONGEST_EMAIL:
            yield Pasted(name[:LONGEST_NAME] or name_in(email), email)


def _name(part: str) -> str:
    """Mail programs write "Ionescu, Ana" too: the name the other way round."""
    words = part.strip(AROUND)
    family, comma, given = words.partition(",")
    if comma and "," not in given and "\t" not in words:
        return f"{given.strip(AROUND)} {family.strip(AROUND)}".strip()
    return " ".join(words.replace("\t", " ").split())


def name_in(email: str) -> str:
    """What the part before the @ says: "ana.ionescu" is Ana Ionescu."""
    parts = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(part.capitalize() for part in parts if part and not part.isdigit()) or email
