from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.datelines import claims_from_lines
from corpus.documents import Document
from corpus.formats.content import SourceContent
from corpus.formats.text import read
from corpus.residue import without_residue
from corpus.works import Work, assemble
from tests.corpus.articles import Article, articles, assert_complete

PROSE = "The harbour board met on the quay for two hours and decided that the old crane will be repaired before winter."
PAGE = (
    "Harbour board keeps its old crane\n\n"
    "The crane on the north quay, seen from the fish market (Mills)\nShort Url\nUpdated 4 May 2031\nFollow\n\n"
    "Harbour board keeps its old crane\n\n  • Repairs begin in autumn\n\n"
    f"NORTH QUAY: {PROSE}\n"
)
OTHER_PAGE = f"Why do the ferries run late?\n\nUpdated 5 min ago\nFollow\n\nWhy do the ferries run late?\n\n{PROSE}\n"


def works_of(text: str) -> list[Work]:
    return read(SourceContent(text.encode("utf-8")))


def documents_of(text: str) -> list[Document]:
    documents = []
    for work in works_of(text):
        blocks, _ = without_residue(work.blocks)
        documents.append(
            assemble(Work(work.claims, blocks, work.part), "a.txt", "0" * 64, claims_from_lines(work.blocks))
        )
    return documents


def titles_of(text: str) -> list[str | None]:
    return [document.metadata.title for document in documents_of(text)]


def body_of(article: Article) -> str:
    lines = []
    for heading, paragraphs in article.sections:
        lines += [heading] if heading else []
        lines += [" ".join(sentences) for sentences in paragraphs]
    return "\n\n".join(lines)


def as_page(article: Article) -> str:
    return f"{article.title}\n\nShort Url\nUpdated 4 May 2031\nFollow\n\n{article.title}\n\n{body_of(article)}\n\n"


def with_front_matter(article: Article) -> str:
    return f"---\ntitle: {article.title}\ndate: 2031-05-04\n---\n\n{body_of(article)}\n\n"


def with_header_lines(article: Article) -> str:
    return f"Title: {article.title}\nDate: 4 May 2031\n\n{body_of(article)}\n\n"


@pytest.mark.parametrize("written", [as_page, with_front_matter, with_header_lines])
@given(found=st.lists(articles(max_sections=2, max_paragraphs=3), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None)
def test_joined_articles_come_back_as_works(written: Callable[[Article], str], found: list[Article]) -> None:
    documents = documents_of("".join(map(written, found)))
    assert [document.metadata.title for document in documents] == [article.title for article in found]
    assert [document.part for document in documents] == (
        [""] if len(found) == 1 else [str(number) for number in range(1, len(found) + 1)]
    )
    for document, article in zip(documents, found, strict=True):
        assert document.metadata.published == "2031-05-04"
        assert_complete(document.text, article)


def test_pages_copied_below_each_other_are_works_with_their_own_dates() -> None:
    first, second = documents_of(f"{PAGE}\n\n{OTHER_PAGE}")
    assert (first.metadata.title, first.metadata.published) == ("Harbour board keeps its old crane", "2031-05-04")
    assert (second.metadata.title, second.metadata.published) == ("Why do the ferries run late?", None)


def test_a_repeated_headline_is_one_heading() -> None:
    (document,) = documents_of(PAGE)
    assert document.text.count("Harbour board keeps") == 1
    assert [document.text[heading.start : heading.end] for heading in document.headings] == [document.metadata.title]


def test_prose_above_the_first_headline_is_a_work_of_its_own() -> None:
    assert titles_of(f"{PROSE}\n\n{PAGE}\n\n{OTHER_PAGE}") == [
        None,
        "Harbour board keeps its old crane",
        "Why do the ferries run late?",
    ]


def test_short_lines_above_the_first_headline_go_with_it() -> None:
    first, _ = documents_of(f"PORTS\n\n{PAGE}\n\n{OTHER_PAGE}")
    assert first.text.startswith("PORTS")
    assert first.metadata.title == "Harbour board keeps its old crane"


def test_lines_above_the_first_header_go_with_it() -> None:
    first, second = documents_of(
        f"Press archive\n\nTitle: Crane\nDate: 2031\n\n{PROSE}\n\nTitle: Ferry\nDate: 2032\n\n{PROSE}"
    )
    assert first.text.startswith("Press archive")
    assert (first.metadata.title, second.metadata.title) == ("Crane", "Ferry")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\n\n".join(["Pull the rope, my brothers", "The hold is never full", PROSE] * 4), id="refrain"),
        pytest.param(f"A long report\n\nSummary\n\n{PROSE}\n\nSummary\n\n{PROSE}\n\nSummary\n\n{PROSE}", id="section"),
        pytest.param("\n\n".join(f"Ann Mills of the board\n{PROSE}" for _ in range(6)), id="minutes"),
        pytest.param("\n\n".join(["LADY OF THE QUAY", "Away!", "LADY OF THE QUAY", PROSE] * 4), id="play"),
        pytest.param(
            "\n\n".join(["Who pays for it?", "Who runs it?", "Who pays for it?", PROSE, "Who runs it?", PROSE] * 2),
            id="questions listed and answered",
        ),
        pytest.param(f"---\n{PROSE}\n---\n{PROSE}\n---\nNote: it stays.\n---\n{PROSE}", id="rules"),
        pytest.param(f"Date: 4 May\nBy: Ann\n\n{PROSE}\n\nDate: 5 May\nBy: Bob\n\n{PROSE}", id="no titles"),
        pytest.param("Title: Crane\nDate: 2031\n\nTitle: Ferry\nDate: 2032\n", id="a list of titles"),
        pytest.param(f"{PAGE}\n\nWhy the ferries run late\n\n{PROSE}", id="one repeated headline"),
        pytest.param(f"{PAGE}\n\nWhy the ferries run late\n\nShare this\n\nWhy the ferries run late", id="teasers"),
        pytest.param(f"---\ntitle: A\n---\n{PROSE}\n\n---\n\n{PROSE}\n\n---\n\n{PROSE}", id="front matter and rules"),
    ],
)
def test_one_work_stays_one(text: str) -> None:
    assert [work.part for work in works_of(text)] == [""]


@given(article=articles())
@settings(max_examples=40, deadline=None)
def test_an_article_never_splits(article: Article) -> None:
    assert len(works_of(f"{article.title}\n\n{body_of(article)}")) == 1


@given(st.lists(st.sampled_from([PROSE, "Crane stays on quay", "Follow", "---", "title: A", "Title: B", "Date: 2031"])))
def test_no_line_of_text_is_lost(lines: list[str]) -> None:
    works = works_of("\n".join(["Harbour news", *lines]))
    texts = [block.text for work in works for block in work.blocks]
    for line in (PROSE, "Crane stays on quay", "Follow"):
        assert " ".join(texts).count(line) == lines.count(line)
