"""Running for real refuses what must not go live, and says what to do instead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "The sample company is in this database"


def production(folder: Path, *arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
    """`manage.py` (or a module after -m) under the production settings, in a data folder of its own."""
    env: dict[str, str | None] = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(folder),
        "DJANGO_SETTINGS_MODULE": "prm.production",
        "SECRET_KEY": "kq3v8ZpL1x-eT7cRwM0yN5uB2hJ9sD4fG6aQoWiEzXtVbYnKlP",
        "ALLOWED_HOSTS": "prm.example.com",
        "BASE_URL": "https://prm.example.com",
        **changed,
    }
    command = arguments if arguments[0] == "-m" else ("manage.py", *arguments)
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={name: value for name, value in env.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=180,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY"),
        ({"SECRET_KEY": ""}, "Set SECRET_KEY"),
        ({"ALLOWED_HOSTS": None}, "Set ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "one by one"),
        ({"BASE_URL": None}, "Set BASE_URL"),
        ({"BASE_URL": "http://prm.example.com"}, "begin with https://"),
        ({"DEBUG": "1"}, "Unset DEBUG"),
        ({"EMAIL_WEBHOOKS": "mailgun"}, "Set ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY"),
        ({"EMAIL_WEBHOOKS": "postmark"}, "Set ANYMAIL_WEBHOOK_SECRET"),
        ({"EMAIL_WEBHOOKS": "postmark", "ANYMAIL_WEBHOOK_SECRET": ":"}, "Set ANYMAIL_WEBHOOK_SECRET"),
        ({"EMAIL_WEBHOOKS": "sendmail"}, "takes mailgun and postmark"),
    ],
)
def test_it_refuses_to_start(folder: Path, changed: dict[str, str | None], words: str) -> None:
    result = production(folder, "check", **changed)
    assert result.returncode != 0
    assert words in result.stderr.splitlines()[-1]


def test_check_deploy_is_clean(folder: Path) -> None:
    (ROOT / "static" / "dist").mkdir(exist_ok=True)  # where the front end is not built yet
    result = production(folder, "check", "--deploy", "--fail-level", "WARNING")
    assert (result.returncode, result.stdout) == (0, "System check identified no issues (0 silenced).\n")


def test_the_sample_company_never_goes_live(folder: Path) -> None:
    migrated.copy(folder / "prm.sqlite3")
    assert production(folder, "migrate", "--no-input").returncode == 0
    assert production(folder, "check", "--database", "default").returncode == 0
    plant = (
        "from team.models import Calendar, Company; from django.utils import timezone;"
        "Company.objects.create(name='Sample', is_sample=True, set_up_at=timezone.now(),"
        " calendar=Calendar.objects.create(name='x', zone='UTC'))"
    )
    assert production(folder, "shell", "-c", plant).returncode == 0
    for start in (
        ["check", "--database", "default"],
        ["migrate", "--no-input"],
        ["-m", "prm.programs", "web"],
    ):
        result = production(folder, *start, PORT="0")
        assert result.returncode != 0, start
        assert SAMPLE in result.stderr, start


def test_an_unknown_program_is_refused(folder: Path) -> None:
    result = production(folder, "-m", "prm.programs", "wep")
    assert result.stderr.strip() == "Name one of: web, sweep, jobs, beat."
