"""Brings the Romanian catalogue up to the source: adds new sentences, drops old ones, compiles.

Translations are kept; a new sentence stands empty until somebody writes it, and `make check` says so.
`--missing` prints the empty ones as JSON; `--merge FILE` takes translations from such a JSON file, also
in place of older ones: {msgid: sentence}, or for plurals {singular msgid: [one, few, other]}. A sentence
with a context has the key "context|msgid". Run it as `make translations` or `python -m scripts.update_translations`.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from scripts.check_translations import LAZY, PACKAGE, key_of, strings

PO = PACKAGE / "locale" / "ro" / "LC_MESSAGES" / "django.po"
TEMPLATES = {".html", ".txt", ".xml"}
# The date is fixed, so that compiling the same sentences gives the same file.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Convenor\\n"
"POT-Creation-Date: 2026-11-23 00:00+0000\\n"
"Language: ro\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=3; plural=(n==1?0:(((n%100>19)||((n%100==0)&&(n!=0)))?2:1));\\n"

"""


def found_in(source: str, *, template: bool) -> list[tuple[Any, str | None]]:
    """(msgid or (msgid, plural), context) of everything that one file says."""
    if template:
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    keywords = {**DEFAULT_KEYWORDS, **LAZY}
    rows = extract("python", io.BytesIO(source.encode()), keywords, (), {"encoding": "utf-8"})
    return [(found, context) for _line, found, _comments, context in rows]


def said() -> Catalog:
    """Everything that the package says today, without translations."""
    catalog = Catalog(locale="ro", domain="django", charset="utf-8")
    templates = [path for path in PACKAGE.rglob("templates/**/*") if path.suffix in TEMPLATES]
    for path in sorted([*PACKAGE.rglob("*.py"), *templates]):
        for found, context in found_in(path.read_text(encoding="utf-8"), template=path.suffix != ".py"):
            if found and found[0]:
                catalog.add(found, context=context)
    return catalog


def slots(message: Message) -> int:
    """How many translations the sentence needs: Romanian has three plural forms."""
    return 3 if message.pluralizable else 1


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="ro")


def updated() -> Catalog:
    """The catalogue with today's sentences; what is no longer said is dropped."""
    fresh, old = said(), read(PO) if PO.exists() else Catalog(locale="ro")
    for message in fresh:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and len(strings(known)) == slots(message):
            message.string = known.string
    return fresh


def is_empty(message: Message) -> bool:
    return bool(message.id) and not all(strings(message))


def json_key(message: Message) -> str:
    msgid, context = key_of(message)
    return f"{context}|{msgid}" if context else msgid


def as_json(message: Message) -> str | list[str]:
    """The sentence as `--missing` prints it; one with a plural as [singular, plural]."""
    return json_key(message) if isinstance(message.id, str) else [json_key(message), message.id[1]]


def merge(catalog: Catalog, translations: dict[str, str | list[str]]) -> int:
    """Takes the translations that fit; how many."""
    taken = 0
    for message in catalog:
        value = translations.get(json_key(message)) if message.id else None
        given = (value,) if isinstance(value, str) else tuple(value or ())
        if len(given) == slots(message) and given != strings(message):
            message.string = given if message.pluralizable else given[0]
            taken += 1
    return taken


def keep(catalog: Catalog) -> None:
    """Writes the catalogue, sorted and without line numbers, so that differences stay small, and compiles it."""
    text = io.BytesIO()
    write_po(text, catalog, width=100, sort_output=True, no_location=True, omit_header=True)
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(HEADER.encode() + text.getvalue())
    with PO.with_suffix(".mo").open("wb") as file:
        write_mo(file, read(PO))


@click.command()
@click.option("--missing", is_flag=True, help="Print the sentences without a translation as JSON.")
@click.option(
    "--merge", "merged", type=click.File(encoding="utf-8"), help="Take translations from this JSON file."
)
def main(*, missing: bool, merged: io.TextIOBase | None) -> None:
    settings.configure(USE_I18N=True)
    catalog = updated()
    if merged:
        click.echo(f"{merge(catalog, json.load(merged))} taken", err=True)
    keep(catalog)
    empty = [message for message in catalog if is_empty(message)]
    if missing:
        click.echo(json.dumps([as_json(message) for message in empty], ensure_ascii=False, indent=0))
    click.echo(f"{len(catalog)} sentences, {len(empty)} without a translation", err=True)


if __name__ == "__main__":
    main()
