"""Build the front-end assets and the papers' typeface that the wheel carries, from exact npm versions.

    python scripts/vendor_assets.py            build web/static/vendor (needs Node and npm)
    python scripts/vendor_assets.py --check    compare what is committed with its manifest (needs neither)

The results are committed, so that neither the wheel nor a new machine needs Node.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src" / "convenor" / "web" / "static" / "vendor"
TEST_VENDOR = ROOT / "tests" / "e2e" / "vendor"
PAPER_FONTS = ROOT / "src" / "convenor" / "base" / "fonts"
MANIFEST = VENDOR / "manifest.json"
LICENCES = VENDOR / "LICENCES.txt"

#: What is shipped to a browser; esbuild is a tool and axe-core is for tests only.
SHIPPED = (
    "@event-calendar/core",
    "@fontsource-variable/inter",
    "htmx.org",
    "lucide-static",
    "qr",
    "svelte",
    "uplot",
)
FONTS = {
    "inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
}
#: For PDFs: typst reads TrueType, not woff2.
TRUETYPE = "@expo-google-fonts/inter"
PAPERS = {
    "400Regular/Inter_400Regular.ttf": "Inter-Regular.ttf",
    "600SemiBold/Inter_600SemiBold.ttf": "Inter-SemiBold.ttf",
    "LICENSE_FONT": "LICENCE.txt",
}
BUNDLES = {
    "event-calendar.js": "export {createCalendar, destroyCalendar, DayGrid, Interaction, List, TimeGrid}"
    ' from "@event-calendar/core";',
    "htmx.js": 'export {default} from "htmx.org/dist/htmx.esm.js";',
    "qr-decode.js": 'export {default as decodeQR} from "qr/decode.js";',
    "uplot.js": 'export {default} from "uplot";',
}
STYLES = {
    "event-calendar.css": "@event-calendar/core/dist/index.css",
    "uplot.css": "uplot/dist/uPlot.min.css",
}
ICONS = (
    "accessibility", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "ban", "bell", "building-2",
    "calendar-clock", "calendar-days", "calendar-plus", "calendar-range", "calendar-x", "camera", "chart-column",
    "check", "chevron-down", "chevron-left", "chevron-right", "chevrons-up-down", "circle", "circle-alert",
    "circle-check", "circle-question-mark", "circle-x", "clock", "columns-3", "copy", "door-open", "download",
    "ellipsis", "external-link", "eye", "eye-off", "filter", "flag", "globe", "grip-vertical", "hash", "history",
    "hourglass", "house", "inbox", "info", "keyboard", "languages", "layout-grid", "link", "list", "lock", "log-out",
    "mail", "map-pin", "menu", "merge", "monitor", "moon", "paperclip", "pencil", "phone", "plane", "play", "plus",
    "projector", "qr-code", "refresh-cw", "repeat", "rows-3", "rss", "scale", "search", "send", "settings",
    "shield-check", "siren", "sparkles", "split", "star", "sun", "trash-2", "triangle-alert", "undo-2", "upload",
    "user", "user-check", "user-plus", "users", "utensils", "video", "wallet", "wifi-off", "wrench", "x",
)  # fmt: skip
SOURCE_MAP = re.compile(r"^\s*(?://|/\*)[#@]\s*sourceMappingURL=.*$", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build or check the vendored front-end assets.")
    parser.add_argument("--check", action="store_true", help="compare the committed files with the manifest")
    if parser.parse_args().check:
        problems = check()
        print("\n".join(problems) or "Vendored assets match their manifest.")
        return 1 if problems else 0
    build()
    return 0


def build() -> None:
    run("npm", "ci", "--ignore-scripts", "--no-fund", "--no-audit")
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    TEST_VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in BUNDLES.items():
        bundle(name, source)
    for name, path in STYLES.items():
        style(name, MODULES / path)
    for source, name in FONTS.items():
        shutil.copyfile(MODULES / "@fontsource-variable" / "inter" / "files" / source, VENDOR / name)
    PAPER_FONTS.mkdir(parents=True, exist_ok=True)
    for source, name in PAPERS.items():
        shutil.copyfile(MODULES / TRUETYPE / source, PAPER_FONTS / name)
    (VENDOR / "icons.svg").write_text(sprite(), encoding="utf-8")
    LICENCES.write_text(licences(), encoding="utf-8")
    shutil.copyfile(MODULES / "axe-core" / "axe.min.js", TEST_VENDOR / "axe.min.js")
    MANIFEST.write_text(json.dumps(manifest(), indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"Built {len(manifest()['files'])} files into {VENDOR.relative_to(ROOT)}.")


def run(*command: str, text: str | None = None) -> None:
    try:
        subprocess.run(command, cwd=ROOT, check=True, input=text, text=True)
    except FileNotFoundError:
        sys.exit(
            f"{command[0]} is not installed; only rebuilding the vendored assets needs Node 20 or later."
        )
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(command[:2])} failed with status {error.returncode}.")


def bundle(name: str, source: str) -> None:
    """One minified ES module without imports, so that the manifest storage has nothing to rewrite in it."""
    options = (
        "--bundle",
        "--format=esm",
        "--minify",
        "--target=es2022",
        "--legal-comments=none",
        "--log-level=warning",
    )
    run(
        str(MODULES / ".bin" / "esbuild"),
        *options,
        "--conditions=browser,production",
        f"--outfile={VENDOR / name}",
        text=source,
    )


def style(name: str, source: Path) -> None:
    """The package's own style sheet inside our ``vendor`` cascade layer, so that our rules win without !important."""
    text = SOURCE_MAP.sub("", source.read_text(encoding="utf-8")).strip()
    (VENDOR / name).write_text(f"@layer vendor {{\n{text}\n}}\n", encoding="utf-8")


