"""The first visit: a one-time code opens set-up, which makes the company and its first admin.

The code lies in the file `setup_code` of VAR_DIR, readable by its owner only, and is printed in
the terminal. It is gone once there is a company.
"""

import re
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from prm.refusals import Refused
from team import lists, working_time
from team.models import Company, Grant, Role, User

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another


class SetUpRefused(Refused):
    """There is a company already, or the code is not the one printed."""


def code_file() -> Path:
    return Path(settings.VAR_DIR) / "setup_code"


def open_code() -> str | None:
    """The code that opens set-up, made once; None once there is a company."""
    path = code_file()
    if Company.objects.exists():
        path.unlink(missing_ok=True)
        return None
    if not path.exists():
        _keep(path, "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)))
    return path.read_text().strip()


def _keep(path: Path, code: str) -> None:
    """Write the code whole and readable by its owner only; whoever is first wins."""
    fresh = path.with_name(f"setup_code.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(code + "\n")
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    fresh.unlink()


def opens(typed: str) -> bool:
    """Whether `typed` is the code; case, spaces and dashes do not matter."""
    code = open_code()
    return code is not None and constant_time_compare(_plain(typed), _plain(code))


def welcome(address: str) -> list[str]:
    """What a start prints while there is no company: where to set up, and the code."""
    code = open_code()
    return [f"Set up your company at {address}/setup/ with the code {code}"] if code else []


def _plain(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def found(company: str, zone: str, email: str, name: str, password: str, at: datetime) -> User:
    """Make the company, its calendar, its lists and its first admin, who also runs the full lifecycle.

    Raises SetUpRefused where a company stands, also where two set up at the same time.
    """
    try:
        with transaction.atomic():
            calendar = working_time.add("Working hours", zone, None, at)
            Company.objects.create(name=company, zone=zone, calendar=calendar, set_up_at=at)
            admin = User.objects.create_user(email, password, name=name, zone=zone, joined_at=at)
            Grant.objects.create(user=admin, role=Role.ADMIN)
            Grant.objects.create(user=admin, role=Role.FULL_LIFECYCLE)
            lists.seed()
    except (IntegrityError, working_time.WorkingTimeRefused) as error:  # another's company, or its calendar
        raise SetUpRefused("This installation is set up already. Sign in instead.") from error
    transaction.on_commit(lambda: code_file().unlink(missing_ok=True))
    return admin
