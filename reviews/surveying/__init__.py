"""Surveys: what partners' people think of us, asked of a drawn sample and never more often than is decent."""
