"""Announcements: one thing told to all partners that are entitled to know it."""
