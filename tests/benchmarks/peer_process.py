"""One of the systems of `tests.benchmarks.peers` in a process of its own: builds, answers, and writes what it took.

Run: python -m tests.benchmarks.peer_process SYSTEM MODEL CORPUS QUERIES RESULT. MODEL is a folder, QUERIES a JSON
object of texts by query id, RESULT the JSON file to write. It runs in the environments of the peers, too, where nothing
of Citebox is installed: each system imports its own when it is made.
"""

import importlib.metadata
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

TOP_K = 10
"""Results each system is asked for."""


class System(Protocol):
    """A search engine; the model is loaded when it is made."""

    distribution: str

    def build(self, corpus: Path) -> None:
        """Index a BEIR corpus: read, embed, and whatever else must happen before the first question."""

    def answer(self, question: str) -> list[str]:
        """Ids of the documents found, best first; at most `TOP_K` results, as a user gets them."""


class Citebox:
    """As `citebox rebuild` and `citebox ask` do it. A document counts at the place of its best passage."""

    distribution = "citebox"

    def __init__(self, model: str) -> None:
        from index.encoders import prepare_encoder
        from index.models import locate_model
        from index.progress import SilentProgress

        self._encoder = prepare_encoder(locate_model(model), SilentProgress())
        self._folder = tempfile.TemporaryDirectory()

    def build(self, corpus: Path) -> None:
        from corpus.sources import make_sources
        from corpus.workers import FileReader
        from index.location import IndexLocation
        from index.progress import SilentProgress
        from index.rebuild import rebuild
        from index.snapshot import open_snapshot
        from qa.search import Searcher

        location = IndexLocation(Path(self._folder.name))
        with FileReader() as reader:
            rebuild(location, make_sources([corpus]), self._encoder, reader, SilentProgress())
        self._searcher = Searcher(open_snapshot(location.published()), self._encoder)
        self._parts = {document.document_id: document.part for document in self._searcher.snapshot.texts.documents()}

    def answer(self, question: str) -> list[str]:
        from index.texts import EVERY_DOCUMENT
        from qa.query import Query

        hits = self._searcher.ask(Query(question, TOP_K, EVERY_DOCUMENT)).hits
        found = [
            document_id
            for hit in hits
            for document_id in (hit.citation.document_id, *(copy.document_id for copy in hit.also_in))
        ]
        return list(dict.fromkeys(self._parts[document_id] for document_id in found))


class Txtai:
    """Its hybrid index with its defaults: BM25, normalised, and cosines of a flat FAISS index, half and half."""

    distribution = "txtai"

    def __init__(self, model: str) -> None:
        from txtai import Embeddings  # type: ignore[import-not-found, unused-ignore]

        self._embeddings = Embeddings(path=model, hybrid=True, gpu=False)

    def build(self, corpus: Path) -> None:
        self._embeddings.index(titled_texts(corpus))

    def answer(self, question: str) -> list[str]:
        return [name for name, _ in self._embeddings.search(question, TOP_K)]


class Haystack:
    """Both in-memory retrievers, ten documents each as is their default, joined by reciprocal rank fusion."""

    distribution = "haystack-ai"

    def __init__(self, model: str) -> None:
        from haystack.utils import ComponentDevice  # type: ignore[import-not-found, unused-ignore]
        from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found, unused-ignore]
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        options: dict[str, Any] = {
            "model": model,
            "device": ComponentDevice.from_str("cpu"),
            "progress_bar": False,
            "local_files_only": True,
        }
        self._document_embedder = SentenceTransformersDocumentEmbedder(**options)
        self._document_embedder.warm_up()
        self._text_embedder = SentenceTransformersTextEmbedder(**options)
        self._text_embedder.warm_up()

    def build(self, corpus: Path) -> None:
        from haystack import Document, Pipeline  # type: ignore[import-not-found, unused-ignore]
        from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found, unused-ignore]
        from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found, unused-ignore]
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )
        from haystack.document_stores.in_memory import InMemoryDocumentStore  # type: ignore[import-not-found, unused-ignore]

        documents = [Document(id=name, content=text) for name, text in titled_texts(corpus)]
        store = InMemoryDocumentStore()
        store.write_documents(self._document_embedder.run(documents)["documents"])
        self._pipeline = Pipeline()
        self._pipeline.add_component("text_embedder", self._text_embedder)
        self._pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(store))
        self._pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(store))
        self._pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP_K))
        self._pipeline.connect("text_embedder.embedding", "embedding_retriever.query_embedding")
        self._pipeline.connect("bm25_retriever", "joiner")
        self._pipeline.connect("embedding_retriever", "joiner")

    def answer(self, question: str) -> list[str]:
        answered = self._pipeline.run({"text_embedder": {"text": question}, "bm25_retriever": {"query": question}})
        return [document.id for document in answered["joiner"]["documents"]]


SYSTEMS: dict[str, Callable[[str], System]] = {"citebox": Citebox, "txtai": Txtai, "haystack": Haystack}


def main(name: str, model: str, corpus: Path, queries: Path, result: Path) -> None:
    system = SYSTEMS[name](model)
    started = time.perf_counter()
    system.build(corpus)
    build_s = time.perf_counter() - started
    system.answer("warm up")
    rankings: dict[str, list[str]] = {}
    took_ms: list[float] = []
    for query_id, question in json.loads(queries.read_text(encoding="utf-8")).items():
        started = time.perf_counter()
        rankings[query_id] = system.answer(question)
        took_ms.append((time.perf_counter() - started) * 1000)
    unit = 1024**2 if sys.platform == "darwin" else 1024
    document = {
        "version": importlib.metadata.version(system.distribution),
        "build_s": build_s,
        "took_ms": took_ms,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
        "rankings": rankings,
    }
    result.write_text(json.dumps(document), encoding="utf-8")


def titled_texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each document, after its title as in txtai's own BEIR benchmark: neither peer knows of titles."""
    with corpus.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["_id"], f"{row['title']}. {row['text']}" if row.get("title") else row["text"]


if __name__ == "__main__":
    name, model, *paths = sys.argv[1:]
    main(name, model, *map(Path, paths))
