"""Python imports this at the start of every process whose PYTHONPATH names this folder: no way beyond this machine.

A connection or a look-up elsewhere fails as it would without a network, and is written to the file that
OFFLINE_GUARD_LOG names, so that a program that swallows the failure is caught too.
"""

import os
import socket

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def _check(host):
    name = host.decode() if isinstance(host, bytes) else str(host)
    if host is not None and name and not name.startswith(_LOOPBACK):
        with open(os.environ["OFFLINE_GUARD_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{name}\n")
        raise OSError(f"no network: {name}")


def _connecting(connect):
    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _check(address[0])
        return connect(self, address)

    return guarded


def _guarded_getaddrinfo(host, *arguments, **named):
    _check(host)
    return _getaddrinfo(host, *arguments, **named)


socket.socket.connect = _connecting(_connect)
socket.socket.connect_ex = _connecting(_connect_ex)
socket.getaddrinfo = _guarded_getaddrinfo
