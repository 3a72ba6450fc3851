"""Finds a browser for the tests, or gets one.

An installed Chrome or Chromium; else Debian's package, where this user may install one; else playwright's own.
Run as a program it installs; the tests only look. Where none can be had the browser tests are skipped, loudly;
with CITEBOX_REQUIRE_BROWSER set they fail instead.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPLICATION = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
FLAGS = ["--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
INSTALL_TIMEOUT_S = 600

MISSING = "NO BROWSER: the browser tests do not run. Install Chromium or Chrome, then run the tests again."


def find_browser() -> str | None:
    """Path of a Chrome or Chromium that can be started, or None."""
    for candidate in (*map(shutil.which, NAMES), MAC_APPLICATION, _playwright_browser()):
        if candidate and Path(candidate).is_file():
            return candidate
    return None


def launch_flags() -> list[str]:
    """Command line of the browser; its sandbox does not start for root."""
    return [*FLAGS, "--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else FLAGS


def install_browser() -> str | None:
    """Install one by the first way that works; its path, or None."""
    for commands in (_debian_commands(), [[sys.executable, "-m", "playwright", "install", "chromium"]]):
        if commands and all(map(_succeeds, commands)) and (browser := find_browser()):
            return browser
    return None


def _debian_commands() -> list[list[str]]:
    if shutil.which("apt-get") is None:
        return []
    if os.geteuid() == 0:
        prefix = ["env", "DEBIAN_FRONTEND=noninteractive"]
    elif shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        prefix = ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    else:
        return []
    return [[*prefix, "apt-get", "update", "-qq"], [*prefix, "apt-get", "install", "-y", "-qq", "chromium"]]


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=INSTALL_TIMEOUT_S).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _playwright_browser() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


if __name__ == "__main__":
    found = find_browser() or install_browser()
    print(f"browser for the tests: {found}" if found else MISSING)
    sys.exit(1 if not found and os.environ.get("CITEBOX_REQUIRE_BROWSER") else 0)
