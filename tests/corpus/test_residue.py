from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.residue import without_residue
from corpus.works import Block, BlockKind
from tests.corpus.articles import Article, articles
from tests.corpus.test_residue_rules import LINES

PROSE = "The harbour board met on the quay for two hours and decided that the old crane will be repaired before winter."
MORE_PROSE = (
    "Two of its members had wanted to sell the crane, since a buyer from the next valley had offered a good price."
)
HEADLINE = "Harbour board keeps its old crane"
CAPTION = "The crane on the north quay, seen from the fish market (Photo: Mills)"

SENTENCES = [
    "Follow the money, investigators said.",
    "Follow us into the hills and you will see the dam.",
    "Follow-up talks are planned for spring.",
    "Followers of the party filled the square.",
    "Following the visit, both ports cut their fees.",
    "Follow on Twitter was the advice the mayor ignored.",
    "Updated figures show that exports fell.",
    "Updated 28 times since 1990, the map still has errors.",
    "Updated maps were published on 4 May 2031.",
    "Updated on 4 May 2031, the rules now cover fishing boats.",
    "Last updated in 2019, the register lists nobody born since.",
    "Published in 1931, the novel sold badly.",
    "Published on 4 May 2031, the report names three firms.",
    "Published: 4 May 2031, by order of the council.",
    "Posted to Oslo, she learned the language within a year.",
    "Two hours ago the ferry left.",
    "Advertisement spending rose.",
    "Advertisements for tobacco are banned in the port.",
    "Advertising is cheaper than it was.",
    "Sponsored by the bank, the race drew thousands.",
    "Sponsored links between the two towns go back to 1950.",
    "Share prices fell by a third.",
    "Share this burden, the minister urged.",
    "Share of renewable energy by country",
    "Shares in the shipyard rose to 12 crowns.",
    "12 shares were sold on the first day.",
    "Print runs have halved since the strike.",
    "Print is not dead, the editor insisted.",
    "Tweets by the minister caused the row.",
    "Tweet storms do not move markets, she said.",
    "Save the whales, read the banner.",
    "Save my name from oblivion, the poet asked.",
    "Click to open the valve, says the manual.",
    "Click here to print money would be a tempting button.",
    "Email this week revealed the plan.",
    "Facebook and Twitter were blocked for a day.",
    "Leave a reply unanswered and the deal is off.",
    "Leave a comment like that to the lawyers.",
    "Your email address will not be published was the promise they broke.",
    "Cookies are baked at 180 degrees.",
    "Cookie settings changed the way the site earned money.",
    "We use cookies and milk for the filling.",
    "We use cookies to bribe the dog; it works every morning.",
    "Accept all cookies from strangers, the clown joked.",
    "Subscribe to the view that prices will fall and you will be poor.",
    "Subscribers left in droves.",
    "Sign up for the army, the posters urged.",
    "Sign up sheets hung in every hall.",
    "Get the latest grain to the ports, the order said.",
    "Skip to the end of the treaty and you find the price.",
    "Read more carefully, the judge told him.",
    "Read more than the headline.",
    "Read next to the other clause, it makes no sense.",
    "Related articles of the treaty were suspended.",
    "Back to top form, the team won.",
    "Next article of the charter: the right to work.",
    "Previous articles had praised the bridge.",
    "Most read aloud, some only listened.",
    "More news is expected on Monday.",
    "3 min reading tests are given to all pupils.",
    "Three min read like a haiku.",
    "Reading time is over when the bell rings.",
    "Comments were made on all sides.",
    "No comments were made by the ministry.",
    "14 comments reached the regulator in time.",
    "1,204 views were collected in the survey.",
    "Views of the harbour: 3 of them are for sale.",
    "Copyright law is older than the press.",
    "© is the sign that worried the printers.",
    "All rights reserved for the crown were abolished.",
    "Contact us before the storm, the pilot had radioed.",
    "Privacy policy is made in the capital.",
    "Home is where the harbour is.",
    "Learn more languages, he told his sons.",
    "Listen to this: the crane sings.",
]


def paragraphs(*texts: str) -> list[Block]:
    return [Block(BlockKind.PARAGRAPH, text) for text in texts]


def kept(*blocks: Block) -> list[str]:
    return [block.text for block in without_residue(blocks)[0]]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_begins_like_furniture_stays(sentence: str) -> None:
    assert kept(*paragraphs(HEADLINE, "Share", sentence, PROSE, sentence + " It was so.")) == [
        HEADLINE,
        sentence,
        PROSE,
        sentence + " It was so.",
    ]


