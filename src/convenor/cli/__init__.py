"""The `convenor` command: one file per command, loaded when it is called."""

from __future__ import annotations

import os
import sys

from convenor.cli.failures import explain
from convenor.cli.group import root

__all__ = ["main", "root"]


def main() -> None:
    """Runs the command line and ends the process: 0 done, 1 something is wrong, 2 bad input or settings."""
    os.umask(0o077)  # the database and the uploads are nobody else's, in whatever folder they lie
    try:
        code = root.main(prog_name="convenor", standalone_mode=False)
    except BaseException as error:  # noqa: BLE001 - whatever happened, the user gets a sentence
        code = explain(error)
    sys.exit(code if isinstance(code, int) else 0)
