"""The `convenor` command: one file per command, loaded when it is called."""

from __future__ import annotations

import sys

from convenor.cli.failures import explain
from convenor.cli.group import root

__all__ = ["main", "root"]


def main() -> None:
    """Runs the command line and ends the process: 0 done, 1 something is wrong, 2 bad input or settings."""
    try:
        code = root.main(prog_name="convenor", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - whatever happened, the user gets a sentence
        code = explain(error)
    sys.exit(code if isinstance(code, int) else 0)
