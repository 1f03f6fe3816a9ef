"""Functions of the tests run in processes of their own, on the database that the test made.

``python -m tests.child tests.base.racing:take_slot '{"unit": 1}'`` calls the function with the
keyword arguments and prints what it returns as JSON.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import django
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def start(function: str, **arguments: Any) -> subprocess.Popen[str]:
    """Start ``module:function`` in a process that opens the test database, and return it at once."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.child", function, json.dumps(arguments)],
        cwd=ROOT,
        env={**os.environ, "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(process: subprocess.Popen[str], said: str | None = None) -> Any:
    """What the function returned; AssertionError with its traceback if it failed."""
    output, errors = process.communicate(said, timeout=120)
    assert process.returncode == 0, errors
    return json.loads(output.splitlines()[-1])


if __name__ == "__main__":
    django.setup()
    module, _, name = sys.argv[1].partition(":")
    returned = getattr(importlib.import_module(module), name)(**json.loads(sys.argv[2]))
    print(json.dumps(returned))  # noqa: T201  # the parent reads it
