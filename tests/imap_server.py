"""A mailbox of one's own: Debian's dovecot, started privately, in a folder that goes with it."""

import hashlib
import os
import pwd
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from launch import private
from tests.door.processes import free_ports

DOVECOT = "/usr/sbin/dovecot"
USER, PASSWORD = "desk@harbour.example", "p: /@ss"


@dataclass
class Mailbox:
    """The test's end of a running server."""

    folder: Path
    port: int
    tls_port: int
    owner: pwd.struct_passwd

    @property
    def inbox(self) -> Path:
        return self.folder / "mail"

    def deliver(self, raw: bytes) -> None:
        """Put a mail in as a delivering server does."""
        draft = self.inbox / "tmp" / uuid4().hex
        draft.write_bytes(raw)
        os.chown(draft, self.owner.pw_uid, self.owner.pw_gid)
        draft.rename(self.inbox / "new" / draft.name)

    def names(self) -> list[str]:
        """Return the files with their marks: `S` is seen, `T` deleted."""
        parts = (self.inbox / "new", self.inbox / "cur")
        return sorted(path.name for part in parts for path in part.iterdir())

    def seen(self) -> int:
        return sum("S" in name.partition(":2,")[2] for name in self.names())

    def forget_numbers(self) -> None:
        """Give every mail a new number, and the mailbox a new UIDVALIDITY."""
        uidlist = self.inbox / "dovecot-uidlist"
        head, _, rest = uidlist.read_text().partition("\n")
        fields = head.split(" ")
        validity = next(field for field in fields if field.startswith("V"))
        fields[fields.index(validity)] = f"V{int(validity[1:]) + 1}"
        uidlist.write_text(" ".join(fields) + "\n" + rest)
        for index in self.inbox.glob("dovecot.index*"):
            index.unlink()

    def url(self, port: int = 0, scheme: str = "imap") -> str:
        user, password = "desk%40harbour.example", "p%3A%20%2F%40ss"
        return f"{scheme}://{user}:{password}@localhost:{port or self.port}/INBOX"


@contextmanager
def running(certificate: tuple[Path, Path] | None = None) -> Iterator[Mailbox]:
    owner = pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with private.folder() as folder:
        port, tls_port = free_ports(2)
        mailbox = Mailbox(folder, port, tls_port, owner)
        _prepare(mailbox, certificate)
        log = (folder / "out").open("wb")
        command = [DOVECOT, "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _until_it_answers(mailbox)
            yield mailbox
        finally:
            process.terminate()
            process.wait(timeout=20)
            log.close()


def _prepare(mailbox: Mailbox, certificate: tuple[Path, Path] | None) -> None:
    for part in ("", "new", "cur", "tmp"):
        made = mailbox.inbox / part
        made.mkdir(exist_ok=True)
        os.chown(made, mailbox.owner.pw_uid, mailbox.owner.pw_gid)
    (mailbox.folder / "dovecot.conf").write_text(_configuration(mailbox, certificate))


def _configuration(mailbox: Mailbox, certificate: tuple[Path, Path] | None) -> str:
    me, folder = pwd.getpwuid(os.geteuid()).pw_name, mailbox.folder
    tls = "ssl = no"
    if certificate:
        tls = f"ssl = yes\nssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}"
    users = f"default_internal_user = {me}\ndefault_login_user = {me}" if os.geteuid() else ""
    return f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
disable_plaintext_auth = no
mail_location = maildir:{mailbox.inbox}
first_valid_uid = 1
{tls}
{users}
passdb {{
  driver = static
  args = password={{PLAIN-MD5}}{_digest()}
}}
userdb {{
  driver = static
  args = uid={mailbox.owner.pw_uid} gid={mailbox.owner.pw_gid} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {mailbox.port}
  }}
  inet_listener imaps {{
    port = {mailbox.tls_port if certificate else 0}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
"""


def _digest() -> str:
    return hashlib.md5(PASSWORD.encode(), usedforsecurity=False).hexdigest()


def _until_it_answers(mailbox: Mailbox) -> None:
    end = monotonic() + 30
    while monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", mailbox.port), timeout=2) as line:
                if line.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            sleep(0.05)
    raise AssertionError((mailbox.folder / "out").read_text() + _log(mailbox))


def _log(mailbox: Mailbox) -> str:
    log = mailbox.folder / "log"
    return log.read_text() if log.exists() else ""
