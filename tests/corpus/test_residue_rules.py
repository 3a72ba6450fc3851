import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.residue import REPEATED_CAPTION, REPEATED_HEADLINE
from corpus.residue_rules import RULES, residue_rule
from tests.conftest import REPOSITORY

RESIDUE = {
    "short-url": ["Short Url", "Short URL:", "Copy link"],
    "follow": ["Follow", "FOLLOW US", "Follow us on Facebook and Twitter", "Follow us on:"],
    "update-line": [
        "Updated 3 min 21 sec ago",
        "Updated 4 May 2031",
        "Last updated: May 4, 2031 10:45 GMT",
        "Last Updated on 4 May 2031 at 7:38 pm",
        "Published: 4 May 2031 | Updated: 5 May 2031",
        "Published 2 hours ago",
        "Posted on May 4th, 2031",
    ],
    "reply-form": [
        "Leave a Reply",
        "Leave a Reply Cancel reply",
        "Your email address will not be published.",
        "Your email address will not be published. Required fields are marked *",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Post Comment",
        "Notify me of new posts by email.",
        "Logged in as Ann. Log out?",
    ],
    "share": [
        "Share",
        "Share on Facebook",
        "Share this article",
        "Share this:",
        "Tweet",
        "Print",
        "Email this story",
        "Click to print (Opens in new window)",
        "Click to share on Facebook (Opens in new window)",
        "Facebook | Twitter | WhatsApp",
        "12 Shares",
        "Add to favourites",
    ],
    "cookies": [
        "Accept all cookies",
        "Cookie settings",
        "This website uses cookies.",
        "We value your privacy",
        "We use cookies to improve your experience.",
        "By continuing to use this site, you agree to our use of cookies.",
    ],
    "newsletter": [
        "Subscribe",
        "Subscribe to our newsletter",
        "Sign up for our daily newsletter!",
        "Sign up for the weekly harbour briefing",
        "Get the latest news delivered to your inbox",
        "Enter your email address",
        "Unsubscribe",
    ],
    "advertisement": ["Advertisement", "ADVERTISEMENT", "Sponsored content", "Story continues below advertisement"],
    "navigation": [
        "Skip to main content",
        "Read more",
        "Read more »",
        "Related articles",
        "Back to top",
        "↑ Back to top",
        "Previous Article",
        "Next article",
        "Home > News > Ports",
        "You may also like",
        "View all 14 comments",
    ],
    "reading-time": ["3 min read", "5 minutes read", "Reading time: 4 minutes", "2-minute read"],
    "counter": ["No Comments", "14 Comments", "Comments (3)", "1,204 views", "Comments are closed."],
    "copyright": [
        "© 2031 Harbour Herald. All rights reserved.",
        "Copyright © 2029-2031 Harbour Herald Ltd.",
        "All rights reserved.",
        "Privacy Policy | Terms of Use",
    ],
}
LINES = [line for lines in RESIDUE.values() for line in lines]


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule, lines in RESIDUE.items() for line in lines])
def test_a_line_of_furniture_is_named_by_its_rule(rule: str, line: str) -> None:
    assert residue_rule(line) == rule


def test_every_rule_has_examples() -> None:
    assert list(RESIDUE) == [rule.name for rule in RULES]


def test_the_documentation_lists_the_rules_with_examples_that_match() -> None:
    page = (REPOSITORY / "docs" / "cleaning.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    assert [name for name, _, _ in rows] == [*(rule.name for rule in RULES), REPEATED_HEADLINE, REPEATED_CAPTION]
    for rule, (_, matches, example) in zip(RULES, rows, strict=False):
        assert (matches, residue_rule(example)) == (rule.matches, rule.name)


@given(line=st.sampled_from(LINES), word=st.sampled_from(["that", "it"]))
def test_furniture_within_a_sentence_is_none(line: str, word: str) -> None:
    assert residue_rule(f"She read “{line}” and said {word} was all.") is None
    assert residue_rule(f"{line} {word} was, she said, all there is.") is None


@pytest.mark.parametrize(
    "line", ["email " * 32 + "!", "share x " * 24 + "!", "© " + "inc. " * 38, "Posted 1 d ago " * 12]
)
def test_a_line_made_of_trigger_words_is_judged_at_once(line: str) -> None:
    started = time.perf_counter()
    residue_rule(line)
    assert time.perf_counter() - started < 0.5


@given(text=st.text(max_size=200))
def test_any_line_can_be_judged(text: str) -> None:
    residue_rule(text)