def sprite() -> str:
    """Lucide's icons as the symbols of one SVG file: ``icons.svg#<name>``."""
    symbols = [symbol(name) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def symbol(name: str) -> str:
    text = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    body = re.sub(r"\s+", " ", text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]).strip()
    stroke = (
        'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {stroke}>{body}</symbol>'


def licences() -> str:
    return ("\n" + "=" * 80 + "\n").join(licence(name) for name in SHIPPED)


def licence(name: str) -> str:
    package = described(name)
    found = sorted((MODULES / name).glob("LICENSE*"))
    head = f"{name} {package['version']} ({package['license']})\n\n"
    if not found:
        found = [MODULES / "svelte" / "LICENSE.md"]  # the calendar's package carries no file, only "MIT"
        head += "The package ships no licence file; these are the terms of the licence that it names.\n\n"
        return head + re.sub(
            r"^Copyright.*$", f"Copyright (c) the authors of {name}", found[0].read_text(), flags=re.MULTILINE
        )
    return head + "\n".join(path.read_text(encoding="utf-8") for path in found)


def described(name: str) -> dict[str, str]:
    result: dict[str, str] = json.loads((MODULES / name / "package.json").read_text(encoding="utf-8"))
    return result


def manifest() -> dict[str, dict[str, str]]:
    return {"packages": wanted(), "files": {name: digest(path) for name, path in vendored().items()}}


def wanted() -> dict[str, str]:
    """Package names and exact versions, as package.json asks for them."""
    packages: dict[str, str] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))[
        "devDependencies"
    ]
    return packages


def vendored() -> dict[str, Path]:
    """Every vendored file by its path from the repository's root; the manifest itself aside."""
    paths = [*VENDOR.rglob("*"), *TEST_VENDOR.rglob("*"), *PAPER_FONTS.rglob("*")]
    return {
        path.relative_to(ROOT).as_posix(): path
        for path in sorted(paths)
        if path.is_file() and path != MANIFEST
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check() -> list[str]:
    """Sentences about every vendored file or version that differs from the manifest; none when all is well."""
    if not MANIFEST.exists():
        return [f"{MANIFEST.relative_to(ROOT)} is missing; run scripts/vendor_assets.py."]
    written, now = json.loads(MANIFEST.read_text(encoding="utf-8")), manifest()
    return [
        f"{name}: the manifest says {written[part].get(name, 'nothing')}, found {now[part].get(name, 'nothing')}."
        for part in ("packages", "files")
        for name in sorted(written[part].keys() | now[part].keys())
        if written[part].get(name) != now[part].get(name)
    ]


if __name__ == "__main__":
    sys.exit(main())
