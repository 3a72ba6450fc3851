"""Templates, and texts cut into the pieces they show."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from corpus.documents import Heading, Page, page_at
from index.texts import StoredPassage
from qa.citations import display_date, display_page, display_published

FOLDER = Path(__file__).parent

APPEARANCE = hashlib.sha256(
    b"".join(path.read_bytes() for name in ("templates", "static") for path in sorted((FOLDER / name).iterdir()))
).hexdigest()[:12]
"""Changes with every template and every static file."""

Span = tuple[int, int]
"""Start and end in code points."""

_environment = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,  # whatever a template is called
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["date"] = display_date
_environment.filters["published"] = display_published
_environment.filters["moment"] = lambda at: f"{display_date(at[:10])}, {at[11:16]} UTC"
_environment.filters["thousands"] = lambda number: f"{number:,}"
_environment.globals["static"] = lambda name: f"/static/{name}?v={APPEARANCE}"
_templates = Jinja2Templates(env=_environment)


def render(request: Request, name: str, context: dict[str, Any], status: int = 200) -> HTMLResponse:
    """The page of template `name`."""
    return _templates.TemplateResponse(request, name, context, status_code=status)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is evidence or is not."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class PassageView:
    """A stretch of a document: a passage, or (id None) what lies between passages."""

    passage_id: str | None
    pieces: list[Piece]
    page: str | None = None  # where it is the first to begin on that page


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading (level 0 for none) and the passages below it."""

    heading: str
    level: int
    passages: list[PassageView]


def pieces(text: str, marks: Sequence[Span]) -> list[Piece]:
    """`text` cut at `marks`, which may overlap; the pieces put together are `text`."""
    cuts = [0]  # the pieces between them are unmarked and marked by turns
    for start, end in sorted(marks):
        start, end = max(start, cuts[-1]), min(end, len(text))
        if start < end:
            cuts[-1:] = [end] if start == cuts[-1] and len(cuts) > 1 else [cuts[-1], start, end]
    cuts.append(len(text))
    return [Piece(text[start:end], bool(at % 2)) for at, (start, end) in enumerate(pairwise(cuts)) if start < end]


def document_sections(
    text: str,
    headings: Sequence[Heading],
    passages: Sequence[StoredPassage],
    marks: Sequence[Span],
    pages: Sequence[Page] = (),
) -> Iterator[SectionView]:
    """A document as its page shows it: headings, and below each the text with its passages told apart."""
    page_of = _new_pages(passages, pages)
    bounds = [(0, 0, 0), *((heading.level, heading.start, heading.end) for heading in headings)]
    ends = [start for _, start, _ in bounds[1:]] + [len(text)]
    for (level, start, body), end in zip(bounds, ends, strict=True):
        inside = [passage for passage in passages if start <= passage.start < end]
        if level == 0 and not text[body:end].strip():
            continue
        alone = bool(inside) and inside[0].start < body  # a heading with nothing below it is its own passage
        yield SectionView(
            heading="" if alone else text[start:body],
            level=level,
            passages=list(_stretches(text, start if alone else body, end, inside, marks, page_of)),
        )


def _stretches(
    text: str,
    start: int,
    end: int,
    passages: Sequence[StoredPassage],
    marks: Sequence[Span],
    page_of: Mapping[str, str],
) -> Iterator[PassageView]:
    end = start + len(text[start:end].rstrip())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    for passage in passages:
        if start < passage.start:
            yield PassageView(None, [Piece(text[start : passage.start], marked=False)])
        inside = [(first - passage.start, last - passage.start) for first, last in marks]
        yield PassageView(passage.passage_id, pieces(passage.text, inside), page_of.get(passage.passage_id))
        start = passage.end
    if start < end:
        yield PassageView(None, [Piece(text[start:end], marked=False)])


def _new_pages(passages: Sequence[StoredPassage], pages: Sequence[Page]) -> dict[str, str]:
    """For each passage that begins on another page than the one before it: that page."""
    new: dict[str, str] = {}
    before: Page | None = None
    for passage in passages:
        page = page_at(pages, passage.start)
        if page and page != before:
            new[passage.passage_id] = display_page(page)
        before = page
    return new
