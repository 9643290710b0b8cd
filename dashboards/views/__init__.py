"""The screens that join apps. A file per screen."""
