"""Names and e-mails as people paste them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.attendance.rules.pasted import Pasted, read_pasted


@pytest.mark.parametrize(
    ("text", "people", "lost"),
    [
        ("ana.ionescu@acme.example", [("Ana Ionescu", "ana.ionescu@acme.example")], []),
        ("Ana Ionescu <ana@acme.example>", [("Ana Ionescu", "ana@acme.example")], []),
        ('"Ionescu, Ana" <ANA@acme.example>', [("Ana Ionescu", "ana@acme.example")], []),
        ("Ștefan Țurcanu\tstefan@acme.example", [("Ștefan Țurcanu", "stefan@acme.example")], []),
        ("stefan@acme.example\tȘtefan\tȚurcanu", [("Ștefan Țurcanu", "stefan@acme.example")], []),
        ("陳大文, chan@acme.example", [("陳大文", "chan@acme.example")], []),
        ("Ana <a@x.example>, Bob <b@x.example>;", [("Ana", "a@x.example"), ("Bob", "b@x.example")], []),
        ("a@x.example, b@x.example", [("A", "a@x.example"), ("B", "b@x.example")], []),
        ("Ana <a@x.example>\n\nBob\nA@x.example", [("Ana", "a@x.example")], ["Bob"]),
        ("Write to ana@x.example.", [("Write to", "ana@x.example")], []),
        ("", [], []),
        ("—, ;", [], ["—, ;"]),
    ],
)
def test_reading(text: str, people: list[tuple[str, str]], lost: list[str]) -> None:
    found = read_pasted(text)
    assert [(each.name, each.email) for each in found.people] == people
    assert list(found.lost) == lost


@given(st.text(max_size=400))
def test_anything_is_read_without_failing_and_no_address_twice(text: str) -> None:
    found = read_pasted(text)
    emails = [each.email for each in found.people]
    assert len(set(emails)) == len(emails)
    assert all(each.name and "@" in each.email for each in found.people)
    assert all(isinstance(each, Pasted) for each in found.people)


@given(st.lists(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True), unique=True, max_size=20))
def test_a_list_of_addresses_comes_out_whole_however_it_is_separated(emails: list[str]) -> None:
    for separator in ("\n", ", ", "; ", "\t"):
        found = read_pasted(separator.join(emails))
        assert [each.email for each in found.people] == emails