@given(article=articles())
@settings(max_examples=50, deadline=None)
def test_of_an_article_every_block_stays(article: Article) -> None:
    blocks = [
        Block(kind, text, level=1)
        for heading, texts in article.sections
        for kind, text in [
            (BlockKind.HEADING, heading or "Talks"),
            *((BlockKind.PARAGRAPH, " ".join(sentences)) for sentences in texts),
        ]
    ]
    assert without_residue(blocks) == (tuple(blocks), Counter())


def test_the_lines_that_go_are_counted_by_rule() -> None:
    _, counts = without_residue(paragraphs(HEADLINE, "Short Url", "Follow", "Follow", PROSE, "Leave a Reply"))
    assert counts == {"short-url": 1, "follow": 2, "reply-form": 1}


def test_a_headline_that_the_page_repeats_is_kept_once() -> None:
    blocks = paragraphs(HEADLINE, CAPTION, "Updated 4 May 2031", "Follow", HEADLINE.upper(), PROSE)
    left, counts = without_residue(blocks)
    assert [block.text for block in left] == [HEADLINE, CAPTION, PROSE]
    assert counts["repeated-headline"] == 1


def test_a_headline_below_a_caption_that_is_a_sentence_is_a_repetition() -> None:
    caption = "The crane on the north quay of the old harbour, seen in May from the roof of the fish market by Mills."
    assert kept(*paragraphs(HEADLINE, caption, "Follow us", HEADLINE, PROSE)) == [HEADLINE, caption, PROSE]


def test_the_declared_heading_of_a_headline_said_twice_is_the_one_that_counts() -> None:
    heading = Block(BlockKind.HEADING, HEADLINE, level=2)
    assert without_residue([*paragraphs(HEADLINE, CAPTION), heading, *paragraphs(PROSE)])[0][0] == heading


def test_a_headline_that_returns_below_the_prose_stays() -> None:
    texts = [HEADLINE, PROSE, HEADLINE, MORE_PROSE]
    assert kept(*paragraphs(*texts)) == texts


def test_a_caption_repeated_in_the_top_of_a_page_is_kept_once() -> None:
    left, counts = without_residue(paragraphs(HEADLINE, CAPTION, "By our reporter", "Share", CAPTION, PROSE))
    assert [block.text for block in left] == [HEADLINE, CAPTION, "By our reporter", PROSE]
    assert counts == {"share": 1, "repeated-caption": 1}


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([PROSE, "I have a dream today.", "I have a dream today.", MORE_PROSE], id="amid prose"),
        pytest.param(["I have a dream today.", "I have a dream today.", PROSE], id="as the opening"),
        pytest.param([HEADLINE, "I have a dream today.", "I have a dream today.", PROSE], id="below a headline"),
        pytest.param([HEADLINE, PROSE, PROSE, MORE_PROSE], id="prose"),
        pytest.param([HEADLINE, PROSE * 3, PROSE * 3], id="a long paragraph"),
        pytest.param([PROSE, CAPTION, CAPTION, MORE_PROSE], id="a caption"),
    ],
)
def test_what_a_work_without_buttons_says_twice_stays_twice(texts: list[str]) -> None:
    assert kept(*paragraphs(*texts)) == texts


def test_a_long_paragraph_said_twice_stays_twice_beside_buttons_too() -> None:
    texts = [HEADLINE, PROSE * 2, PROSE * 2, MORE_PROSE]
    assert kept(*paragraphs(HEADLINE, "Share", "Print", *texts[1:])) == texts


def test_a_doubled_line_of_verse_stays() -> None:
    verse = ["Pull the rope, my brothers, pull", "Pull the rope, my brothers, pull", "For the hold is never full"]
    assert kept(*paragraphs("Rope song", *verse, *verse)) == ["Rope song", *verse, *verse]


def test_a_doubled_short_answer_stays() -> None:
    assert kept(*paragraphs(PROSE, "No, no.", "No, no.", MORE_PROSE)) == [PROSE, "No, no.", "No, no.", MORE_PROSE]


@pytest.mark.parametrize("text", ["Follow", "Advertisement", "Leave a Reply", "3 Comments"])
def test_a_row_of_a_table_stays_whatever_it_says(text: str) -> None:
    row = Block(BlockKind.ROW, text)
    assert kept(row, row, *paragraphs(PROSE), row) == [text, text, PROSE, text]


