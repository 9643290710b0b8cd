"""Other programs, coming in by a token."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from prm import clock
from team import tokens
from team.models import User


class Program(Client):
    """A program with somebody's token; it sends and reads JSON."""

    def send(self, path: str, data: Any = None, method: str = "post", **more: Any) -> Any:
        return self.generic(
            method.upper(), path, json.dumps(data or {}), content_type="application/json", **more
        )


def program(person: User, scope: str = "write") -> Program:
    _token, text = tokens.make(person, "A program", clock.now(), scope)
    return Program(headers={"Authorization": f"Token {text}"})
