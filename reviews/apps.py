from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """How it goes."""

    name = "reviews"
