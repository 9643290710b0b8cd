"""Measurements: run by `make bench` and its siblings, never by the suite's clock."""
