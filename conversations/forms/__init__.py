"""What people type about conversations and promises. A file per screen; forms clean, verbs decide."""
