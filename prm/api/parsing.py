"""JSON as it comes in: of a decent depth, by itself or as a part beside files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.negotiation import BaseContentNegotiation

DATA = "data"  # the part of a request that holds its fields, beside files
_UNKEPT = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u(0000|[dD][89a-fA-F])")  # how it comes in: spelt out, or as half of a pair


class JsonAlways(BaseContentNegotiation):
    """The answer is JSON, whatever the request says it takes."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        content = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class JsonParser(parsers.JSONParser):
    """Text that nests without end is unreadable, not a fault of ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        return _object(stream.read())


class FilesParser(parsers.MultiPartParser):
    """Files, and beside them one part `data`: the same JSON object that is sent without files."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        read: Any = super().parse(stream, media_type, parser_context)
        if set(read.data) - {DATA}:
            raise ParseError(f"Send the fields as one JSON object, in the part “{DATA}”.")
        if DATA in read.files:
            raise ParseError(f"Send the part “{DATA}” as text, without a file name.")
        _refuse_unkept(dict(read.files))
        return parsers.DataAndFiles(_object(_bytes(read.data.get(DATA, ""))), read.files)


def _refuse_unkept(fields: dict[str, Any]) -> None:
    """No database keeps a NUL or half of a character: where a text holds one, its field is named."""
    if any(map(_UNKEPT.search, fields)):
        raise ParseError(_("The name of a field holds a NUL or half a character. Send its name as it is."))
    if broken := [name for name, value in fields.items() if any(map(_UNKEPT.search, _texts(value)))]:
        words = _(
            "This holds a NUL or half a character, such as \\ud800 alone. Leave it out, or send it whole."
        )
        raise ValidationError({name: [words] for name in broken})


def _object(text: bytes) -> dict[str, Any]:
    try:
        read = json.loads(text.decode("utf-8"), parse_constant=_no_number) if text.strip() else {}
    except UnicodeDecodeError as error:
        raise ParseError(_("This is no UTF-8. Send JSON in UTF-8.")) from error
    except json.JSONDecodeError as error:
        raise ParseError(f"This cannot be read as JSON: {error}") from error
    except RecursionError as error:
        raise ParseError(_("This cannot be read as JSON: it is nested too deeply.")) from error
    except ValueError as error:  # of more digits than Python reads
        raise ParseError(_("This cannot be read as JSON: a number is too long.")) from error
    if not isinstance(read, dict):
        raise ParseError("Send one JSON object, with the fields by their names.")
    if _ESCAPED.search(text):
        _refuse_unkept(read)
    return read


def _texts(value: Any) -> Iterator[str]:
    """All texts within a value, names of fields included."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one


def _bytes(text: str) -> bytes:
    """As it was sent; in some character sets half a character is."""
    return text.encode("utf-8", "surrogatepass")


def _no_number(name: str) -> None:
    raise ParseError(f"This cannot be read as JSON: {name} is no JSON number.")
