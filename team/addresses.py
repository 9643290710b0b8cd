"""The address a request came from, through as many proxies as are trusted."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The IP address of whoever asks; None where there is none to be read."""
    address = str(get_adapter(request).get_client_ip(request))
    try:
        validate_ipv46_address(address)
    except ValidationError:
        return None
    return address
