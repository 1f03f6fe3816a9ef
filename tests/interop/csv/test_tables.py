"""Files as spreadsheets make them: charsets, delimiters, headings, quotes, and line numbers that are right."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.interop.csv.cells import amount_cell, number_cell, things_cell, week_cell, yes_no_cell
from convenor.interop.csv.charsets import decode
from convenor.interop.csv.people import read_people
from convenor.interop.csv.rooms import read_rooms
from convenor.interop.csv.tables import MOST_ROWS

HEAD = "email,name,department\n"


@pytest.mark.parametrize(
    ("text", "charset", "named"),
    [
        ("Ștefan Țurcanu, Ană", "utf-8", "utf-8"),
        ("Ștefan Țurcanu", "utf-8-sig", "utf-8"),
        ("Ștefan Țurcanu", "utf-16", "utf-16"),
        ("Ştefan Ţurcanu, Ană „Nuca”", "cp1250", "windows-1250"),
        ("Ștefan Țurcanu, Ană", "iso8859-16", "iso-8859-16"),
        ("Kovács Győző, Szűcs Ödön", "cp1250", "windows-1250"),
        ("João Conceição, Zoë Müller, François", "cp1252", "windows-1252"),
        ("Müller", "cp1252", "windows-1252"),
    ],
)
def test_names_survive_every_charset(text: str, charset: str, named: str) -> None:
    expected = text.translate(str.maketrans("şţŞŢ", "șțȘȚ")) if charset == "cp1250" else text
    found, said = decode(text.encode(charset))
    assert said == named
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd_to_be_answered(content: bytes) -> None:
    for rows in (
        read_people(content),
        read_people(b"email,name\n" + content),
        read_rooms(b"code;site\n" + content),
    ):
        assert len(rows.drafts) + len(rows.refused) >= 0
        assert all(problem.sentence and problem.line >= 1 for problem in rows.refused)


@pytest.mark.parametrize(
    "text",
    [
        "email,name\na@x.org,Ana",
        "email;name\r\na@x.org;Ana\r\n",
        "E-Mail\tFull Name\na@x.org\tAna\n\n\n",
        "sep=;\nEMAIL;NUME\na@x.org;Ana\n",
        '\ufeff"e mail","nume complet",,\n"a@x.org","Ana",,\n',
        "Adresă de e-mail,Nume și prenume\ra@x.org,Ana\r",
    ],
)
def test_one_person_is_read_from_every_dialect(text: str) -> None:
    rows = read_people(text.encode())
    assert [(d.email, d.name) for d in rows.drafts] == [("a@x.org", "Ana")]
    assert rows.refused == ()


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    rows = read_people(
        'email,name,seniority\na@x.org,"Ana\nPop",1\n\nb@x.org,Bob,9\n,Nobody,1\nc@x.org,Cara,1,extra\n'
    )
    assert [draft.line for draft in rows.drafts] == [2]
    assert [(r.line, r.column, r.sentence) for r in rows.refused] == [
        (5, "seniority", "9 is not from 1 to 5."),
        (6, "email", "The row has no e-mail."),
        (7, "", "The row has 4 cells and the heading 3; is a quotation mark missing?"),
    ]


def test_a_quotation_mark_that_is_never_closed_costs_its_row_only() -> None:
    rows = read_people('email,name\na@x.org,Ana\nb@x.org,"Bob\nc@x.org,Cara\n')
    assert [draft.email for draft in rows.drafts] == ["a@x.org", "c@x.org"]
    assert [problem.line for problem in rows.refused] == [3]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("\n\n", "The file is empty."),
        (
            "name,phone\nAna,1\n",
            "The first line must name the columns; missing: email. It says: name, phone.",
        ),
    ],
)
def test_a_file_without_its_columns_is_one_sentence(text: str, sentence: str) -> None:
    rows = read_people(text)
    assert [problem.sentence for problem in rows.refused] == [sentence]
    assert rows.drafts == ()


def test_unknown_and_double_columns_are_named() -> None:
    rows = read_people("email,name,Shoe size,mail\na@x.org,Ana,42,b@x.org\n")
    assert rows.table.ignored == ("Shoe size",)
    assert [(r.line, r.column) for r in rows.refused] == [(1, "mail")]
    assert rows.drafts[0].email == "a@x.org"


def test_there_is_a_most_of_rows() -> None:
    rows = read_people("email,name\n" + "a@x.org,Ana\n" * (MOST_ROWS + 5))
    assert (len(rows.drafts), rows.refused[0].line) == (MOST_ROWS, MOST_ROWS + 2)


def test_nul_and_control_characters_are_refused_with_their_place() -> None:
    rows = read_people("email,name\na@x.org,An\x00a\nb@x.org,Bob 🎻\n")
    assert [(r.line, r.column, r.sentence) for r in rows.refused] == [
        (2, "name", "Character 3 is one that can't be kept (U+0000).")
    ]
    assert rows.drafts[0].name == "Bob 🎻"


def test_cells_are_read_as_people_write_them() -> None:
    assert [yes_no_cell(cell) for cell in ("Yes", "da", "0", "Nu")] == [True, True, False, False]
    assert number_cell(0, 5_000)("1 200") == number_cell(0, 5_000)("1200.0") == 1_200
    assert [amount_cell(cell) for cell in ("12", "12,5", "1.234,50", "1,234.50")] == [
        Decimal("12.00"),
        Decimal("12.50"),
        Decimal("1234.50"),
        Decimal("1234.50"),
    ]
    assert things_cell("projector; whiteboard:2") == {"projector": 1, "whiteboard": 2}
    assert week_cell("Mon 9-17") == ((0, time(9), time(17)),)


@pytest.mark.parametrize(
    ("reader", "cell"),
    [
        (yes_no_cell, "perhaps"),
        (number_cell(0, 9), "ten"),
        (number_cell(0, 9), "10"),
        (amount_cell, "NaN"),
        (amount_cell, "-1"),
        (amount_cell, "1e99"),
        (things_cell, ":2"),
        (things_cell, "projector:many"),
        (things_cell, "projector:1001"),
        (things_cell, "projector:" + "9" * 5_000),
        (week_cell, "always"),
        (week_cell, "Mon 17-9"),
    ],
)
def test_cells_that_can_not_be_read_say_so(reader: object, cell: str) -> None:
    assert callable(reader)
    with pytest.raises(ValidationError):
        reader(cell)


def test_a_room_reads_its_seats_by_style() -> None:
    (draft,) = read_rooms("Cod;Sediu;Teatru;Boardroom;Dotări;Tarif\nB1;BUC;40;-;ecran:2;12,50\n").drafts
    assert (draft.code, draft.site, draft.setups) == ("B1", "BUC", {"theatre": 40, "boardroom": 0})
    assert (draft.equipment, draft.hourly_rate) == ({"ecran": 2}, Decimal("12.50"))
    (draft,) = read_rooms("code,site,capacity\nB1,BUC,12\n").drafts
    assert draft.setups == {"boardroom": 12}


@pytest.mark.parametrize("content", [b"a" * 200_000, b'"' + b"a" * 200_000, HEAD.encode() + b"a" * 200_000])
def test_a_line_without_end_is_refused_in_a_sentence(content: bytes) -> None:
    rows = read_people(content)
    assert rows.drafts == ()
    assert [each.sentence for each in rows.refused] == ["A cell has more than 10000 characters."]
