"""Runs the `citebox` command with every connection beyond this machine made an error.

Used by tests as: python -m tests.offline ARGUMENT...
"""

import socket
import sys

from web.cli import main

_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo

LOOPBACK = ("127.", "::1", "localhost")


def _guarded_connect(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else str(address)
    if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
        raise SystemExit(f"NETWORK: connection to {address}")
    _connect(self, address)  # type: ignore[arg-type]


def _guarded_getaddrinfo(host: object, *args: object, **kwargs: object) -> object:
    if host is not None and not str(host).startswith((*LOOPBACK, "0.0.0.0")):
        raise SystemExit(f"NETWORK: look-up of {host}")
    return _getaddrinfo(host, *args, **kwargs)  # type: ignore[arg-type]


if __name__ == "__main__":
    socket.socket.connect = _guarded_connect  # type: ignore[assignment,method-assign]
    socket.getaddrinfo = _guarded_getaddrinfo  # type: ignore[assignment]
    sys.argv[0] = "citebox"
    main()
