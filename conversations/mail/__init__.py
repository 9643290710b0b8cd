"""E-mail: how a raw mail is read, whose it is, which thread it belongs to, and how ours go out."""
