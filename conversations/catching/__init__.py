"""The promise catcher: who promises what by when, in English and German, by the rules of `words.txt`."""

from conversations.catching.promises import LONGEST, Caught, catch

__all__ = ["LONGEST", "Caught", "catch"]
