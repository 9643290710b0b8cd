"""Onboarding: plans made from templates."""
