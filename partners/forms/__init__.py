"""What is typed about partners. A file per screen; forms clean, they do not decide."""
