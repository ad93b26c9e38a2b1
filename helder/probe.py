"""Looking at ports of this machine: is one free, and does a process answer there?"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterable

HOST = "127.0.0.1"
PATIENCE = 1.0  # seconds for one look; a process that needs longer is not ready


def is_ready(port: int, path: str) -> bool:
    """Whether an HTTP GET of `path` is answered with 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def refuse_taken_ports(wanted: Iterable[tuple[str, int, str]], error: type[Exception]) -> None:
    """Raise `error`, with a sentence, for the first (name, port, setting) that cannot be had."""
    seen: dict[int, str] = {}
    for name, port, setting in wanted:
        if port in seen:
            raise error(f"Port {port} is set for {seen[port]} and {name}; change {setting}.")
        if not is_free(port):
            raise error(
                f"Port {port}, wanted for {name}, is in use by another program: "
                f"stop that, or set {setting} to a free port."
            )
        seen[port] = name
