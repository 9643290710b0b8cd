"""Secrets are kept so that only this installation reads them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm import vault


@given(st.text())
def test_what_is_sealed_is_opened_again(secret: str) -> None:
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    assert vault.unseal(vault.seal(secret)) == secret


def test_it_looks_different_every_time_and_like_nothing() -> None:
    sealed = {vault.seal("a long enough phrase") for _ in range(20)}
    assert len(sealed) == 20
    assert not any("phrase" in each for each in sealed)


def test_what_was_changed_is_not_opened() -> None:
    sealed = vault.seal("secret")
    for at in range(len(sealed) - 3):  # of the last one before the padding some bits mean nothing
        other = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(vault.VaultRefused, match="Enter it again"):
            vault.unseal(other)
    for other in ("", "x", sealed[:-8], "ä"):
        with pytest.raises(vault.VaultRefused):
            vault.unseal(other)


def test_another_key_opens_nothing_unless_the_former_is_a_fallback(settings: Any) -> None:
    sealed, former = vault.seal("secret"), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(vault.VaultRefused):
        vault.unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert vault.unseal(sealed) == "secret"
