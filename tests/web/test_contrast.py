"""The colours of the design system read well: WCAG 2.2 contrast, computed from the tokens, in both themes."""

from __future__ import annotations

import math
import re

import pytest

from scripts.vendor_assets import ROOT

TOKENS = (ROOT / "src/convenor/web/static/css/tokens.css").read_text("utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\);")
TEXT, GRAPHIC = 4.5, 3.0
TINT = 0.14
Colour = tuple[float, float, float]

SURFACES = ("ground", "surface", "raised", "sunken")
INKS = ("ink", "ink-2", "ink-3", "accent", "danger", "warning", "ok", "info")
HUES = tuple(f"hue-{number}" for number in range(1, 9))


def oklab(text: str) -> Colour:
    lightness, chroma, hue = (float(part) for part in text.split()[:3])
    return lightness, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))


def luminance(colour: Colour) -> float:
    """Relative luminance of an OKLab colour (the published OKLab matrices; WCAG's weights)."""
    lightness, a, b = colour
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    clipped = [min(max(channel, 0.0), 1.0) for channel in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(tint: Colour, ground: Colour, share: float) -> Colour:
    pairs = zip(tint, ground, strict=True)
    red, green, blue = (part * share + under * (1 - share) for part, under in pairs)
    return red, green, blue


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> dict[str, Colour]:
    at = 1 if request.param == "light" else 2
    found = {match[1]: oklab(match[at + 1]) for match in PAIR.finditer(TOKENS)}
    assert set(SURFACES) | set(INKS) | set(HUES) <= found.keys()
    return found


def test_the_formula_knows_black_on_white() -> None:
    assert contrast((0, 0, 0), (1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("ink", INKS)
def test_ink_reads_on_every_surface(theme: dict[str, Colour], ink: str, surface: str) -> None:
    assert contrast(theme[ink], theme[surface]) >= TEXT


@pytest.mark.parametrize("hue", [*HUES, "accent", "danger", "warning", "ok", "info"])
def test_a_tone_and_ink_read_on_its_own_tint(theme: dict[str, Colour], hue: str) -> None:
    tint = mixed(theme[hue], theme["surface"], TINT)
    assert contrast(theme[hue], tint) >= TEXT
    assert contrast(theme["ink-2"], tint) >= TEXT


@pytest.mark.parametrize("surface", ["surface", "raised", "sunken"])
def test_a_field_and_the_focus_ring_stand_out(theme: dict[str, Colour], surface: str) -> None:
    assert contrast(theme["control-line"], theme[surface]) >= GRAPHIC
    assert contrast(theme["focus"], theme[surface]) >= GRAPHIC


def test_words_on_a_filled_button_read(theme: dict[str, Colour]) -> None:
    for fill in ("accent", "accent-hover"):
        assert contrast(theme["ink-on-fill"], theme[fill]) >= TEXT
