"""Meetings that are planned: read from invitations."""
