"""What is served as static files: complete, as its manifest says, from nowhere else, and safe under the strict CSP."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

from scripts import vendor_assets

ROOT = vendor_assets.ROOT
WEB = ROOT / "src" / "convenor" / "web"
STATIC = WEB / "static"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
MODULES = sorted((STATIC / "js").rglob("*.js"))
OURS = sorted((STATIC / "css").rglob("*.css"))


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as production serves them, with hashed names."""
    root = tmp_path_factory.mktemp("static")
    backend = {"BACKEND": "convenor.web.storage.StaticStorage", "OPTIONS": {"location": str(root)}}
    with override_settings(STATIC_ROOT=str(root), STORAGES={"staticfiles": backend}):
        call_command("collectstatic", interactive=False, verbosity=0)
        for name in static_names():
            staticfiles_storage.url(name)  # raises when the manifest has no such file
    return root


def static_names() -> set[str]:
    names = {
        name for path in TEMPLATES for name in re.findall(r'{% static "([^"]+)" %}', path.read_text("utf-8"))
    }
    assert "css/tokens.css" in names
    return names


def test_vendored_files_are_those_of_the_manifest() -> None:
    assert vendor_assets.check() == []


def test_check_names_a_changed_a_missing_and_a_new_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    for source in vendor_assets.VENDOR.iterdir():
        (vendor / source.name).write_bytes(source.read_bytes())
    for name, value in {
        "ROOT": tmp_path,
        "VENDOR": vendor,
        "TEST_VENDOR": vendor,
        "PAPER_FONTS": vendor,
        "MANIFEST": vendor / "manifest.json",
    }.items():
        monkeypatch.setattr(vendor_assets, name, value)
    (tmp_path / "package.json").write_bytes((ROOT / "package.json").read_bytes())
    vendor_assets.MANIFEST.write_text(json.dumps(vendor_assets.manifest()), "utf-8")
    assert vendor_assets.check() == []
    (vendor / "htmx.js").write_text("changed", "utf-8")
    (vendor / "uplot.js").unlink()
    (vendor / "new.js").write_text("new", "utf-8")
    assert [problem.split(":")[0] for problem in vendor_assets.check()] == [
        "vendor/htmx.js",
        "vendor/new.js",
        "vendor/uplot.js",
    ]


def test_hashed_names_reach_every_import(collected: Path) -> None:
    names = {path.relative_to(collected).as_posix() for path in collected.rglob("*") if path.is_file()}
    hashed = {name for name in names if re.search(r"\.[0-9a-f]{12}\.js$", name)}
    assert any(name.startswith("js/schedule.") for name in hashed)
    for name in hashed:
        text = (collected / name).read_text("utf-8")
        for target in re.findall(r'(?:from|import)\s*"(\.[^"]+)"', text):
            found = (
                (collected / name)
                .parent.joinpath(target)
                .resolve()
                .relative_to(collected.resolve())
                .as_posix()
            )
            assert found in hashed, f"{name} imports {target}"


@pytest.mark.parametrize(
    "path", [*OURS, *MODULES, *TEMPLATES, STATIC / "vendor" / "htmx.js"], ids=lambda path: path.name
)
def test_nothing_loads_from_elsewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"""(?:url\(|src=|href=|import|from|fetch\()\s*["']?(?:https?:)?//""", text)
    assert "sourceMappingURL" not in text


def test_the_lock_file_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert not re.search(r"registry\.\w", lock)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(WEB / "templates").as_posix())
def test_templates_hold_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"<style|\sstyle=", text), "an inline style"
    assert not re.search(r"\son\w+=|\shx-on|javascript:", text), "an inline handler"


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "vendor" / "icons.svg").read_text("utf-8")))
    assert sprite == set(vendor_assets.ICONS)
    templates = "".join(path.read_text("utf-8") for path in TEMPLATES)
    scripts = "".join(path.read_text("utf-8") for path in MODULES)
    used = set(re.findall(r'ui/icon\.html" with name="([^"]+)"', templates)) | set(
        re.findall(r'icon\("([^"]+)"\)', scripts)
    )
    assert "calendar-days" in sprite
    assert used - sprite == set()


def test_the_fonts_cover_romanian() -> None:
    ranges = re.findall(r"unicode-range:([^;]+);", (STATIC / "css" / "tokens.css").read_text("utf-8"))
    covered = [bounds(part) for block in ranges for part in block.split(",")]
    for letter in "ăâîșțĂÂÎȘȚ–“”€":
        assert any(low <= ord(letter) <= high for low, high in covered), letter


def bounds(part: str) -> tuple[int, int]:
    low, _, high = part.strip().removeprefix("U+").partition("-")
    return int(low, 16), int(high or low, 16)
