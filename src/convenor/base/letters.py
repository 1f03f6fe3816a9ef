"""A letter: what a mail says, once as text and once as HTML, from one description.

The HTML has no table, no picture and nothing to load, and leaves ground and ink to the reader's own light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Link:
    """`is_main` of those that are buttons."""

    label: str
    href: str
    is_main: bool = True


@dataclass(frozen=True, slots=True)
class Letter:
    """In the language in force when it was written. `lead` says what happened, `facts` are pairs of a label and a value."""

    subject: str
    lead: str
    heading: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()
    lines: tuple[str, ...] = ()
    body: str = ""
    ask: str = ""
    links: tuple[Link, ...] = ()
    foot: str = ""


def text_of(letter: Letter) -> str:
    return "\n\n".join("\n".join(part) for part in _parts(letter) if part) + "\n"


def _parts(letter: Letter) -> Iterator[list[str]]:
    yield [letter.lead]
    facts = [f"{label}: {value}" for label, value in letter.facts]
    yield [*([letter.heading] if letter.heading else []), *facts]
    if letter.changes:
        yield [_("What has changed"), *(_changed(each) for each in letter.changes)]
    yield [f"– {line}" for line in letter.lines]
    yield [letter.body.strip()] if letter.body.strip() else []
    links = [f"{each.label}: {each.href}" for each in letter.links]
    yield [*([letter.ask] if letter.ask and links else []), *links]
    yield ["-- ", letter.foot] if letter.foot else []


def _changed(change: Change) -> str:
    if not change.before:
        return f"{change.label}: {change.after}"
    return f"{change.label}: {change.before} → {change.after or '–'}"


def html_of(letter: Letter) -> str:
    return render_to_string(
        "mail/letter.html",
        {
            "letter": letter,
            "language": get_language() or "en",
            "buttons": [each for each in letter.links if each.is_main],
            "links": [each for each in letter.links if not each.is_main],
        },
    )
