"""The addresses of partners. A file per screen."""
