"""Papers as PDF, set by typst from the templates that an app keeps in its folder `papers`.

What users wrote reaches a template as JSON only, never as markup, so that no text can call typst's functions. A template
can read nothing outside its own folder but what all papers have in common (`@local/paper`, in base/typst), and the fonts are
those that the package ships; what they can't draw stands as a square (base/glyphs.py).

typst remembers what it has set, for ten papers: good for one sheet after another, 200 MB for three hundred in one paper.
A large one is therefore set by a child process, `python -m convenor.base.papers`, which gives its memory back.
This module knows no Django, so that the child starts in a tenth of a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from convenor.base.glyphs import MISSING, drawable

PACKAGE = Path(__file__).resolve().parent.parent
FONTS = Path(__file__).resolve().parent / "fonts"
SHARED = Path(__file__).resolve().parent / "typst"
LARGE = 100_000
"""Characters of data from which on a paper is set by a child."""
LONGEST_SECONDS = 120


class PaperFailed(RuntimeError):
    """The child process could not set the paper; the text says why."""


def typeset(template: str, data: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """The PDF of `<app>/papers/<name>.typ`, named "<app>/<name>".

    `data` is what JSON can hold; every template takes `language` ("en", "ro") and `title` from it, and its labels in that
    language. Tagged, as PDF/UA-1 asks. `made_at` (aware) stands in the file as its date; the same data then give the same bytes.
    Raises FileNotFoundError for a template that isn't there, typst.TypstError or PaperFailed for one that can't be set.
    """
    path = _template(template)
    text = json.dumps(drawable(data, _font_files()), ensure_ascii=False)
    at = int(made_at.timestamp()) if made_at else None
    return _by_child(path, text, at) if len(text) > LARGE else _compiled(path, text, at)


def drawn(text: str) -> str:
    """What of the text the papers' fonts can draw, with a space where something is left out."""
    return " ".join(str(drawable(text, _font_files())).replace(MISSING, " ").split())


def _compiled(path: Path, data: str, made_at: int | None) -> bytes:
    # No packages but our own: typst would fetch others that a template names from the network.
    compiler = typst.Compiler(
        path, root=path.parent, font_paths=_fonts(), package_path=SHARED, package_cache_path=FONTS
    )
    made = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1", timestamp=made_at)
    assert isinstance(made, bytes)
    return made


def _by_child(path: Path, data: str, made_at: int | None) -> bytes:
    command = [sys.executable, "-m", __spec__.name, str(path), "" if made_at is None else str(made_at)]
    done = subprocess.run(  # noqa: S603 - our own module, with a path of our own
        command, input=data.encode(), capture_output=True, timeout=LONGEST_SECONDS, check=False
    )
    if done.returncode != 0:
        raise PaperFailed(done.stderr.decode(errors="replace").strip() or f"status {done.returncode}")
    return done.stdout


@cache
def _template(name: str) -> Path:
    app, _slash, stem = name.partition("/")
    path = PACKAGE / app / "papers" / f"{stem}.typ"
    if not path.is_file():
        raise FileNotFoundError(f"there is no paper {name}")
    return path


@cache
def _font_files() -> tuple[Path, ...]:
    return tuple(sorted(FONTS.glob("*.ttf")))


@cache
def _fonts() -> typst.Fonts:
    """Read once: that takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def main(path: str, made_at: str) -> None:
    """Data on standard input, the PDF on standard output."""
    data = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(_compiled(Path(path), data, int(made_at) if made_at else None))


if __name__ == "__main__":
    main(*sys.argv[1:])
