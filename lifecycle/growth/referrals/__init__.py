"""Referrals: sales opportunities of ours that are passed to partners, by a rule that is said."""
