"""Words are found whatever the case and the accents, alike on both engines."""

from __future__ import annotations

import pytest

from convenor.base.folding import folded, latin_letters
from convenor.base.models import User
from tests.factories.people import UserFactory


@pytest.mark.parametrize(
    ("text", "fold"),
    [
        ("Ștefan Țurcanu", "stefan turcanu"),
        ("ÉLAN", "elan"),
        ("Åse 100%", "ase 100%"),
        ("", ""),
        ("日本 🙂", "日本 🙂"),
    ],
)
def test_a_text_folds(text: str, fold: str) -> None:
    assert folded(text) == fold


def test_every_letter_has_one_plain_one() -> None:
    marked, plain = latin_letters()
    assert len(marked) == len(plain) == len(set(marked))
    assert "ș" in marked
    assert plain.isascii()
    assert plain.isalpha()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("stefan", True),
        ("ȘTEFAN", True),
        ("ștefan", True),
        ("urcan", True),
        ("100%_\\sure", True),
        ("s_efan", False),
        ("%", True),
        ("stefanie", False),
        ("", True),
    ],
)
def test_a_name_is_found(typed: str, is_found: bool) -> None:
    UserFactory(display_name="Ștefan Țurcanu 100%_\\sure")
    assert User.objects.filter(display_name__matches=typed).exists() is is_found
