"""A real IMAP server, Debian's dovecot, run by the tests in a folder of its own; run as a program it is
installed where it may be."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imap_tools import MailBoxUnencrypted

CONFIG = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:{folder}/mail/%u
default_login_user = {login}
default_internal_user = {internal}
default_internal_group = {group}
first_valid_uid = 0
auth_mechanisms = plain login{mechanisms}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
{oauth}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth
}}
"""
PASSWORD = 'a secret & "more"'


def program() -> str | None:
    """Where the server is, also for those who have no sbin on their path."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class Dovecot:
    """The running server; every user has the same password."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def put(self, raw: bytes, user: str = "partners", folder: str = "INBOX") -> None:
        """Put a mail into a folder, as a mail server or a mail program would."""
        with self.client(user) as client:
            client.append(raw, folder)

    def client(self, user: str = "partners") -> MailBoxUnencrypted:
        return MailBoxUnencrypted("127.0.0.1", self.port).login(user, PASSWORD)  # type: ignore[return-value]

    def renumber(self, user: str = "partners") -> None:
        """Let the server forget its UIDs, as after a restore."""
        for path in (self.folder / "mail" / user).rglob("dovecot*"):
            path.unlink()


@contextmanager
def running(introspection: str = "") -> Iterator[Dovecot]:
    """The server on a free port of this machine; `introspection` is where OAuth tokens are looked up."""
    found = program()
    assert found, "The IMAP tests need dovecot: apt install dovecot-imapd (make test does where it may)."
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="prm-dovecot-"))
    try:
        _configure(folder, port, introspection)
        process = subprocess.Popen(
            [found, "-F", "-c", str(folder / "conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait(port, process, folder)
            yield Dovecot(folder, port)
        finally:
            process.terminate()
            process.wait(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configure(folder: Path, port: int, introspection: str) -> None:
    root = os.geteuid() == 0
    me = _name()
    for name in ("run", "state", "mail", "home"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    users = "".join(f"{user}:{{PLAIN}}{PASSWORD}::::::\n" for user in ("partners", "alice"))
    (folder / "users").write_text(users)
    (folder / "users").chmod(0o644)
    uid, gid = _mail_ids() if root else (os.geteuid(), os.getegid())
    for name in ("mail", "home"):
        shutil.chown(folder / name, uid, gid)
    if introspection:
        told = (
            f"introspection_url = {introspection}\nintrospection_mode = post\nusername_attribute = username\n"
        )
        (folder / "oauth").write_text(told)
        (folder / "oauth").chmod(0o644)
    (folder / "conf").write_text(
        CONFIG.format(
            folder=folder,
            port=port,
            login="dovenull" if root else me,
            internal="dovecot" if root else me,
            group="dovecot" if root else _group(),
            uid=uid,
            gid=gid,
            mechanisms=" xoauth2" if introspection else "",
            oauth=OAUTH.format(folder=folder) if introspection else "",
        )
    )


def _name() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _group() -> str:
    import grp

    return grp.getgrgid(os.getegid()).gr_name


def _mail_ids() -> tuple[int, int]:
    """Root keeps mail as somebody else: dovecot insists on it."""
    import pwd

    entry = pwd.getpwnam("mail")
    return entry.pw_uid, entry.pw_gid


def _wait(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    log = folder / "log"
    raise RuntimeError(f"dovecot does not start: {log.read_text() if log.exists() else 'no log'}")


def install() -> None:
    """Debian's where we are root on Debian."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Installing dovecot with apt-get …", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "dovecot-imapd"], check=False, env=quiet)


if __name__ == "__main__":
    if not program():
        install()
    if not program():
        sys.exit("The IMAP tests need a dovecot and none could be installed: apt install dovecot-imapd.")
