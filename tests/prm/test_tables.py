"""Tables people hand in: read whatever a spreadsheet saves, refuse the rest in words."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from prm import spreadsheets, tables


def read(raw: bytes, name: str = "partners.csv") -> tables.Table:
    return tables.read(io.BytesIO(raw), name)


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", list(tables.DELIMITERS))
def test_the_usual_delimiters_are_told_apart(delimiter: str) -> None:
    table = read(f"Name{delimiter}City\nNorthwind{delimiter}Köln\n".encode())
    assert (table.header, table.rows[0].cells) == (["Name", "City"], ["Northwind", "Köln"])


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_the_usual_encodings_are_told_apart(encoding: str, said: str) -> None:
    table = read("Name;City\nŠkoda – Söhne;Köln\n".encode(encoding))
    assert table.rows[0].cells == ["Škoda – Söhne", "Köln"]
    assert said in table.said


def test_what_windows_does_not_know_is_read_as_latin_1() -> None:
    assert read(b"Name,City\nS\xf6hne,\x81\n").rows[0].cells[0] == "Söhne"


def test_a_line_naming_the_delimiter_is_no_header() -> None:
    table = read(b"sep=;\nName;City\nNorthwind;Bonn, Rhein\n")
    assert (table.header, table.rows[0].number) == (["Name", "City"], 3)


def test_quoted_cells_hold_delimiters_and_line_breaks() -> None:
    table = read(b'Name,About\n"North, wind","one\ntwo"\n\nContoso,x\n')
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ["North, wind", "one\ntwo"]),
        (4, ["Contoso", "x"]),
    ]


@pytest.mark.parametrize("row", [b"Northwind", b"Northwind,Bonn,x"])
def test_a_ragged_row_is_trouble_of_its_own(row: bytes) -> None:
    table = read(b"Name,City\n" + row + b"\nContoso,Ulm\n")
    assert "the header 2" in table.rows[0].trouble
    assert table.rows[1].trouble == ""


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "no text"),
        (b"Name,City\n", "no row below"),
        (b"Name,name\nA,B\n", "Two columns are called"),
        (b"https://a.example,nora@a.example\nx,y\n", "name the columns"),
        (b"Name,City\nNorth\0wind,Bonn\n", "Line 2 holds a NUL byte"),
        (b'Name,City\nA,B\n"Northwind,Bonn\n', "Row 3 cannot be read"),
        (b"\xff\xfeN\x00a", "empty|UTF-16|no row"),
        (b"%PDF-1.7 ...", "neither CSV nor XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"PK\x03\x04 broken", "broken"),
        (b"Name," + b",".join(b"c%d" % n for n in range(200)) + b"\nx\n", "201 columns; 200 at most"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(raw: bytes, words: str) -> None:
    with pytest.raises(tables.Unreadable, match=words):
        read(raw)


def test_reading_stops_at_the_first_row_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read(b"Name\n" + b"x\n" * 3).rows) == 3
    with pytest.raises(tables.Unreadable, match="more than 3 rows"):
        read(b"Name\n" + b"x\n" * 4)


def test_a_file_too_large_is_refused_unopened() -> None:
    with pytest.raises(tables.Unreadable, match="21 MB; 20 MB at most"):
        tables.check_size(21 * 1024 * 1024)


def test_an_excel_sheet_is_read_as_text() -> None:
    raw = workbook(
        ["Name", "Signed on", "Employees", "Share"],
        ["Northwind", date(2024, 1, 31), 120, 0.5],
        [None],
        ["Contoso", datetime(2024, 2, 1), 7.0],  # noqa: DTZ001 (Excel knows no zones)
    )
    table = read(raw, "partners.xlsx")
    assert [row.cells for row in table.rows] == [
        ["Northwind", "2024-01-31", "120", "0.5"],
        ["Contoso", "2024-02-01", "7", ""],
    ]
    assert [row.number for row in table.rows] == [2, 4]


def test_an_excel_bomb_is_refused_before_it_unpacks(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (tables.MOST_UNPACKED + 1))
    with pytest.raises(tables.Unreadable, match="more than 200 MB"):
        read(out.getvalue(), "bomb.xlsx")


def test_an_excel_file_with_entities_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x/>')
    with pytest.raises(tables.Unreadable, match="document type"):
        read(out.getvalue(), "x.xlsx")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused_in_words(raw: bytes) -> None:
    try:
        rows, width = read(raw).rows, 1
    except tables.Unreadable:
        return
    assert all(len(row.cells) >= width for row in rows)


@given(st.text(max_size=40))
def test_no_cell_we_hand_out_is_a_formula(text: str) -> None:
    cell = spreadsheets.safe(text)
    assert not cell.lstrip(" ").startswith(("=", "@"))
    assert cell in {text, f"'{text}"}


@pytest.mark.parametrize(
    ("text", "cell"), [("=1+1", "'=1+1"), ("-5", "-5"), ("-cmd|x", "'-cmd|x"), ("\t=1", "'\t=1"), (None, "")]
)
def test_formulas_are_guarded_and_numbers_stay(text: str | None, cell: str) -> None:
    assert spreadsheets.safe(text) == cell
