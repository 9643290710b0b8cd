"""Tiers as they are seen and worked on."""