@pytest.mark.parametrize("text", LINES)
def test_a_declared_heading_above_prose_stays(text: str) -> None:
    heading = Block(BlockKind.HEADING, text, level=2)
    assert kept(heading, *paragraphs(PROSE), heading, *paragraphs(MORE_PROSE)) == [text, PROSE, text, MORE_PROSE]


def test_a_declared_heading_stays_when_furniture_is_between_it_and_its_prose() -> None:
    heading = Block(BlockKind.HEADING, "Share", level=2)
    assert kept(*paragraphs(PROSE), heading, *paragraphs("Follow us", "Read more", MORE_PROSE)) == [
        PROSE,
        "Share",
        MORE_PROSE,
    ]


@pytest.mark.parametrize("kind", [BlockKind.ITEM, BlockKind.ROW])
def test_a_declared_heading_above_a_list_or_a_table_stays(kind: BlockKind) -> None:
    texts = [PROSE, "Save this page", "Open the menu", "Copy link"]
    blocks = [Block(BlockKind.PARAGRAPH, PROSE), Block(BlockKind.HEADING, texts[1], level=2)]
    assert kept(*blocks, *(Block(kind, text) for text in texts[2:])) == texts


def test_a_declared_heading_above_sections_of_its_own_stays() -> None:
    section = Block(BlockKind.HEADING, "Log in to comment", level=2)
    below = Block(BlockKind.HEADING, "The first step", level=3)
    assert kept(section, below, *paragraphs(PROSE)) == ["Log in to comment", "The first step", PROSE]


def test_a_declared_heading_above_nothing_but_furniture_goes() -> None:
    share, next_one = (Block(BlockKind.HEADING, text, level=2) for text in ("Share this story", "What is next"))
    blocks = [*paragraphs(PROSE), share, *paragraphs("Print", "Follow us"), next_one, *paragraphs(MORE_PROSE)]
    assert kept(*blocks) == [PROSE, "What is next", MORE_PROSE]


def test_a_declared_heading_of_furniture_below_all_prose_goes() -> None:
    assert kept(*paragraphs(PROSE), Block(BlockKind.HEADING, "Follow", level=2)) == [PROSE]


@pytest.mark.parametrize(
    "text",
    ["Share", "No comment", "Follow me", "Like this", "Continue reading", "Subscribe to our newsletter", "3 views"],
)
def test_a_lone_line_between_sentences_stays(text: str) -> None:
    texts = ["The newsletter said", PROSE, text, "It was so in the end.", text, MORE_PROSE]
    assert kept(*paragraphs(*texts)) == texts


def test_a_lone_line_said_twice_between_sentences_stays() -> None:
    texts = [PROSE, "No comment", "No comment", MORE_PROSE]
    assert kept(*paragraphs(*texts)) == texts


def test_a_line_alone_above_the_text_can_be_its_title_and_stays() -> None:
    assert kept(*paragraphs("Follow me", PROSE)) == ["Follow me", PROSE]


def test_a_stamp_alone_above_the_text_goes() -> None:
    assert kept(*paragraphs("Updated 4 May 2031", PROSE)) == [PROSE]


def test_a_stamp_between_sentences_stays() -> None:
    texts = [PROSE, "Published: 1 May 2029", MORE_PROSE]
    assert kept(*paragraphs(*texts)) == texts


@pytest.mark.parametrize(
    "text",
    [
        "Short Url",
        "Your email address will not be published. Required fields are marked *",
        "We use cookies to improve your experience.",
        "We value your privacy",
        "Story continues below advertisement",
    ],
)
def test_a_line_that_no_work_says_goes_between_sentences_too(text: str) -> None:
    assert kept(*paragraphs(PROSE, text, MORE_PROSE)) == [PROSE, MORE_PROSE]


def test_a_line_that_a_colon_announces_stays() -> None:
    texts = [PROSE, "The newsletter said:", "Subscribe to our newsletter", "Read more"]
    assert kept(*paragraphs(*texts, MORE_PROSE)) == [*texts, MORE_PROSE]


@pytest.mark.parametrize(
    "line",
    [
        "Facebook",
        "Twitter",
        "Save",
        "Comment *",
        "Name *",
        "Email *",
        "Website",
        "Home | About us | Contact us",
        "READ MORE: Storm batters the coast",
        "Copyright 2031 Harbour Herald",
    ],
)
def test_a_line_that_tells_nothing_alone_goes_beside_furniture(line: str) -> None:
    assert kept(*paragraphs(PROSE, "Share this:", line, MORE_PROSE)) == [PROSE, MORE_PROSE]
    assert kept(*paragraphs(PROSE, line, MORE_PROSE)) == [PROSE, line, MORE_PROSE]


