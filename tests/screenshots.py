"""Takes the README's screenshots of the sample index: python -m tests.screenshots."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import MISSING, find_browser, launch_flags
from tests.conftest import REPOSITORY, SAMPLE
from tests.running import run_citebox, serving

FOLDER = REPOSITORY / "docs" / "screenshots"
QUESTION = "/?q=When+did+Pakistan+start+importing+Russian+oil%3F"


def main() -> None:
    executable = find_browser()
    if executable is None:
        sys.exit(MISSING)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        index = Path(temporary)
        rebuilt = run_citebox("rebuild", SAMPLE, "--index", index)
        if rebuilt.returncode:
            sys.exit(rebuilt.stderr)
        browser = playwright.chromium.launch(executable_path=executable, args=launch_flags())
        with serving(index) as address:
            _take(browser, address + QUESTION, "answer", width=1100, height=820)
            _take(browser, address + QUESTION, "answer-dark", width=1100, height=820, scheme="dark")
            _take(browser, address + QUESTION, "answer-phone", width=390, height=780)
            _take(browser, address + QUESTION, "document", width=1100, height=700, follow=True)
            _take(browser, address + "/sources", "sources", width=1100, height=700)
        browser.close()


def _take(
    browser: Browser, address: str, name: str, *, width: int, height: int, scheme: str = "light", follow: bool = False
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page.goto(address)
    if follow:
        page.get_by_role("link", name="Read in document").first.click()
        page.locator(".passage:target").wait_for()
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
