"""The translations' check finds every sentence, and every way in which a catalogue can fall short."""

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from scripts.check_translations import Key, incomplete, sentences, stale

TEMPLATE = """
  {% load i18n %}
<p title="{% translate "It's free" %}">{{ _("Rooms") }}</p>
      {% blocktranslate count n=rooms trimmed %}
        {{ n }} room
      {% plural %}
        {{ n }} rooms
      {% endblocktranslate %}
{% translate "May" context "month" %} {# translate "not this" #} <b>don't</b>
"""
PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
plain = _("Rooms")
many = ngettext("%(n)s room", "%(n)s rooms", n)
within = pgettext_lazy("month", "May")
no = "not this"
"""
HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n == 1 ? 0 : (n == 0 || (n % 100 > 0 && n % 100 < 20)) ? 1 : 2);\\n"
"""
WHOLE = '\nmsgid "Rooms"\nmsgstr "Săli"\n'


def catalog(text: str):  # type: ignore[no-untyped-def]  # Babel's Catalog, as read
    return read_po(io.BytesIO((HEADER + text).encode()), locale="ro")


def test_sentences_of_a_template() -> None:
    assert [key for _line, key in sentences(TEMPLATE, template=True)] == [
        ("It's free", None),
        ("Rooms", None),
        ("%(n)s room", None),
        ("May", "month"),
    ]


def test_sentences_of_a_module() -> None:
    assert list(sentences(PYTHON, template=False)) == [
        (3, ("Rooms", None)),
        (4, ("%(n)s room", None)),
        (5, ("May", "month")),
    ]


def faults(text: str) -> list[str]:
    places: dict[Key, str] = {("Rooms", None): "rooms.py:1", ("%(n)s room", None): "rooms.py:2"}
    room = '\nmsgid "%(n)s room"\nmsgid_plural "%(n)s rooms"\n'
    full = room + 'msgstr[0] "%(n)s sală"\nmsgstr[1] "%(n)s săli"\nmsgstr[2] "%(n)s de săli"\n'
    return list(incomplete(catalog(text.replace("ROOM", room) + ("" if "ROOM" in text else full)), places))


def test_a_whole_catalogue_has_no_faults() -> None:
    assert faults(WHOLE) == []


def test_what_falls_short_is_named_with_its_place() -> None:
    assert faults("") == ["rooms.py:1: 'Rooms' is not in the catalogue"]
    assert faults('\nmsgid "Rooms"\nmsgstr ""\n') == ["rooms.py:1: 'Rooms' is fuzzy or not wholly translated"]
    assert faults("\n#, fuzzy" + WHOLE) == ["rooms.py:1: 'Rooms' is fuzzy or not wholly translated"]
    two_of_three = 'ROOMmsgstr[0] "%(n)s sală"\nmsgstr[1] "%(n)s săli"\nmsgstr[2] ""\n'
    assert faults(WHOLE + two_of_three) == ["rooms.py:2: '%(n)s room' is fuzzy or not wholly translated"]


def test_a_placeholder_that_differs_is_named() -> None:
    wrong = 'ROOMmsgstr[0] "%(m)s sală"\nmsgstr[1] "%(n)s săli"\nmsgstr[2] "%(n)s de săli"\n'
    fault, *_others = faults(WHOLE + wrong)
    assert fault.startswith("rooms.py:2: '%(n)s room': ")


def test_what_must_stand_as_it_is_and_wrong_letters_are_named() -> None:
    places: dict[Key, str] = {("{n} of <b>rooms</b>", None): "rooms.py:1", ("Rooms", None): "rooms.py:2"}
    text = '\nmsgid "{n} of <b>rooms</b>"\nmsgstr "{m} <b>săli</b>"\n\nmsgid "Rooms"\nmsgstr "Spaţii"\n'
    assert list(incomplete(catalog(text), places)) == [
        "rooms.py:1: '{n} of <b>rooms</b>': '{m} <b>săli</b>' lacks or adds one of ['</b>', '<b>', '{n}']",
        "rooms.py:2: 'Rooms': 'Spaţii' has a cedilla instead of a comma below",
    ]


def test_a_compiled_file_must_answer_for_its_catalogue(tmp_path: Path) -> None:
    compiled = tmp_path / "django.mo"
    assert stale(catalog(WHOLE), compiled) == "django.mo is missing"
    with compiled.open("wb") as stream:
        write_mo(stream, catalog(WHOLE))
    assert stale(catalog(WHOLE), compiled) is None
    assert stale(catalog(WHOLE.replace("Săli", "Sălile")), compiled) == (
        "django.mo is older than its catalogue (1 entries differ)"
    )


def test_a_sentence_with_a_context_is_found_in_the_compiled_file(tmp_path: Path) -> None:
    compiled, text = tmp_path / "django.mo", '\nmsgctxt "month"\nmsgid "May"\nmsgstr "mai"\n'
    with compiled.open("wb") as stream:
        write_mo(stream, catalog(text))
    assert stale(catalog(text), compiled) is None
    assert stale(catalog(text.replace("month", "verb")), compiled) is not None
