"""Outreach: planned touches with a prospect, which stop by themselves when it answers."""
