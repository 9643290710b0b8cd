"""Ending a partnership: why, on which day, and what becomes of all that stands."""
