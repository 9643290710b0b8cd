"""Tables people hand in: CSV and XLSX files read as rows of text, within limits, refused in words.

Nothing of a file is trusted: its size is known before it is opened, an XLSX says how large it
unpacks before it is unpacked, and reading stops at the first row or column too many.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import IO, Any

from prm.refusals import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_IN_CELL = 32_767
DELIMITERS = ",;\t|"
DELIMITER_WORDS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class Unreadable(Refused):
    """This file is no table that can be read, and why."""


@dataclass(frozen=True)
class Row:
    """A row as the spreadsheet numbers it (the header is row 1); `trouble` says why it cannot be used."""

    number: int
    cells: list[str]
    trouble: str = ""


@dataclass
class Table:
    """A header and its rows, `said` being how it was read ("CSV, UTF-8, semicolons")."""

    header: list[str]
    said: str
    rows: list[Row] = field(default_factory=list)


def check_size(size: int) -> None:
    """Refuse a file before it is opened."""
    if size > MOST_BYTES:
        raise Unreadable(f"The file has {size / 1024 / 1024:.0f} MB; 20 MB at most. Split it in parts.")
    if size == 0:
        raise Unreadable("The file is empty. Choose one with a header and rows.")


def read(file: IO[bytes], name: str) -> Table:
    """Read a CSV or XLSX file. Raises Unreadable, with the row where it stopped."""
    file.seek(0, io.SEEK_END)
    check_size(file.tell())
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK"):
        return _filled(_read_xlsx(file), padded=True)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is an old Excel file (.xls) or one with a password. Save it as .xlsx or CSV.")
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"{\\rtf")):
        raise Unreadable(f"“{name}” is neither CSV nor XLSX. Save the table as one of these.")
    return _filled(_read_csv(file.read()), padded=False)


@dataclass
class _Source:
    said: str
    rows: Iterator[tuple[int, list[str]]]


def _filled(source: _Source, padded: bool) -> Table:
    """Take header and rows from the source, up to the limits. `padded`: short rows are no trouble."""
    table: Table | None = None
    for number, cells in source.rows:
        if not any(cells):
            continue
        if table is None:
            table = Table(_header(cells), source.said)
            continue
        if len(table.rows) >= MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it and import each part.")
        table.rows.append(_row(number, cells, len(table.header), padded))
    if table is None:
        raise Unreadable("The file holds no text. Choose one with a header and rows.")
    if not table.rows:
        raise Unreadable("The file has a header, but no row below it.")
    return table


def _header(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(f"The file has {len(cells)} columns; {MOST_COLUMNS} at most. Leave some out.")
    names = [" ".join(cell.split()) or f"Column {place}" for place, cell in enumerate(cells, 1)]
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise Unreadable(f"Two columns are called “{name}”. Give each its own name in the first row.")
        seen.add(name.casefold())
    if any("://" in name or ("@" in name and "." in name) for name in names):
        raise Unreadable("The first row must name the columns; this one holds addresses. Add a header row.")
    return [name[:200] for name in names]


def _row(number: int, cells: list[str], width: int, padded: bool) -> Row:
    while len(cells) > width and not cells[-1]:
        cells.pop()
    trouble = ""
    if len(cells) > width or (len(cells) < width and not padded):
        trouble = (
            f"The row has {len(cells)} cells, the header {width}. "
            "Look for a delimiter or line break that is not in quotes."
        )
    if any(len(cell) > MOST_IN_CELL for cell in cells):
        cells = [cell[:MOST_IN_CELL] for cell in cells]
        trouble = f"A cell is longer than {MOST_IN_CELL:,} characters. Shorten it."
    return Row(number, cells[:MOST_COLUMNS] + [""] * (width - len(cells)), trouble)


# --- CSV --------------------------------------------------------------------------------------------


def _read_csv(raw: bytes) -> _Source:
    text, encoding = _decoded(raw)
    if (nul := text.find("\0")) >= 0:
        row = text.count("\n", 0, nul) + 1
        raise Unreadable(f"Line {row} holds a NUL byte: this is no text file. Save the table as CSV (UTF-8).")
    skipped = 0
    delimiter = ""
    if text[:4].casefold() == "sep=" and text[4:5] in DELIMITERS:
        delimiter, skipped = text[4], 1
        text = text.partition("\n")[2]
    delimiter = delimiter or _delimiter(text)
    said = f"CSV, {encoding}, {DELIMITER_WORDS[delimiter]}"
    return _Source(said, _csv_rows(text, delimiter, skipped))


def _decoded(raw: bytes) -> tuple[str, str]:
    """The text and how it was encoded: what its mark says, else UTF-8, else Windows-1252 or Latin-1."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise Unreadable("The file begins like UTF-16 but goes on otherwise. Save it as CSV (UTF-8).")
    for encoding, words in (("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            return raw.decode(encoding), words
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1"), "Latin-1"


def _delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into most cells, equally many in each."""

    def rank(delimiter: str) -> tuple[bool, int]:
        reader = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter)
        widths = []
        try:
            for cells in reader:
                widths.append(len(cells))
                if len(widths) == 20:
                    break
        except csv.Error:
            return False, 0
        whole = [width for width in widths if width]
        return len(set(whole[:-1] or whole)) == 1 and whole[0] > 1, max(whole[:1], default=0)

    return max(DELIMITERS, key=rank)


def _csv_rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(MOST_BYTES)
    number = skipped
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(f"Row {number} cannot be read: a quote is not closed, or text follows one.")
        yield number, [cell.strip() for cell in cells]


# --- XLSX -------------------------------------------------------------------------------------------


def _read_xlsx(file: IO[bytes]) -> _Source:
    _check_archive(file)
    from openpyxl import load_workbook  # large, and needed here only

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception:
        raise Unreadable("The Excel file is broken. Open it in Excel, save it anew and try again.")
    if not sheets:
        raise Unreadable("The Excel file has no visible sheet.")
    said = f"Excel, sheet “{sheets[0].title}”" + (f", the first of {len(sheets)}" if len(sheets) > 1 else "")
    return _Source(said, _xlsx_rows(sheets[0]))


def _check_archive(file: IO[bytes]) -> None:
    """Refuse what unpacks to too much, or declares entities, before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable("This archive is no Excel workbook. Save the table as .xlsx or CSV.")
            if len(parts) > 5000 or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unreadable("The Excel file unpacks to more than 200 MB. Save it as CSV.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as xml:
                        if b"<!DOCTYPE" in xml.read(2048):
                            raise Unreadable("The Excel file declares a document type. Save it anew.")
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        raise Unreadable("The Excel file is broken or has a password. Save it anew and try again.")
    file.seek(0)


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()  # what the file says of its size need not be true
    number = 0
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise Unreadable(f"Row {number} has {len(cells)} columns; {MOST_COLUMNS} at most.")
            yield number, cells
    except Unreadable:
        raise
    except Exception:
        raise Unreadable(f"The Excel file is broken after row {number}. Save it anew and try again.")


def _text(value: Any) -> str:
    """A cell as text: days as 2026-01-31, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "").strip()
