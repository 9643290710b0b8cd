"""Settings of the embedded default: SQLite and the file system, or what the environment names.

`prm.production` is these settings with everything refused that must not go live.
"""

import secrets
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret() -> str:
    """The secret of an installation nobody configured: made once, kept readable by its owner only."""
    path = VAR_DIR / "secret_key"
    if not path.exists():
        fresh = VAR_DIR / f"secret_key.{secrets.token_hex(4)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            path.hardlink_to(fresh)  # whoever is first wins, the others read it
        except FileExistsError:
            pass
        fresh.unlink()
    return path.read_text()


SECRET_KEY = env("SECRET_KEY", default="") or _kept_secret()
DEBUG = env.bool("DEBUG", default=False)
PRODUCTION = False  # prm.production says True
BASE_URL = env("BASE_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "template_partials",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "prm.apps.PrmConfig",
    "team",
    "partners",
    "conversations",
    "lifecycle",
    "reviews",
    "dashboards",
    "portal",
    "prm.apps.WiringConfig",
]

MIDDLEWARE = [
    "prm.requests.RequestIdMiddleware",
    "prm.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "team.middleware.PersonMiddleware",
    "team.middleware.SetUpMiddleware",
    "prm.errors.NotAllowedMiddleware",
]

ROOT_URLCONF = "prm.urls"
WSGI_APPLICATION = "prm.wsgi.application"
FORM_RENDERER = "django.forms.renderers.Jinja2"  # Django's own templates draw a field at six times the time

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "team.context.shell",
            ],
            "builtins": ["prm.templatetags.ui"],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'prm.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["ENGINE"] = "prm.postgresql"
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "prm_cache"},
    }

# --- Celery: a hint to hurry; the rows in the database are the guarantee ----------------------------
SWEEP_EVERY_SECONDS = env.int("SWEEP_EVERY_SECONDS", default=60)
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_throttle": 1,
        "unacked_restore_interval": 5,
        "global_keyprefix": env("CELERY_KEY_PREFIX", default="prm:"),
    }
else:
    _queue = VAR_DIR / "queue"
    for _folder in ("messages", "processed", "control"):
        (_queue / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue / "messages"),
        "data_folder_out": str(_queue / "messages"),
        "processed_folder": str(_queue / "processed"),
        "control_folder": str(_queue / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_DEFAULT_QUEUE = "sweep"
CELERY_TASK_ROUTES = {"prm.tasks.work": {"queue": "jobs"}}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_max": 0.2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # keeps no file: a start asks for a sweep at once
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "prm.tasks.sweep",
        "schedule": timedelta(seconds=SWEEP_EVERY_SECONDS),
        "options": {"expires": max(1, SWEEP_EVERY_SECONDS - 5)},
    },
    "deliver": {
        "task": "prm.tasks.deliver",
        "schedule": timedelta(seconds=min(10, SWEEP_EVERY_SECONDS)),
        "options": {"expires": max(1, min(10, SWEEP_EVERY_SECONDS) - 1)},
    },
    "work": {
        "task": "prm.tasks.work",
        "schedule": timedelta(seconds=min(10, SWEEP_EVERY_SECONDS)),
        "options": {"expires": max(1, min(10, SWEEP_EVERY_SECONDS) - 1)},
    },
}

# --- Mail: without EMAIL_URL mails are kept and shown under Settings › Sent mail --------------------
EMAIL_URL = env("EMAIL_URL", default="")
if EMAIL_URL:
    _mail = env.email_url("EMAIL_URL")
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"] or "", _mail["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.get("EMAIL_USE_TLS", False), _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="partners@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
AUTHSERV_ID = env("AUTHSERV_ID", default="")  # the name our mail server signs Authentication-Results with
REPLY_ADDRESS = env("REPLY_ADDRESS", default="")  # "" is DEFAULT_FROM_EMAIL with +{key} before the @
if REPLY_ADDRESS and "@" not in REPLY_ADDRESS:
    raise ImproperlyConfigured("REPLY_ADDRESS is no mail address: write it like replies+{key}@example.com.")
# --- Mail that a provider posts to us, checked by django-anymail ------------------------------------
EMAIL_WEBHOOKS = env.list("EMAIL_WEBHOOKS", default=[])  # of mailgun, postmark
ANYMAIL = {
    "WEBHOOK_SECRET": env("ANYMAIL_WEBHOOK_SECRET", default=""),  # user:password
    "MAILGUN_WEBHOOK_SIGNING_KEY": env("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY", default=""),
}
if set(EMAIL_WEBHOOKS) - {"mailgun", "postmark"}:
    raise ImproperlyConfigured("EMAIL_WEBHOOKS takes mailgun and postmark, comma-separated.")
if "mailgun" in EMAIL_WEBHOOKS and not ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"]:
    raise ImproperlyConfigured("Set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY to the key Mailgun signs with.")
if "postmark" in EMAIL_WEBHOOKS and not all(ANYMAIL["WEBHOOK_SECRET"].partition(":")):
    raise ImproperlyConfigured("Set ANYMAIL_WEBHOOK_SECRET to a user:password that only Postmark knows.")

# --- Requests to other programs: to no address inside, but to those in these networks ---------------
HOOKS_MAY_REACH = [ip_network(name) for name in env.list("HOOKS_MAY_REACH", default=[])]

# --- People -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "team.User"
AUTHENTICATION_BACKENDS = ["team.signed_in.PersonBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "team.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "set_up": "5/10m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# --- Pages ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = len(LANGUAGES) > 1  # strings are marked; with one language there is nothing to look up
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]  # what the front-end build assembles
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # nothing else is served
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "prm.static.StaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Safety -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "prm.errors.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
_secure = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
SECURE_SSL_REDIRECT = _secure and env.bool("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if _secure else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "prm.requests.RequestIdFilter"},
        "probes": {"()": "prm.requests.ProbeFilter"},
    },
    "formatters": {"json": {"()": "prm.requests.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "json"},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"filters": ["probes"]},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "celery": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
        "weasyprint.progress": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}

# --- API --------------------------------------------------------------------------------------------
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=3000)  # of a token, in a web process; 0: any
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["team.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["prm.api.permissions.Scope"],
    "DEFAULT_THROTTLE_CLASSES": ["prm.api.throttling.PerMinute"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["prm.api.parsing.JsonParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "prm.api.parsing.JsonAlways",
    "DEFAULT_METADATA_CLASS": None,  # the OpenAPI document says what there is
    "DEFAULT_SCHEMA_CLASS": "prm.api.schema.Schema",
    "EXCEPTION_HANDLER": "prm.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PRM",
    "VERSION": "1",
    "DESCRIPTION": "The same verbs as the pages, for other programs. Times are in UTC.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["prm.api.examples.add"],  # choices stand where they are offered
}
