"""What we invest in a partner: hours, funds, introductions."""
