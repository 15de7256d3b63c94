"""A real mail server of the tests: dovecot, in a folder of its own, on ports of its own, as a user without rights."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from socket import create_server

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

BINARY, PASSWORD = "/usr/sbin/dovecot", "secret"
PATIENCE = 10
MISSING = f"These tests need {BINARY}. Install it with: apt-get install dovecot-imapd"

CONFIGURATION = """
protocols = imap
listen = 127.0.0.1, 127.0.0.2
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_process_limit = 200
default_client_limit = 2000
first_valid_uid = 1
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
maildir_stat_dirs = no
imap_idle_notify_interval = 30 s
ssl = yes
ssl_cert = <{home}/certificate.pem
ssl_key = <{home}/key.pem
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {home}/oauth2.conf
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail/%u
}}
service imap-login {{
  chroot =
  process_min_avail = 1
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
local 127.0.0.2 {{
  imap_capability = IMAP4rev1 UIDPLUS
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
# Dovecot asks there whether a token is good, each time somebody signs in by one.
OAUTH2 = """
tokeninfo_url = {tokens}/info?access_token=
introspection_mode = auth
username_attribute = email
debug = no
"""


class Dovecot:
    host = "127.0.0.1"
    plain_host = "127.0.0.2"  # where it can neither IDLE nor MOVE

    def __init__(self, home: Path, tokens: str) -> None:
        self.home, self.port, self.tls_port = home, _free_port(), _free_port()
        self.certificate = home / "certificate.pem"
        self._numbers = count(1)
        user = pwd.getpwuid(os.getuid()) if os.getuid() else pwd.getpwnam("nobody")
        _write_certificate(home)
        (home / "oauth2.conf").write_text(OAUTH2.format(tokens=tokens))
        (home / "dovecot.conf").write_text(
            CONFIGURATION.format(
                home=home,
                user=user.pw_name,
                group=grp.getgrgid(user.pw_gid).gr_name,
                uid=user.pw_uid,
                gid=user.pw_gid,
                password=PASSWORD,
                port=self.port,
                tls_port=self.tls_port,
            )
        )
        (home / "mail").mkdir()
        self.as_user = {}
        if os.getuid() == 0:
            for path in (home, *home.rglob("*")):
                os.chown(path, user.pw_uid, user.pw_gid)
            self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            [BINARY, "-F", "-c", self.home / "dovecot.conf"],
            stdin=subprocess.DEVNULL,
            process_group=0,
            **self.as_user,
        )

    def until_it_serves(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.client("nobody").logout()
            except (OSError, imaplib.IMAP4.error) as error:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise AssertionError(f"dovecot did not start: {self.log()}") from error
                time.sleep(0.02)

    def new_user(self) -> str:
        """Somebody who has an empty mailbox."""
        return f"user{next(self._numbers)}@example.org"

    def client(self, user: str) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self.host, self.port, timeout=5)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, *letters: bytes, folder: str = "INBOX") -> None:
        client = self.client(user)
        for letter in letters:
            assert client.append(folder, None, None, letter)[0] == "OK"
        client.logout()

    def fill(self, user: str, letters: Iterator[bytes]) -> None:
        """Put many letters there at once, as a server does that keeps each in a file."""
        self.client(user).logout()  # makes the folders
        new = self.home / "mail" / user / "Maildir" / "new"
        new.mkdir(parents=True, exist_ok=True)
        for number, letter in enumerate(letters):
            (new / f"{number:07}.M1P1.test").write_bytes(letter)
        if os.getuid() == 0:
            for path in (new.parent, new):
                shutil.chown(path, self.process_user())

    def process_user(self) -> int:
        return (self.home / "mail").stat().st_uid

    def flags(self, user: str, folder: str = "INBOX") -> list[str]:
        """The flags of each letter in a folder, in their order."""
        client = self.client(user)
        count = int(client.select(folder, readonly=True)[1][0])
        found = client.fetch("1:*", "(FLAGS)")[1] if count else []
        client.logout()
        return [
            one.decode().partition("FLAGS (")[2].partition(")")[0].replace("\\Recent", "").strip()
            for one in found
            if one
        ]

    def log(self) -> str:
        path = self.home / "log"
        return path.read_text() if path.exists() else ""

    def stop(self) -> None:
        """End it, with the processes of its group, which would go on with who is signed in."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(tokens: str) -> Iterator[Dovecot]:
    """A server that serves, for as long as the block. `tokens` is where it asks whether an access token is good."""
    assert os.access(BINARY, os.X_OK), MISSING
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Dovecot(Path(folder), tokens)
        try:
            server.until_it_serves()
            yield server
        finally:
            server.stop()


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def _write_certificate(home: Path) -> None:
    """For localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (home / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (home / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
