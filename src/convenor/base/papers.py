"""Papers as PDF, set by typst from the templates that an app keeps in its folder `papers`.

What users wrote reaches a template as JSON only, never as markup, so that no text can call typst's functions. A template
can read nothing outside its own folder, and the fonts are those that the package ships.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

PACKAGE = Path(__file__).resolve().parent.parent
FONTS = Path(__file__).resolve().parent / "fonts"


def typeset(template: str, data: Mapping[str, Any], *, made_at: datetime | None = None) -> bytes:
    """The PDF of `<app>/papers/<name>.typ`, named "<app>/<name>".

    `data` is what JSON can hold; every template takes `language` ("en", "ro") and `title` from it, and its labels in that
    language. Tagged, as PDF/UA-1 asks. `made_at` (aware) stands in the file as its date; the same data then give the same bytes.
    Raises FileNotFoundError for a template that isn't there, typst.TypstError for one that can't be set.
    """
    path = _template(template)
    # Without packages: typst would fetch those that a template names from the network.
    compiler = typst.Compiler(
        path, root=path.parent, font_paths=_fonts(), package_path=FONTS, package_cache_path=FONTS
    )
    made = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()) if made_at else None,
    )
    assert isinstance(made, bytes)
    return made


@cache
def _template(name: str) -> Path:
    app, _slash, stem = name.partition("/")
    path = PACKAGE / app / "papers" / f"{stem}.typ"
    if not path.is_file():
        raise FileNotFoundError(f"there is no paper {name}")
    return path


@cache
def _fonts() -> typst.Fonts:
    """Read once: that takes longer than setting a page."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
