"""The measure of all things: an HttpResponse under Django's default middleware. Settings and page in one."""

import os
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

PRODUCTION = False
SECRET_KEY = os.environ.get("SECRET_KEY", "only for measuring")
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.bare"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
LOGGING: dict[str, Any] = {
    "version": 1,
    "filters": {},
    "formatters": {},
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("", bare)]
