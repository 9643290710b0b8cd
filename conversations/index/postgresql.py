"""On PostgreSQL a table beside the messages holds their words, with a GIN index.

It is a table of its own so that the rows of messages, which pages read all day, stay narrow.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from conversations.index.laying import Laying
from conversations.index.wanted import READ, Mark, Query, Wanted

NEWEST = 5_000  # messages in which a common word is looked for, before the index is asked for all of it
AUTHOR, PARTNER = "u", "p"

# Functions, for a view or a generated column would forbid to alter the columns it reads.
FOLDED = r"""
CREATE FUNCTION conversations_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT regexp_replace(
        replace(lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f]', '', 'g')), 'ß', 'ss'),
        '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+', ' ', 'g')
$$"""
WORDS = f"""
    SELECT message.id, message.occurred_at,
        to_tsvector('simple', conversations_folded(concat_ws(' ',
            message.subject, left(message.body, {READ}), message.address,
            contact.name, contact.email, partner.name)))
        || array_to_tsvector(array_remove(
            ARRAY['{PARTNER}:' || message.partner_id, '{AUTHOR}:' || message.author_id], NULL))
    FROM conversations_message message
    JOIN partners_partner partner ON partner.id = message.partner_id
    LEFT JOIN partners_contact contact ON contact.id = message.contact_id
    WHERE message.withdrawn_at IS NULL"""
# A plan made while there were few messages is kept by its connection: it must not read all of them later.
ANEW = f"""
CREATE FUNCTION conversations_words_anew(which bigint[]) RETURNS void LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
    DELETE FROM conversations_words WHERE message_id = ANY(which);
    INSERT INTO conversations_words {WORDS} AND message.id = ANY(which);
END $$"""
OF_MESSAGE = """
CREATE FUNCTION conversations_words_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE conversations_words;
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM conversations_words WHERE message_id = OLD.id;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM conversations_words_anew(ARRAY[NEW.id]);
    ELSIF (OLD.subject, OLD.body, OLD.address, OLD.partner_id, OLD.contact_id, OLD.author_id,
           OLD.occurred_at, OLD.withdrawn_at)
       IS DISTINCT FROM (NEW.subject, NEW.body, NEW.address, NEW.partner_id, NEW.contact_id, NEW.author_id,
           NEW.occurred_at, NEW.withdrawn_at) THEN
        PERFORM conversations_words_anew(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$"""
OF_NAMED = """
CREATE FUNCTION conversations_words_of_{noun}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF ({old}) IS DISTINCT FROM ({new}) THEN
        PERFORM conversations_words_anew(
            ARRAY(SELECT id FROM conversations_message WHERE {noun}_id = NEW.id));
    END IF;
    RETURN NULL;
END $$"""
LAYING = Laying(
    standing="""
        SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE tgname LIKE 'words\\_%' AND relnamespace = current_schema()::regnamespace""",
    drop="DROP TRIGGER {name} ON {table}",
    unmake=(
        "DROP TABLE IF EXISTS conversations_words",
        "DROP FUNCTION IF EXISTS conversations_words_of_message, conversations_words_of_partner,"
        " conversations_words_of_contact, conversations_words_anew, conversations_folded",
    ),
    make=(
        FOLDED,
        "CREATE TABLE conversations_words"
        " (message_id bigint PRIMARY KEY, at timestamptz NOT NULL, words tsvector NOT NULL)",
        ANEW,
        OF_MESSAGE,
        OF_NAMED.format(noun="partner", old="OLD.name", new="NEW.name"),
        OF_NAMED.format(noun="contact", old="OLD.name, OLD.email", new="NEW.name, NEW.email"),
    ),
    fill=(
        f"INSERT INTO conversations_words {WORDS}",
        "CREATE INDEX words_newest_first ON conversations_words (at DESC, message_id DESC)",
        "CREATE INDEX words_of_messages ON conversations_words USING gin (words)",
        "ANALYZE conversations_words",
    ),
    triggers=(
        "CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON conversations_message"
        " FOR EACH ROW EXECUTE FUNCTION conversations_words_of_message()",
        "CREATE TRIGGER {name} AFTER TRUNCATE ON conversations_message"
        " FOR EACH STATEMENT EXECUTE FUNCTION conversations_words_of_message()",
        "CREATE TRIGGER {name} AFTER UPDATE ON partners_partner"
        " FOR EACH ROW EXECUTE FUNCTION conversations_words_of_partner()",
        "CREATE TRIGGER {name} AFTER UPDATE ON partners_contact"
        " FOR EACH ROW EXECUTE FUNCTION conversations_words_of_contact()",
    ),
)

EXACT = "phraseto_tsquery('simple', conversations_folded({text}))"
OPENS = f"COALESCE((NULLIF({EXACT}::text, '') || ':*')::tsquery, ''::tsquery)"
AMONG_NEWEST = f"""
    SELECT at, message_id FROM (
        SELECT at, message_id, words FROM conversations_words WHERE {{behind}}
        ORDER BY at DESC, message_id DESC LIMIT {NEWEST}) newest
    WHERE words @@ ({{wanted}}) ORDER BY at DESC, message_id DESC LIMIT %(most)s"""
# Materialized: sorted along the moments, a rare word would read all messages.
ALONG_INDEX = """
    WITH held AS MATERIALIZED (
        SELECT at, message_id FROM conversations_words WHERE words @@ ({wanted}) AND {behind})
    SELECT at, message_id FROM held ORDER BY at DESC, message_id DESC LIMIT %(most)s"""


def found(query: Query, before: Mark | None, most: int) -> list[Mark]:
    """A word said in one of a hundred messages or more is found among the newest, without reading all of
    its messages; a rarer one has few to read. Which of the two it is need not be known."""
    marks = _ask(AMONG_NEWEST, query, before, most)
    return marks if len(marks) == most else _ask(ALONG_INDEX, query, before, most)


def _ask(sql: str, query: Query, before: Mark | None, most: int) -> list[Mark]:
    wanted, given = _tsquery(query)
    behind = "(at, message_id) < (%(at)s, %(pk)s)" if before else "TRUE"
    given |= {"most": most, **({"at": before.at, "pk": before.pk} if before else {})}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(wanted=wanted, behind=behind), given)
        return [Mark(at, pk) for at, pk in cursor.fetchall()]


def _tsquery(query: Query) -> tuple[str, dict[str, Any]]:
    """The expression of the tsquery, and what it is given. The database reads the words itself, by the
    function that the index was filled with."""
    given: dict[str, Any] = {}
    parts = [_either(_wanted(one), given) for one in query.wanted]
    if query.partners is not None:
        parts.append(_either([_any_of(PARTNER, query.partners)], given))
    return " && ".join(parts), given


def _either(ways: list[tuple[str, str]], given: dict[str, Any]) -> str:
    """One of these ways, each an expression and the text it is given."""
    said = []
    for expression, text in ways:
        name = f"text_{len(given)}"
        given[name] = text
        said.append(expression.replace("{text}", f"%({name})s"))
    return f"({' || '.join(said)})"


def _wanted(wanted: Wanted) -> list[tuple[str, str]]:
    ways = [(OPENS if spelling.opens else EXACT, spelling.text) for spelling in wanted.spellings]
    return ways + ([_any_of(AUTHOR, wanted.authors)] if wanted.authors else [])


def _any_of(what: str, ids: tuple[int, ...]) -> tuple[str, str]:
    return "{text}::tsquery", " | ".join(f"'{what}:{pk}'" for pk in ids)
