"""Addresses of the road: a file per noun."""
