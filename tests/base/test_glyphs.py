"""Texts in any script are set: what the fonts can't draw stands as a square, and no character keeps a paper from being made."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convenor.base.glyphs import MISSING, characters_of, drawable
from convenor.base.papers import FONTS, typeset
from tests.factories.pdf import letters_of, pages_of

FILES = tuple(sorted(FONTS.glob("*.ttf")))


def programme(text: str) -> bytes:
    row = {"time": text, "title": text, "small": text, "where": text, "who": text}
    cover = {
        "title": "T",
        "language": "en",
        "labels": {"page": "{n}/{of}"},
        "event": f"A{text}",
        "what": text,
    }
    days = [{"title": f"D{text}", "rows": [row]}]
    return typeset("events/programme", {**cover, "made": text, "head": ["a"] * 4, "empty": "", "days": days})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ședință – “40” €", "Ședință – “40” €"),
        ("Party 🎉!", f"Party {MISSING}!"),
        ("🏳️\u200d🌈 你好", f"{MISSING} {MISSING}"),
        ("a\tb\r\nc\rd", "a b\nc\nd"),
        ("a\0b\ud800", f"a{MISSING}b{MISSING}"),
    ],
)
def test_what_cannot_be_drawn_is_a_square(text: str, shown: str) -> None:
    assert drawable({"a": [text, 1, None]}, FILES) == {"a": [shown, 1, None]}


def test_the_fonts_tell_what_they_have() -> None:
    for path in FILES:
        assert characters_of(path) >= set(map(ord, "azAZ09ăâîșțĂÂÎȘȚ€“”–…" + MISSING))
        assert ord("你") not in characters_of(path)


@given(st.text(st.characters(), max_size=40))
@example("مرحبا \u202eשלום")
@example("\x01\x7f\x85\uffff\U0010ffff\ue000")
@settings(max_examples=60, deadline=None)
def test_every_text_is_set(text: str) -> None:
    assert pages_of(programme(text)) >= 1


def test_the_rest_of_the_text_can_still_be_read() -> None:
    assert set("Party!") <= letters_of(programme("Party 🎉!"))
