"""What tells one firm from another: its registrable domain, and its name without form and accents."""

from __future__ import annotations

import re
from functools import lru_cache

import tldextract
from cleanco import basename

from partners import shared_domains
from prm import search

# .example and .test are reserved for examples and tests (RFC 2606) and stand in no list
_extract = tldextract.TLDExtract(
    suffix_list_urls=(), include_psl_private_domains=True, extra_suffixes=("example", "test")
)


def registrable_domain(address: str) -> str:
    """The registrable domain of a web or mail address ("https://www.Example.co.uk:8443/p" → "example.co.uk").

    "" where there is none: an IP address, a bare suffix, a local name.
    """
    return _extract(_host(address)).top_domain_under_public_suffix


def own_domain(address: str) -> str:
    """The registrable domain of an address, where it tells one firm from another.

    "" for addresses of free mail, site builders and directories, which many firms share.
    """
    return "" if shared_domains.is_shared(_host(address)) else registrable_domain(address)


def _host(address: str) -> str:
    host = address.strip().lower()
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host)
    host = re.split(r"[/?#\\]", host, maxsplit=1)[0].rsplit("@", 1)[-1]
    host = host.split(":", 1)[0].strip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@lru_cache(maxsize=20_000)
def name_key(name: str) -> str:
    """A name for comparing: folded, "&" read as "and", the legal form removed."""
    folded = search.fold(name.replace("&", " and "))
    return search.fold(basename(folded) or folded)[:200]
