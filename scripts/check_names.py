"""No committed file names a package index's host or a path of somebody's machine."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Put together from parts, so that this file passes its own check.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"files\.python" + r"hosted\.org",
            r"py" + r"pi\.org",
            r"registry\.npm" + r"js\.org",
            r"registry\.yarn" + r"pkg\.com",
            r"(?<![\w./-])/(?:home|Users|work|farm|root)/[\w.-]+",
        ]
    ).encode()
)


def committed() -> list[Path]:
    # In continuous integration the checkout may belong to another user, which git would refuse.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name]


def findings(path: Path) -> list[str]:
    if not path.is_file():  # deleted, but not yet committed so
        return []
    lines = path.read_bytes().splitlines()
    return [
        f"{path.relative_to(ROOT)}:{number}: {match.group().decode()}"
        for number, line in enumerate(lines, start=1)
        if (match := FORBIDDEN.search(line))
    ]


def main() -> int:
    found = [finding for path in committed() for finding in findings(path)]
    for finding in found:
        print(finding, file=sys.stderr)
    if found:
        print("These files name a package index or a machine's own path; take it out.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
