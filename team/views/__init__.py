"""The pages of who we are. A file per screen."""
