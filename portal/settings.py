"""Caseline's settings. Everything that differs between installations is an environment variable.

See docs/operations.md for the list.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from portal import database
from portal.logs import briefly
from portal.sign_in import *  # noqa: F403 - settings too

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CASELINE_HOME") or BASE_DIR / "var").resolve()


def _kept_secret(path: Path) -> str:
    """The key of this installation, made whole on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # another start was quicker
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()


# The address that people type; mailed links start with it, and https turns every protection on.
HOST, PORT = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
_reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(HOST, f"[{HOST}]" if ":" in HOST else HOST)  # noqa: S104
URL = (os.environ.get("CASELINE_URL") or f"http://{_reached}:{PORT}").rstrip("/")
# Who is believed where a visitor comes from, and that it was by https: nobody, unless it is named.
PROXIES = os.environ.get("CASELINE_PROXIES", "").split()
DEMO = os.environ.get("CASELINE_DEMO") == "1"

SECRET_KEY = os.environ.get("SECRET_KEY") or _kept_secret(HOME / "secret-key")
SECRET_KEY_FALLBACKS = os.environ.get("SECRET_KEY_FALLBACKS", "").split()
DEBUG = False
ALLOWED_HOSTS = [
    *{urlsplit(URL).hostname or "", _reached, "127.0.0.1", "localhost", "[::1]"},
    *os.environ.get("CASELINE_HOSTS", "").split(),
]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "cases",  # last, so that its administration may hide what the others register
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "portal.headers.permissions_middleware",
    "portal.headers.PagesGZipMiddleware",
    "portal.headers.head_middleware",
    "cases.access.shared_middleware",
    "cases.access.origin_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cases.access.viewer_middleware",
    "cases.access.SignInMiddleware",
    "cases.access.ReadersMiddleware",
    "cases.sign_in.gate.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "cases.views.errors.refusal_middleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
                "cases.views.brand.context",
            ],
            "builtins": [
                "django.templatetags.static",
                "lucide.templatetags.lucide",
                "cases.templatetags.caseline",
                "cases.templatetags.choices",
                "cases.templatetags.rows",
                "cases.templatetags.rights",
            ],
        },
    }
]

DATABASES = {"default": database.configuration(os.environ.get("DATABASE_URL"), HOME)}
CACHES = {"default": {"BACKEND": "portal.shared_cache.SharedCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_USER_MODEL = "cases.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

# Mail

MAIL_FROM = os.environ.get(
    "CASELINE_MAIL_FROM", f"support@{urlsplit(URL).hostname}"
)  # without a name: the brand's
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
MAIL_SERVER = urlsplit(os.environ.get("CASELINE_MAIL_SERVER", ""))
KEPT_MAIL = HOME / "mail"
MAIL_DOMAIN = f"[IPv6:{_host}]" if ":" in (_host := urlsplit(URL).hostname or "localhost") else _host
# Where answers go: {token} is made for each case and person. Empty: nowhere but to the address that mail comes from.
MAIL_REPLY = os.environ.get("CASELINE_MAIL_REPLY", "+{token}@".join(parseaddr(MAIL_FROM)[1].rsplit("@", 1)))
MAIL_ALIASES = frozenset(os.environ.get("CASELINE_MAIL_ALIASES", "").lower().replace(",", " ").split())
MAIL_TRUSTED = os.environ.get("CASELINE_MAIL_TRUSTED", "")  # the server whose Authentication-Results count
# Who sends our mail and tells what became of it, and how it shows that it is they.
MAIL_PROVIDER = os.environ.get("CASELINE_MAIL_PROVIDER", "").lower()
MAIL_WEBHOOK_SECRET = os.environ.get("CASELINE_MAIL_WEBHOOK_SECRET", "")
MAIL_WEBHOOK_KEY = os.environ.get("CASELINE_MAIL_WEBHOOK_KEY", "")
# Who hands on mail that it received for us: "provider=user:password", for each.
MAIL_INBOUND = dict(
    one.split("=", 1) for one in os.environ.get("CASELINE_MAIL_INBOUND", "").split() if "=" in one
)
MAIL_SYSTEM = os.environ.get("CASELINE_MAIL_SYSTEM", "")  # of which cases are that come by mail
MAIL_REOPEN_DAYS = float(
    os.environ.get("CASELINE_MAIL_REOPEN_DAYS", "30")
)  # an answer later opens another case
if MAIL_SERVER.hostname:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL_SERVER.hostname,
                "port": MAIL_SERVER.port or (465 if MAIL_SERVER.scheme == "smtps" else 587),
                "username": MAIL_SERVER.username or "",
                "password": MAIL_SERVER.password or "",
                "use_ssl": MAIL_SERVER.scheme == "smtps",
                "use_tls": MAIL_SERVER.scheme == "smtp+tls",
                "timeout": 20,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "portal.kept_mail.KeptMail",
            "OPTIONS": {"file_path": str(KEPT_MAIL)},
        }
    }
