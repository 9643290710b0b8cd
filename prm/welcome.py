"""What a start prints last: where to go and how to get in. Apps above add their sentence."""

from collections.abc import Callable

Say = Callable[[str], list[str]]
_says: list[Say] = []


def register(say: Say) -> None:
    """Register a speaker: `say(address)` returns the lines it has for whoever starts the app."""
    _says.append(say)


def lines(address: str) -> list[str]:
    """Every line to print once the app answers at `address`."""
    return [f"Open {address}", *(line for say in _says for line in say(address))]
