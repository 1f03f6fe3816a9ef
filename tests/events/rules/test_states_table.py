"""docs/events.md shows the table of states as it is."""

from pathlib import Path

from convenor.events.rules.states_table import as_markdown

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


def test_the_page_shows_the_table() -> None:
    shown = (
        PAGE.read_text(encoding="utf-8").partition("<!-- states -->\n")[2].partition("<!-- /states -->")[0]
    )
    assert shown == as_markdown()
