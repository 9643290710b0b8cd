"""The door of other programs: who comes in by a token, and the page that tells how."""
