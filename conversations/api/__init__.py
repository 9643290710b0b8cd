"""What is said, waited for, promised and decided, for other programs."""
