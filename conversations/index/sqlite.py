"""On SQLite the words are a table of FTS5.

Its rows are numbered by minute and id, so that FTS5 walks them newest first by itself and stops where a
page is full. The number stays under 2**56: FTS5 up to 3.41 loses rows backwards over steps as wide.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection

from conversations.index.laying import Laying
from conversations.index.wanted import READ, Mark, Query, Wanted
from conversations.phrases import Spelling

BITS = 28  # ids have so many
IDS = 2**BITS
AUTHOR, PARTNER = "u", "p"


def _number(row: str) -> str:
    return f"(CAST(strftime('%s', {row}.occurred_at) AS INTEGER) / 60 << {BITS} | {row}.id)"


def _words(where: str) -> str:
    """Puts in the words of these messages. FTS5 folds case and marks, not the German sharp s."""
    return f"""
    INSERT INTO conversations_words (rowid, said, whose)
    SELECT {_number("message")},
        replace(replace(message.subject || ' ' || substr(message.body, 1, {READ}) || ' ' || message.address
            || ' ' || coalesce(contact.name || ' ' || contact.email, '') || ' ' || partner.name,
            'ß', 'ss'), 'ẞ', 'ss'),
        '{PARTNER}' || message.partner_id || coalesce(' {AUTHOR}' || message.author_id, '')
    FROM conversations_message message
    JOIN partners_partner partner ON partner.id = message.partner_id
    LEFT JOIN partners_contact contact ON contact.id = message.contact_id
    WHERE message.withdrawn_at IS NULL AND {where}"""


def _anew(which: str) -> str:
    """Words of the messages that `which` picks, anew."""
    return f"""
    DELETE FROM conversations_words WHERE rowid IN (
        SELECT {_number("message")} FROM conversations_message message WHERE {which});
    {_words(which)};"""


OUT = f"DELETE FROM conversations_words WHERE rowid = {_number('OLD')};"
LAYING = Laying(
    standing="SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name GLOB 'words_*'",
    drop="DROP TRIGGER {name}",
    unmake=("DROP TABLE IF EXISTS conversations_words",),
    make=(
        """CREATE VIRTUAL TABLE conversations_words USING fts5
        (said, whose, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3', columnsize = 0)""",
    ),
    fill=(_words("TRUE"),),
    triggers=(
        "CREATE TRIGGER {name} AFTER INSERT ON conversations_message"
        f" BEGIN {_words('message.id = NEW.id')}; END",
        f"CREATE TRIGGER {{name}} AFTER DELETE ON conversations_message BEGIN {OUT} END",
        "CREATE TRIGGER {name} AFTER UPDATE OF subject, body, address, partner_id, contact_id, author_id,"
        " occurred_at, withdrawn_at ON conversations_message"
        f" BEGIN {OUT} {_words('message.id = NEW.id')}; END",
        "CREATE TRIGGER {name} AFTER UPDATE OF name ON partners_partner"
        f" WHEN OLD.name IS NOT NEW.name BEGIN {_anew('message.partner_id = NEW.id')} END",
        "CREATE TRIGGER {name} AFTER UPDATE OF name, email ON partners_contact"
        " WHEN (OLD.name, OLD.email) IS NOT (NEW.name, NEW.email)"
        f" BEGIN {_anew('message.contact_id = NEW.id')} END",
    ),
)


def found(query: Query, before: Mark | None, most: int) -> list[Mark]:
    """FTS5 merges its lists as it is asked: how common a word is does not matter."""
    behind = "AND rowid < %s" if before else ""
    given: list[str | int] = [_match(query), *([_number_of(before)] if before else []), most]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM conversations_words"
            f" WHERE conversations_words MATCH %s {behind} ORDER BY rowid DESC LIMIT %s",
            given,
        )
        return [_mark(number) for (number,) in cursor.fetchall()]


def _number_of(mark: Mark) -> int:
    return int(mark.at.timestamp()) // 60 << BITS | min(mark.pk, IDS - 1)


def _mark(number: int) -> Mark:
    return Mark(datetime.fromtimestamp((number >> BITS) * 60, UTC), number & (IDS - 1))


def _match(query: Query) -> str:
    parts = [_wanted(one) for one in query.wanted]
    if query.partners is not None:
        parts.append(_any_of(PARTNER, query.partners))
    return " AND ".join(f"({part})" for part in parts)


def _wanted(wanted: Wanted) -> str:
    parts = [_spelt(spelling) for spelling in wanted.spellings]
    if wanted.authors:
        parts.append(_any_of(AUTHOR, wanted.authors))
    return " OR ".join(parts)


def _spelt(spelling: Spelling) -> str:
    """In quotes all is text; a star behind them lets the last word go on."""
    quoted = spelling.text.replace("ß", "ss").replace("ẞ", "ss").replace('"', '""')
    return f'said : "{quoted}"{" *" if spelling.opens else ""}'


def _any_of(what: str, ids: tuple[int, ...]) -> str:
    return " OR ".join(f'whose : "{what}{pk}"' for pk in ids)
