"""`citebox ask`."""

import json
from typing import Annotated

import typer

from index.location import IndexLocation
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption
from qa.answer_document import answer_document
from qa.answer_lines import print_answer
from qa.query import DEFAULT_TOP_K, MAX_TOP_K, QueryError, make_query
from qa.reranker import load_reranker
from qa.reranker_option import RerankerOption
from qa.search import Searcher


def ask_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What you want to know.")],
    index: IndexOption = DEFAULT_INDEX,
    top_k: Annotated[int, typer.Option("--top-k", help=f"How many passages, 1 to {MAX_TOP_K}.")] = DEFAULT_TOP_K,
    source: Annotated[
        list[str] | None, typer.Option(help="Only this path, folder, path pattern or publisher; repeatable.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="Only documents of this date or later, e.g. 2025-11.")] = None,
    until: Annotated[str | None, typer.Option(help="Only documents of this date or earlier.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="Only documents in this language, e.g. en; repeatable.")
    ] = None,
    reranker: RerankerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer QUESTION with ranked passages and their citations."""
    try:
        query = make_query(question, top_k, sources=source or (), since=since, until=until, languages=language or ())
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    loaded = load_reranker(reranker) if reranker else None
    answer = Searcher.open(IndexLocation(index).published(), reranker=loaded).ask(query)
    if as_json:
        print(json.dumps(answer_document(answer), ensure_ascii=False))
    else:
        print_answer(answer)
