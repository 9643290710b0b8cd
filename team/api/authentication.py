"""Who asks: `Authorization: Token …`. A session of the pages opens nothing here, so no form can be forged."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from prm import clock
from team import tokens
from team.models import ApiToken, User


class InDocument(OpenApiAuthenticationExtension):
    """How one comes in, for the OpenAPI document."""

    target_class = "team.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        words = "Token prm_…, made under Settings › Your API tokens."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": words}


KEYWORD = "token"
LONGEST = 200


class TokenAuthentication(authentication.BaseAuthentication):
    """The person whose token it is; without the header, nobody."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = authentication.get_authorization_header(request)
        if not header:
            return None
        try:
            keyword, text = header.decode("ascii").split()
        except ValueError:
            raise exceptions.AuthenticationFailed("Write the header as: Authorization: Token prm_…")
        if keyword.lower() != KEYWORD or len(text) > LONGEST:
            raise exceptions.AuthenticationFailed("Write the header as: Authorization: Token prm_…")
        at = clock.now()
        token = tokens.holder_of(text, at)
        if token is None:
            raise exceptions.AuthenticationFailed(
                "This token lets nobody in: it is unknown, revoked or over."
            )
        tokens.used(token, at)
        return token.user, token

    def authenticate_header(self, request: Any) -> str:
        return "Token"
