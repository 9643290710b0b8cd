"""JSON as it comes in: of a decent size and depth, by itself or as a part beside files."""

from __future__ import annotations

import json
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from rest_framework import parsers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.negotiation import BaseContentNegotiation

DATA = "data"  # the part of a request that holds its fields, beside files


class JsonAlways(BaseContentNegotiation):
    """The answer is JSON, whatever the request says it takes."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        content = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content), None)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class TooLarge(APIException):
    status_code, default_detail, default_code = 413, "This is more than one request may hold.", "too_large"


class JsonParser(parsers.JSONParser):
    """Reads no more than a form may hold; text that nests without end is unreadable, not a fault of ours."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        text = stream.read(most + 1)
        if len(text) > most:
            raise TooLarge
        return _object(text)


class FilesParser(parsers.MultiPartParser):
    """Files, and beside them one part `data`: the same JSON object that is sent without files."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            read: Any = super().parse(stream, media_type, parser_context)
        except RequestDataTooBig as error:
            raise TooLarge from error
        except (TooManyFieldsSent, TooManyFilesSent) as error:
            raise ParseError("These are too many parts.") from error
        if set(read.data) - {DATA}:
            raise ParseError(f"Send the fields as one JSON object, in the part “{DATA}”.")
        if DATA in read.files:
            raise ParseError(f"Send the part “{DATA}” as text, without a file name.")
        return parsers.DataAndFiles(_object(read.data.get(DATA, "").encode()), read.files)


def _object(text: bytes) -> dict[str, Any]:
    try:
        read = json.loads(text.decode("utf-8"), parse_constant=_no_number) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ParseError(f"This cannot be read as JSON: {error}") from error
    if not isinstance(read, dict):
        raise ParseError("Send one JSON object, with the fields by their names.")
    return read


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
