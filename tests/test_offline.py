"""The guard that the tests run `citebox` under does guard."""

import subprocess
import sys

import pytest

from tests.running import guarded_environment

ATTEMPTS = {
    "connect": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "connect_ex": "import socket; socket.socket().connect_ex(('192.0.2.1', 80))",
    "look-up": "import socket; socket.getaddrinfo('example.org', 80)",
    "in a child that swallows it": (
        "import multiprocessing, urllib.request\n"
        "def attempt():\n"
        "    try: urllib.request.urlopen('http://192.0.2.1/', timeout=1)\n"
        "    except OSError: pass\n"
        "process = multiprocessing.get_context('fork').Process(target=attempt)\n"
        "process.start(); process.join()"
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_reaching_for_another_machine_fails_the_test(attempt: str) -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1|example\.org"), guarded_environment({}) as environment:
        subprocess.run([sys.executable, "-c", attempt], env=environment, check=False, capture_output=True)


def test_this_machine_can_be_reached() -> None:
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname())"
    with guarded_environment({}) as environment:
        assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
