"""`citebox explain`."""

import json
from typing import Annotated

import typer

from index.location import IndexLocation
from index.terminal import DEFAULT_INDEX, IndexOption, JsonOption
from qa.explain import explain, explanation_document
from qa.query import DEFAULT_TOP_K, MAX_TOP_K, QueryError
from qa.search import Searcher


def explain_command(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What was asked.")],
    document: Annotated[str, typer.Option(help="A document's id, or the path of its file or the end of it.")],
    index: IndexOption = DEFAULT_INDEX,
    top_k: Annotated[int, typer.Option("--top-k", help=f"Among how many passages, 1 to {MAX_TOP_K}.")] = DEFAULT_TOP_K,
    as_json: JsonOption = False,
) -> None:
    """Tell why a document is, or is not, among the answers to QUESTION."""
    searcher = Searcher.open(IndexLocation(index).published())
    try:
        explanation = explain(searcher, question, document, top_k)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        print(json.dumps(explanation_document(explanation), ensure_ascii=False))
    else:
        print("\n".join(explanation.sentences()))
