"""Partners, their people and who looks after them, for other programs."""
