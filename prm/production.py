"""Settings for running for real: those of `prm.settings`, with everything refused that must not go live."""

import os
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

if not os.environ.get("SECRET_KEY"):
    raise ImproperlyConfigured("Set SECRET_KEY to 50 or more random characters, the same for every process.")
if not os.environ.get("ALLOWED_HOSTS"):
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the names this is reached by, such as prm.example.com.")
if not os.environ.get("BASE_URL"):
    raise ImproperlyConfigured("Set BASE_URL to the address people use, such as https://prm.example.com.")

from prm.settings import *  # noqa: F403
from prm.settings import ALLOWED_HOSTS, BASE_URL, DEBUG

if DEBUG:
    raise ImproperlyConfigured("Unset DEBUG: it shows the insides of the app to everybody.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("Name the hosts in ALLOWED_HOSTS one by one: * lets anybody forge links.")
_address = urlsplit(BASE_URL)
if _address.scheme != "https" and _address.hostname not in {"localhost", "127.0.0.1", "::1"}:
    raise ImproperlyConfigured("Let BASE_URL begin with https://: sign-ins must not travel in the clear.")

PRODUCTION = True