SHOW_KEPT_MAIL = DEMO and not MAIL_SERVER.hostname
MAIL_GOES = SHOW_KEPT_MAIL or bool(MAIL_SERVER.hostname)  # to where somebody reads it

# Jobs

PROCRASTINATE_IMPORT_PATHS = ["cases.mailboxes.tasks"]
RUN_JOBS = os.environ.get("CASELINE_JOBS", "1") == "1"
CONFIRM_HOURS = float(
    os.environ.get("CASELINE_CONFIRM_HOURS", "168")
)  # after which a resolution that nobody answers closes the case; 0 is never
RADAR_MINUTES = int(os.environ.get("CASELINE_RADAR_MINUTES", "60"))  # in which reports may be one outage
FILE_THREADS = int(os.environ.get("CASELINE_FILE_THREADS", "6"))  # for what comes and goes slowly
# After how long the customer is reminded of what we asked for, and how long after that the case closes. 0: never
UNTAKEN_MINUTES = float(os.environ.get("CASELINE_UNTAKEN_MINUTES", "30"))  # then a lead is told; 0: never
ANSWERING_TAKES = os.environ.get("CASELINE_ANSWERING_TAKES", "1") == "1"  # a case that is nobody's
UNDO_SECONDS = float(os.environ.get("CASELINE_UNDO_SECONDS", "10"))  # 0: what is sent leaves at once
REMIND_HOURS = float(os.environ.get("CASELINE_REMIND_HOURS", "48"))
RETENTION_DAYS = float(os.environ.get("CASELINE_RETENTION_DAYS", "0"))
SECRET_DAYS = float(os.environ.get("CASELINE_SECRET_DAYS", "7"))
CLOSE_HOURS = float(os.environ.get("CASELINE_CLOSE_HOURS", "120"))
PUSH_SERVICES = os.environ.get("CASELINE_PUSH_SERVICES", "").split()  # see cases/live/push.py
PAGE_THREADS = int(os.environ.get("CASELINE_THREADS", "12"))

# Protection

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # other hosts are not ours to promise for
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cases.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [URL]
if URL.startswith("https://"):
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    HSTS = os.environ.get("CASELINE_HSTS", "").split()  # of what else than this host: see docs/operations.md
    SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD = "subdomains" in HSTS, "preload" in HSTS
    SECURE_REDIRECT_EXEMPT = ["healthz", "readyz"]

# Static files

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "attachments": {
        "BACKEND": "cases.files.store.Folder",
        "OPTIONS": {"location": HOME / "attachments", "file_permissions_mode": 0o600},
    },
}

# Attachments: in a folder, or in a store that speaks S3

if S3_BUCKET := os.environ.get("CASELINE_S3_BUCKET"):
    STORAGES["attachments"] = {
        "BACKEND": "cases.files.s3.Bucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": os.environ.get("CASELINE_S3_ENDPOINT") or None,
            "region_name": os.environ.get("CASELINE_S3_REGION") or None,
            "access_key": os.environ.get("CASELINE_S3_KEY") or None,  # without one, boto3 finds its own
            "secret_key": os.environ.get("CASELINE_S3_SECRET") or None,
        },
    }
ATTACHMENT_MB = int(os.environ.get("CASELINE_ATTACHMENT_MB", "25"))
FILE_UPLOAD_HANDLERS = [
    "cases.files.receiving.Bounds",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "cases.files.receiving.OnDisk",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # which are read over and left out, but for the first few

# Language and time

LANGUAGE_CODE = "en"
TIME_ZONE = os.environ.get("CASELINE_TIME_ZONE", "UTC")
SEARCH_LANGUAGE = (
    os.environ.get("CASELINE_SEARCH_LANGUAGE") or "english"
)  # whose words `manage.py index_words` indexed
USE_I18N = False
# As our own pages write times; the administration is Django's.
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j M Y", "H:i", "j M Y, H:i"
USE_TZ = True

MESSAGE_STORAGE = "django.contrib.messages.storage.fallback.FallbackStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"briefly": {"()": lambda: briefly}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["briefly"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "psycopg": {"level": "ERROR"},  # who uses it says that the database is away
    },
}
