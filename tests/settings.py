"""The suite's settings: the shipped ones, with quick hashing and a short sweep."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-and-long-enough-to-be-quiet-0123456789")

from prm.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SWEEP_EVERY_SECONDS = 1
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
WHITENOISE_AUTOREFRESH = True
