"""A reader in a real browser: asks, sees cited passages, follows a citation, finds the passage in its document."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import MISSING, find_browser, launch_flags
from tests.running import serving

QUESTION = "How many offshore exploration licences did Pakistan award?"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = find_browser()
    if executable is None:
        if os.environ.get("CITEBOX_REQUIRE_BROWSER"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=launch_flags())
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(sample_index: Path) -> Iterator[str]:
    with serving(sample_index) as at:
        yield at


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """A page of its own, that fails the test when it loads anything from elsewhere."""
    context = browser.new_context(java_script_enabled=request.param, base_url=address)
    opened = context.new_page()
    hosts: set[str] = set()
    opened.on("request", lambda sent: hosts.add(urlsplit(sent.url).netloc))
    yield opened
    assert hosts == {urlsplit(address).netloc}
    context.close()


def test_a_reader_asks_and_finds_the_cited_passage_in_its_document(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".hit")).to_have_count(5)
    first = page.locator(".hit").first
    expect(first.locator("mark").first).to_contain_text("23")
    expect(first.locator(".source .path")).to_contain_text("sample/")
    quoted = first.locator("blockquote").inner_text()

    first.get_by_role("link", name="Read in document").click()
    cited = page.locator(".passage:target")
    expect(cited).to_be_in_viewport()
    assert " ".join(cited.inner_text().split()) == " ".join(quoted.split())
    expect(cited.locator("mark").first).to_contain_text("23")
    other = page.locator(".passage:not(:target)").first
    backgrounds = [
        passage.evaluate("element => getComputedStyle(element).backgroundColor") for passage in (cited, other)
    ]
    assert backgrounds[0] != backgrounds[1]


def test_filters_stay_in_the_address(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Your question").fill("steel")
    page.locator(".filters summary").click()
    page.get_by_label("Source").select_option("sample/meetings")
    page.get_by_label("From").fill("2025-11-01")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    assert "source=sample%2Fmeetings" in page.url
    assert "since=2025-11-01" in page.url
    for path in page.locator(".source .path").all_inner_texts():
        assert path.startswith("sample/meetings/")


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_no_page_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    document = "/documents/" + page.request.get(f"{address}/api/v1/documents").json()["documents"][0]["document_id"]
    for path in ("/", "/?q=steel&source=sample/briefs", "/sources", "/about", "/history", document):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.close()


def test_the_keyboard_reaches_the_box_and_the_passages(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}/?q=steel")
    page.keyboard.press("j")
    expect(page.locator("#hit-1 h2 a")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#hit-2 h2 a")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#hit-1 h2 a")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.close()


def test_a_citation_can_be_copied(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/?q=steel")
    page.get_by_role("button", name="Copy citation").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "sample/" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_a_citation_of_a_passage_that_is_gone_is_told(browser: Browser, address: str) -> None:
    page = browser.new_page()
    document = page.request.get(f"{address}/api/v1/documents").json()["documents"][0]["document_id"]
    page.goto(f"{address}/documents/{document}#p-00000000000000000000")
    expect(page.get_by_text("is not in this text any more")).to_be_visible()
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, address: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/?q=steel")
    for selector in ("body", ".where", ".notice", ".hit mark", ".box button"):
        assert _contrast(page, selector) >= 4.5, (selector, _contrast(page, selector))
    page.close()


def _contrast(page: Page, selector: str) -> float:
    """WCAG 2 contrast ratio of an element's text with the nearest background behind it."""
    script = """element => {
        const colour = getComputedStyle(element).color;
        while (getComputedStyle(element).backgroundColor === "rgba(0, 0, 0, 0)") element = element.parentElement;
        return [colour, getComputedStyle(element).backgroundColor];
    }"""
    lighter, darker = sorted(map(_luminance, page.locator(selector).first.evaluate(script)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
