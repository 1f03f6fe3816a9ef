"""Write the table of docs/permissions.md anew from the code: ``python scripts/write_permissions.py [--check]``."""

import os
import sys
from pathlib import Path

import django

PAGE = Path(__file__).resolve().parent.parent / "docs" / "permissions.md"
BEGIN, END = "<!-- table: written by scripts/write_permissions.py -->\n", "<!-- end of table -->\n"


def page(text: str, table: str) -> str:
    """`text` with what stands between the two marks replaced."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    django.setup()
    from convenor.base.permissions import as_markdown  # noqa: PLC0415  # only once Django is set up

    old = PAGE.read_text(encoding="utf-8")
    new = page(old, as_markdown())
    if "--check" in sys.argv:
        print(
            "docs/permissions.md is current"
            if old == new
            else "docs/permissions.md is out of date: run this without --check"
        )
        return int(old != new)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
