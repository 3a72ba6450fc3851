"""A question as it may be asked: its text, how many hits, and which documents may answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import first_day, last_day
from corpus.errors import CiteboxError
from index.texts import DocumentFilter
from qa.operators import read_operators

MAX_CHARACTERS = 2_000
MAX_TOP_K = 100
MAX_FILTER_VALUES = 100
MAX_FILTER_CHARACTERS = 1_000
DEFAULT_TOP_K = 5


class QueryError(CiteboxError):
    """A question or filter that cannot be asked; `field` names the one at fault as the API does."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Query:
    """A valid question. Made by `make_query`."""

    text: str
    top_k: int
    filter: DocumentFilter


def make_query(
    text: str,
    top_k: int = DEFAULT_TOP_K,
    *,
    sources: Sequence[str] = (),
    since: str | None = None,
    until: str | None = None,
    document_ids: Sequence[str] = (),
    languages: Sequence[str] = (),
) -> Query:
    """The query of these fields; empty ones do not restrict. Raises QueryError naming the field that is wrong."""
    text = text.strip()
    if not text:
        raise QueryError("question", "the question is empty; write what you want to know")
    if len(text) > MAX_CHARACTERS:
        raise QueryError("question", f"the question has {len(text):,} characters; ask in {MAX_CHARACTERS:,} or fewer")
    if not 1 <= top_k <= MAX_TOP_K:
        raise QueryError("top_k", f"top_k is {top_k}; give a number from 1 to {MAX_TOP_K}")
    if not read_operators(text).text:
        raise QueryError("question", "the question only says what to leave out; ask for something")
    fields = (("question", [text]), ("source", sources), ("document", document_ids), ("language", languages))
    for field, values in fields:
        _check_strings(field, values)
    since, until = (_date("since", since), _date("until", until))
    if since and until and first_day(since) > last_day(until):
        raise QueryError("since", f"since ({since}) is later than until ({until}), so no document could pass")
    given = DocumentFilter(
        sources=tuple(source.rstrip("/") for source in sources if source.strip("/ ")),
        since=since,
        until=until,
        document_ids=tuple(filter(None, document_ids)),
        languages=tuple(_language(code) for code in languages if code.strip()),
    )
    return Query(text, top_k, given)


def _check_strings(field: str, values: Sequence[str]) -> None:
    if len(values) > MAX_FILTER_VALUES:
        raise QueryError(field, f"{len(values):,} values are given for {field}; give {MAX_FILTER_VALUES} or fewer")
    for value in values:
        if field != "question" and len(value) > MAX_FILTER_CHARACTERS:
            raise QueryError(field, f"a value of {field} has more than {MAX_FILTER_CHARACTERS:,} characters")
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise QueryError(field, f"{field} holds characters that are not valid Unicode")


def _language(code: str) -> str:
    code = code.strip().lower()
    if not re.fullmatch(r"[a-z]{2}", code):
        raise QueryError("language", f"language is {code!r}; give a code of two letters as in ISO 639-1: en, ru, ur")
    return code


def _date(field: str, value: str | None) -> str | None:
    value = (value or "").strip()
    if not value:
        return None
    try:
        first_day(value)
    except ValueError as error:
        raise QueryError(
            field, f"{field} is {value!r}, which is no date; write it as 2025, 2025-11 or 2025-11-28"
        ) from error
    return value