@pytest.mark.parametrize("line", ["Ann Ray | Oslo | 4 May 2031", "Crane: repairs begin in autumn", "Name: Ann Ray"])
def test_a_line_of_the_work_beside_furniture_stays(line: str) -> None:
    assert kept(*paragraphs(HEADLINE, "Share", line, "Print", PROSE)) == [HEADLINE, line, PROSE]


def test_a_footer_of_copyright_goes_at_the_end() -> None:
    assert kept(*paragraphs(PROSE, "Copyright 2031 Harbour Herald")) == [PROSE]


def test_the_label_of_an_advertisement_goes_between_paragraphs_too() -> None:
    assert kept(*paragraphs(PROSE, "Advertisement", MORE_PROSE)) == [PROSE, MORE_PROSE]


def test_a_list_that_a_colon_announces_stays() -> None:
    items = [Block(BlockKind.ITEM, text) for text in ("Share", "Print", "Leave a Reply")]
    texts = [PROSE, "The toolbar has these buttons:", "Share", "Print", "Leave a Reply"]
    assert kept(*paragraphs(*texts[:2]), *items) == texts


BUTTONS = [Block(BlockKind.ITEM, text) for text in ("Copy link", "Post comment", "Load more", "Accept cookies")]


@pytest.mark.parametrize("below", [[], paragraphs(MORE_PROSE)])
def test_a_list_of_buttons_in_a_manual_stays(below: list[Block]) -> None:
    blocks = [*paragraphs(PROSE, "Click one of these"), *BUTTONS, *below]
    assert kept(*blocks) == [block.text for block in blocks]


def test_a_list_of_buttons_below_furniture_goes() -> None:
    assert kept(*paragraphs(PROSE, "Share this:", "Follow us"), *BUTTONS, *paragraphs(MORE_PROSE)) == [
        PROSE,
        MORE_PROSE,
    ]


def test_a_list_of_networks_below_what_it_is_for_goes() -> None:
    items = [Block(BlockKind.ITEM, text) for text in ("Facebook", "WhatsApp")]
    assert kept(*paragraphs(PROSE, "Share this:"), *items, *paragraphs(MORE_PROSE)) == [PROSE, MORE_PROSE]


def test_a_list_in_which_not_all_is_furniture_stays() -> None:
    items = [Block(BlockKind.ITEM, text) for text in ("Print", "The second crane")]
    assert kept(*paragraphs(PROSE, "Share", "Follow us"), *items) == [PROSE, "Print", "The second crane"]


def test_a_block_whose_lines_are_all_furniture_goes_and_each_is_counted() -> None:
    left, counts = without_residue(paragraphs(PROSE, "Short Url\nUpdated 4 May 2031\nFollow", MORE_PROSE))
    assert [block.text for block in left] == [PROSE, MORE_PROSE]
    assert counts == {"short-url": 1, "update-line": 1, "follow": 1}


def test_furniture_at_the_end_of_a_block_of_several_lines_goes() -> None:
    left, counts = without_residue(paragraphs(f"{CAPTION}\nShort Url\nFollow", PROSE))
    assert [block.text for block in left] == [CAPTION, PROSE]
    assert counts == {"short-url": 1, "follow": 1}


@pytest.mark.parametrize(
    "text",
    [
        "the crane that the board had wanted to sell was last\nupdated 4 May 2031",
        "Mills said that the town will have to buy its\nshare",
        "Read more\nof the old books, the teacher said.",
    ],
)
def test_a_sentence_wrapped_before_a_word_of_furniture_stays_whole(text: str) -> None:
    assert kept(*paragraphs(PROSE, text, MORE_PROSE)) == [PROSE, text, MORE_PROSE]


@given(st.lists(st.sampled_from([HEADLINE, CAPTION, "Follow", "Share", "Read more", "3 Comments"]), max_size=12))
def test_prose_stays_in_order_and_what_goes_is_counted(lines: list[str]) -> None:
    left, counts = without_residue(paragraphs(HEADLINE, *lines[::2], PROSE, *lines[1::2], MORE_PROSE))
    texts = [block.text for block in left]
    assert len(left) + counts.total() == len(lines) + 3
    assert [text for text in texts if text in (PROSE, MORE_PROSE)] == [PROSE, MORE_PROSE]
    assert set(texts) >= {HEADLINE, *(line for line in lines if line == CAPTION)}


@given(text=st.text(max_size=200))
def test_any_block_can_be_judged(text: str) -> None:
    without_residue(paragraphs(text, text, text))
