"""The `convenor` command as a process of its own, with a data folder of its own and no settings but those given."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-c", "from convenor.cli import main; main()"]
FOREIGN = ("CONVENOR_", "DATABASE_", "DJANGO_")


def environment(data: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return {**kept, "CONVENOR_DATA": str(data), "COLUMNS": "200", **settings}


def convenor(data: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(data, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
