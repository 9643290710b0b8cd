"""Tiers: what each wants, how far partners are from the next, and how a tier changes."""
