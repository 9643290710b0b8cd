"""Reviews, issues, surveys and health, for other programs."""
