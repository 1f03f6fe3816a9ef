"""Every sentence in the source has its Romanian, whole and compiled; says which have not.

Reads the sentences with Babel and Django's own template reader, so that gettext need not be installed.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "convenor"
LOCALES = ("ro",)
LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
Key = tuple[str, str | None]
# What must stand in a translation as it stands in the English; Babel compares only %(name)s.
VERBATIM = re.compile(r"\{\w*\}|</?\w[^>]*>|&\w+;")
CEDILLAS = re.compile("[şţŞŢ]")  # Turkish letters; Romanian has commas below


def sentences(source: str, *, template: bool) -> Iterator[tuple[int, Key]]:
    """Line and (msgid, context) of everything that is translatable in one file."""
    if template:
        # What stands between the calls is blanked out, but its indentation would trip the tokenizer.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    options = {"encoding": "utf-8"}
    for line, found, _comments, context in extract(
        "python", io.BytesIO(source.encode()), {**DEFAULT_KEYWORDS, **LAZY}, (), options
    ):
        yield line, (found if isinstance(found, str) else found[0], context)


def wanted() -> dict[Key, str]:
    """Every translatable sentence of the package, with the place where it first stands."""
    places: dict[Key, str] = {}
    templates = [path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt", ".xml"}]
    for path in sorted([*PACKAGE.rglob("*.py"), *templates]):
        for line, key in sentences(path.read_text(encoding="utf-8"), template=path.suffix != ".py"):
            if key[0]:
                places.setdefault(key, f"{path.relative_to(PACKAGE)}:{line}")
    return places


def strings(message: Message) -> tuple[str, ...]:
    """The translation; one for each plural form."""
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def whole(message: Message) -> bool:
    return all(strings(message)) and not message.fuzzy


def key_of(message: Message) -> Key:
    context: str | bytes | None = message.context  # Babel leaves it undecoded when it reads a compiled file
    if isinstance(context, bytes):
        context = context.decode()
    return (message.id if isinstance(message.id, str) else message.id[0], context or None)


def misspelt(message: Message) -> Iterator[str]:
    english = message.id if isinstance(message.id, str) else message.id[1]
    verbatim = sorted(VERBATIM.findall(english))
    for text in strings(message):
        if sorted(VERBATIM.findall(text)) != verbatim:
            yield f"{text!r} lacks or adds one of {verbatim}"
        if CEDILLAS.search(text):
            yield f"{text!r} has a cedilla instead of a comma below"


def incomplete(catalog: Catalog, places: dict[Key, str]) -> Iterator[str]:
    """What the catalogue lacks, holds half, or holds with other placeholders than the English."""
    entries = {key_of(message): message for message in catalog if message.id}
    for key, place in places.items():
        message = entries.get(key)
        if message is None:
            yield f"{place}: {key[0]!r} is not in the catalogue"
        elif not whole(message):
            yield f"{place}: {key[0]!r} is fuzzy or not wholly translated"
        else:
            yield from (f"{place}: {key[0]!r}: {error}" for error in message.check(catalog))
            yield from (f"{place}: {key[0]!r}: {error}" for error in misspelt(message))


def stale(catalog: Catalog, compiled: Path) -> str | None:
    """Why the compiled file doesn't answer for the catalogue; None when it does."""
    if not compiled.exists():
        return f"{compiled.name} is missing"
    with compiled.open("rb") as stream:
        made = {key_of(message): strings(message) for message in read_mo(stream) if message.id}
    meant = {key_of(message): strings(message) for message in catalog if message.id and whole(message)}
    differing = {key for key in made.keys() | meant.keys() if made.get(key) != meant.get(key)}
    return (
        f"{compiled.name} is older than its catalogue ({len(differing)} entries differ)"
        if differing
        else None
    )


def faults(locale: str, places: dict[Key, str]) -> Iterator[str]:
    source = PACKAGE / "locale" / locale / "LC_MESSAGES" / "django.po"
    if not source.exists():
        yield f"locale/{locale}: there is no catalogue"
        return
    with source.open("rb") as stream:
        catalog = read_po(stream, locale=locale)
    if catalog.fuzzy:
        yield f"locale/{locale}: the catalogue's header is fuzzy"
    yield from incomplete(catalog, places)
    reason = stale(catalog, source.with_suffix(".mo"))
    if reason:
        yield f"locale/{locale}: {reason}; run `make translations`"


def main() -> int:
    settings.configure(USE_I18N=True)
    places = wanted()
    found = [f"{locale}: {fault}" for locale in LOCALES for fault in faults(locale, places)]
    for fault in found:
        print(fault, file=sys.stderr)
    print(f"{len(places)} sentences, {len(found)} faults.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
