"""The pages of issues."""
