"""PDFs: tagged, in our own typeface, with Romanian letters; what users wrote is never read as markup, no file is readable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typst

from convenor.base import papers
from convenor.base.kept_papers import KEPT_FOR, keep_paper, kept_paper
from convenor.base.papers import typeset
from tests.factories.pdf import is_tagged, language_of, letters_of, pages_of
from tests.factories.scheduling import NOW

ROMANIAN = "ăâîșțĂÂÎȘȚ"


def sheets(*titles: str, language: str = "ro", text: str = "") -> dict[str, Any]:
    section = {
        "title": "Catering",
        "facts": [["Gazdă", "Ștefan Țurcanu"]],
        "text": text,
        "head": [],
        "rows": [],
    }
    return {
        "title": "Fișe de funcție",
        "language": language,
        "labels": {"page": "pagina {n} din {of}"},
        "sheets": [
            {
                "event": "Ziua departamentului",
                "number": "zi/01",
                "title": title,
                "revision": "Revizia 1",
                "cancelled": "",
                "changed": "",
                "sections": [section],
            }
            for title in titles
        ],
    }


def test_a_paper_is_tagged_numbered_and_says_its_language() -> None:
    made = typeset("events/sheets", sheets(ROMANIAN, "Two"))
    assert made.startswith(b"%PDF-")
    assert is_tagged(made)
    assert pages_of(made) == 2
    assert language_of(made).startswith(b"ro")
    assert set(ROMANIAN) <= letters_of(made)
    assert b"Inter" in made


def test_the_same_data_make_the_same_bytes() -> None:
    one, two = (typeset("events/sheets", sheets("A"), made_at=NOW) for _n in range(2))
    assert one == two


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#include "style.typ"',
        "*bold* _it_ = Heading $x$ @ref <label> \\ `raw` // gone",
        '"); #panic("x',
        "\N{RIGHT-TO-LEFT OVERRIDE}abc\N{ZERO WIDTH SPACE}",
    ],
)
def test_what_users_wrote_is_shown_as_it_is(text: str) -> None:
    made = typeset("events/sheets", sheets(text, text=text))
    assert pages_of(made) == 1
    assert set(text) & set("#@$*_") <= letters_of(made)


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "rogue" / "papers"
    folder.mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "inside.txt").write_text("inside")
    monkeypatch.setattr(papers, "PACKAGE", tmp_path)
    page = '#set document(title: "T")\n= Title\n#read("{path}")'
    for name, path in {
        "up": "../../secret.txt",
        "root": "/../../secret.txt",
        "absolute": "/etc/passwd",
        "package": "/../../../etc/hostname",
    }.items():
        (folder / f"{name}.typ").write_text(page.format(path=path))
        with pytest.raises(typst.TypstError):
            typeset(f"rogue/{name}", {})
    (folder / "net.typ").write_text('#import "@preview/cetz:0.3.0": *\n#set document(title: "T")\n= Title')
    with pytest.raises(typst.TypstError):
        typeset("rogue/net", {})
    (folder / "good.typ").write_text(page.format(path="inside.txt"))
    assert pages_of(typeset("rogue/good", {})) == 1


def test_a_large_paper_is_set_by_a_child_to_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    data = sheets(*(f"Sheet {n} {ROMANIAN}" for n in range(3)), text="word " * 10)
    here = typeset("events/sheets", data, made_at=NOW)
    monkeypatch.setattr(papers, "LARGE", 100)
    assert typeset("events/sheets", data, made_at=NOW) == here
    with pytest.raises(papers.PaperFailed, match="labels"):
        typeset("events/sheets", {"title": "x" * 200, "language": "en", "sheets": []})


@pytest.mark.parametrize("name", ["events/none", "events/../papers/sheets/x", "sheets"])
def test_a_paper_that_is_not_there(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        typeset(name, {})


def test_a_kept_paper_is_there_for_a_day() -> None:
    token = keep_paper(b"paper", now=NOW)
    assert kept_paper(token, now=NOW + KEPT_FOR / 2) == b"paper"
    assert kept_paper(token, now=NOW + KEPT_FOR * 2) is None
    for wrong in ("../papers/" + token, "0" * 32, "", token.upper()):
        assert kept_paper(wrong, now=NOW) is None
    keep_paper(b"next", now=NOW + KEPT_FOR * 2)
    assert kept_paper(token, now=NOW) is None, "swept"
