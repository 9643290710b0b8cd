"""Recruitment: agreements."""
