"""Applications: a firm asks to become a partner, by a public form; we say yes or no, and why."""
