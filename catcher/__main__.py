"""python -m catcher --mail FOLDER --smtp-port N --page-port N"""

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from types import FrameType
from typing import NoReturn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

from catcher import LOOPBACK
from catcher.archive import archive_address
from catcher.page import Page
from catcher.receiver import listen

logger = logging.getLogger("catcher")
# Its lines carry the addresses of each mail.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Server(ThreadingMixIn, WSGIServer):
    """One slow reader must not keep the next one waiting."""

    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    """Keeps addresses of mails out of the log."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="catcher", description="Catch outgoing mail on loopback.")
    parser.add_argument("--mail", type=Path, required=True, help="folder of the two Maildirs")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--page-port", type=int, required=True)
    return parser.parse_args()


def stop(signal_number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    options = arguments()
    signal.signal(signal.SIGTERM, stop)
    receiver = listen(options.mail, options.smtp_port, archive_address)
    logger.info("mail.catching on %s:%d, loopback only", LOOPBACK, options.smtp_port)
    application = Page(options.mail, settings.INBOUND_SMTP_PORT, f"{settings.SITE_URL}/replies/")
    page = make_server(LOOPBACK, options.page_port, application, Server, QuietHandler)
    try:
        page.serve_forever()
    finally:
        receiver.stop()


if __name__ == "__main__":
    main()
