"""Runs every test, stage by stage, and closes with one summary; in CI a skipped test is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# `loadgroup` keeps tests that share a server or a cluster in one process.
STAGES = {
    "SQLite": ["tests", "--ignore=tests/e2e", "-n", "2", "--dist", "loadgroup"],
    # The kernel, the documents and the house know no database: once is enough.
    "PostgreSQL": [
        *(
            "tests",
            "--ignore=tests/e2e",
            "--ignore=tests/kernel",
            "--ignore=tests/events/rules",
            "--ignore=tests/test_house.py",
            "--ignore=tests/test_layers.py",
        ),
        *("--ignore=tests/test_docs.py", "--database", "postgresql", "-n", "2", "--dist", "loadgroup"),
    ],
    "browser": ["tests/e2e"],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one stage went; `code` is pytest's exit code."""

    stage: str
    code: int
    seconds: float
    passed: int
    failed: int
    skipped: int

    def good(self, *, skips_allowed: bool) -> bool:
        return self.code == 0 and self.passed > 0 and (skips_allowed or self.skipped == 0)

    def line(self, *, skips_allowed: bool) -> str:
        mark = "ok  " if self.good(skips_allowed=skips_allowed) else "FAIL"
        counts = f"{self.passed:5} passed {self.failed:4} failed {self.skipped:4} skipped"
        return f"  {mark} {self.stage:<12}{counts}   {self.seconds:6.0f} s"


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped, from pytest's own report; zeros if it died before writing one."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 - written by pytest a moment ago
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def run_stage(stage: str, arguments: list[str], folder: Path) -> Outcome:
    print(f"\n=== {stage} ===", flush=True)
    report = folder / f"{stage}.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False, stdin=subprocess.DEVNULL).returncode
    return Outcome(stage, code, time.monotonic() - started, *counts(report))


def main() -> int:
    skips_allowed = not os.environ.get("CI")
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [run_stage(stage, arguments, Path(folder)) for stage, arguments in STAGES.items()]
    good = all(outcome.good(skips_allowed=skips_allowed) for outcome in outcomes)
    print("\nTests")
    for outcome in outcomes:
        print(outcome.line(skips_allowed=skips_allowed))
    print("All passed." if good else "Something failed; the lines above say where.", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
