"""The road and what stands along it, for other programs."""
