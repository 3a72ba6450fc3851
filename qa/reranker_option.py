"""The option of every command that can rerank."""

from typing import Annotated

import typer

from qa.reranker import RERANKED

RerankerOption = Annotated[
    str | None,
    typer.Option(
        "--reranker",
        envvar="CITEBOX_RERANKER",
        help=f"A cross-encoder, a folder or a name on the hub, to put the best {RERANKED} passages in order. Slow.",
    ),
]
