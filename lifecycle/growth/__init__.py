"""Growth: deals with partners."""
