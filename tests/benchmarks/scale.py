"""What retrieval costs as an index grows, without encoding: `python -m tests.benchmarks.scale [DATASETS] [SIZES]`.

SIZES are numbers of passages, by default 1,000 to 1,000,000. Vectors are drawn from real ones, the sentences of the
sample corpus or of the first BEIR folder in DATASETS: each mixes two of them, the nearer one with a share of 0.5 to
0.9, and adds noise. So most of their variance lies in as few directions as that of real ones does, and neighbours are
about as near, while no two are equal. Texts are of words drawn by Zipf's law, without the most frequent ones, which are
stop words. Questions are the real ones of those data; their words are those of passages.

A process of its own opens what was built and answers: its resident memory (RSS) counts mapped pages too, which several
workers share and the system takes back when it needs them. The plot goes to docs/plots/scale.svg.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from corpus.sources import make_sources
from corpus.workers import FileReader
from index.encoder import Vectors
from index.encoders import prepare_encoder
from index.lexical import LexicalEntry, LexicalIndex
from index.location import IndexLocation
from index.manifest import VectorsRecord
from index.models import locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.snapshot import LEXICAL_FOLDER, PASSAGES_FILE, SENTENCES_FILE
from index.vector_building import build_passage_vectors, recall_of_each
from index.vectors import PassageVectors, SentenceVectors
from qa.candidates import DEPTH
from qa.evaluation_data import read_beir, read_questions
from tests.benchmarks.plot import write_plot
from tests.conftest import REPOSITORY, SAMPLE

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SLICE = 20_000
SENTENCES, TERMS = 3, 60
"""Of a passage; SQuAD's have 4.5 and about as many terms."""
VOCABULARY, STOP_WORDS = 300_000, 100
QUESTIONS, QUESTION_TERMS = 300, 6
NOISE = 0.3
WARM_UP = 20
Item = TypeVar("Item")
QUESTIONS_FILE, TERMS_FILE = "questions.npy", "terms.json"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the process that answered measured; `found` are the ten nearest rows of each question."""

    p50_ms: float
    p99_ms: float
    dense_ms: float
    lexical_ms: float
    sentences_ms: float
    resident_mb: dict[str, float]  # by what it is of
    found: list[list[int]]


def main(datasets: Path | None, sizes: list[int]) -> None:
    real, questions = _real_vectors(datasets)
    table = Table(
        "passages", "index", "recall@10 built", "FAISS s", "BM25 s", "MB on disk", "p50 ms", "p99 ms",
        "dense", "BM25", "sentences", "recall@10", "RSS MB", title="Retrieval without encoding", title_justify="left",
    )  # fmt: skip
    curves: dict[str, list[float]] = {"p50": [], "p99": []}
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            record, faiss_s, lexical_s = _build(folder, real, questions, size)
            size_mb = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
            answered = _answer_apart(folder)
        recall = recall_of_each(np.array(answered.found), _nearest(real, questions, size)).mean()
        table.add_row(
            f"{size:,}",
            record.kind if record.lists is None else f"{record.kind}, {record.probes} of {record.lists:,} lists",
            "" if record.recall_at_10 is None else f"{record.recall_at_10:.4f}",
            *(f"{figure:.1f}" for figure in (faiss_s, lexical_s, size_mb, answered.p50_ms, answered.p99_ms)),
            *(f"{figure:.1f}" for figure in (answered.dense_ms, answered.lexical_ms, answered.sentences_ms)),
            f"{recall:.4f}",
            f"{sum(answered.resident_mb.values()):.0f}",
        )
        curves["p50"].append(answered.p50_ms)
        curves["p99"].append(answered.p99_ms)
        Console(width=160).print(table)
        print(f"MB resident at {size:,}:", ", ".join(f"{owner} {mb:.0f}" for owner, mb in answered.resident_mb.items()))
    if len(sizes) > 1:
        write_plot(REPOSITORY / "docs" / "plots" / "scale.svg", sizes, curves)


def _real_vectors(datasets: Path | None) -> tuple[Vectors, Vectors]:
    """Unit vectors of real sentences, and of real questions."""
    folders = sorted(path.parent for path in datasets.glob("*/corpus.jsonl")) if datasets else []
    source = folders[0] / "corpus.jsonl" if folders else SAMPLE
    asked = read_beir(folders[0]).queries if folders else read_questions(SAMPLE / "questions.jsonl")
    encoder = prepare_encoder(locate_model(), SilentProgress())
    with tempfile.TemporaryDirectory() as temporary, FileReader() as reader:
        location = IndexLocation(Path(temporary))
        rebuild(location, make_sources([source]), encoder, reader, SilentProgress())
        sentences = np.load(location.published() / SENTENCES_FILE).astype(np.float32)
    return _unit(sentences), encoder.encode_queries([query.text for query in asked][:QUESTIONS])


def _unit(vectors: Vectors) -> Vectors:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _slices(count: int) -> Iterator[tuple[int, int, np.random.Generator]]:
    """The first row of each slice, how many it has, and what it is drawn with: the same each time."""
    for first in range(0, count, SLICE):
        yield first, min(SLICE, count - first), np.random.default_rng([first, count])


def _vectors(real: Vectors, count: int) -> Iterator[Vectors]:
    for _, many, drawn in _slices(count):
        near, far = real[drawn.integers(len(real), size=(2, many))]
        share = drawn.uniform(0.5, 0.9, size=(many, 1)).astype(np.float32)
        noise = drawn.standard_normal(near.shape, dtype=np.float32) * np.float32(NOISE / np.sqrt(real.shape[1]))
        yield _unit(share * near + (1 - share) * far + noise)


def _texts(count: int) -> Iterator[list[str]]:
    """Terms of each passage, a slice of passages at a time."""
    words = np.array([f"w{rank}" for rank in range(VOCABULARY)], dtype=object)
    odds = 1 / np.arange(1 + STOP_WORDS, 1 + STOP_WORDS + VOCABULARY)
    steps = np.cumsum(odds / odds.sum())
    for _, many, drawn in _slices(count):
        ranks = np.searchsorted(steps, drawn.random((many, TERMS))).clip(max=VOCABULARY - 1)
        yield [" ".join(row) for row in words[ranks]]


def _build(folder: Path, real: Vectors, questions: Vectors, size: int) -> tuple[VectorsRecord, float, float]:
    """What index was built, and the seconds that FAISS and tantivy took without what was drawn for them."""
    drawing = _Stopwatch()
    begun = time.perf_counter()
    record = build_passage_vectors(folder / PASSAGES_FILE, real.shape[1], drawing.over(_vectors(real, size)))
    faiss_s = time.perf_counter() - begun - drawing.seconds
    sentences = (some.astype(np.float16) for some in _vectors(real, size * SENTENCES))
    SentenceVectors.write(folder / SENTENCES_FILE, real.shape[1], sentences)
    drawing, terms = _Stopwatch(), []
    chosen = {int(row) for row in np.linspace(0, size - 1, len(questions))}

    def entries() -> Iterator[LexicalEntry]:
        row = 0
        for some in drawing.over(_texts(size)):
            for text in some:
                if row in chosen:
                    terms.append(list(dict.fromkeys(text.split()))[:QUESTION_TERMS])
                yield LexicalEntry(row, row, text, text)
                row += 1

    (folder / LEXICAL_FOLDER).mkdir()
    begun = time.perf_counter()
    LexicalIndex.write(folder / LEXICAL_FOLDER, entries())
    lexical_s = time.perf_counter() - begun - drawing.seconds
    np.save(folder / QUESTIONS_FILE, questions)
    (folder / TERMS_FILE).write_text(json.dumps(terms))
    return record, faiss_s, lexical_s


class _Stopwatch:
    """Seconds spent in an iterator."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def over(self, items: Iterator[Item]) -> Iterator[Item]:
        while True:
            begun = time.perf_counter()
            item = next(items, None)
            self.seconds += time.perf_counter() - begun
            if item is None:
                return
            yield item


def _nearest(real: Vectors, questions: Vectors, size: int) -> NDArray[np.int64]:
    """The ten nearest rows of each question, by the product with every vector."""
    scores = np.empty((len(questions), 0), np.float32)
    rows = np.empty((len(questions), 0), np.int64)
    for (first, many, _), vectors in zip(_slices(size), _vectors(real, size), strict=True):
        scores = np.hstack([scores, questions @ vectors.T])
        rows = np.hstack([rows, np.broadcast_to(np.arange(first, first + many), (len(questions), many))])
        best = np.argsort(-scores, axis=1)[:, :10]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return rows


def _answer_apart(folder: Path) -> Answered:
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--answer", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Answered(**json.loads(done.stdout))


def _answer(folder: Path) -> Answered:
    """Ask every question of what is in `folder`: candidates of both indexes, their scores, and their sentences'."""
    passages = PassageVectors.open(folder / PASSAGES_FILE)
    sentences = SentenceVectors.open(folder / SENTENCES_FILE)
    lexical = LexicalIndex.open(folder / LEXICAL_FOLDER)
    questions = np.load(folder / QUESTIONS_FILE)
    asked = list(zip(questions, json.loads((folder / TERMS_FILE).read_text()), strict=False))
    took = []
    for question, terms in [*asked[:WARM_UP], *asked]:
        laps = [time.perf_counter()]
        dense = passages.search(question, DEPTH)[0]
        laps.append(time.perf_counter())
        rows = np.union1d(dense, lexical.search(terms, DEPTH)[0])
        laps.append(time.perf_counter())
        passages.scores(question, rows)
        laps.append(time.perf_counter())
        lexical.scores(terms, rows)
        laps.append(time.perf_counter())
        sentences.scores(question, (rows[:, np.newaxis] * SENTENCES + np.arange(SENTENCES)).ravel())
        laps.append(time.perf_counter())
        took.append(np.diff(laps) * 1000)
    searched, found, scored, weighed, of_sentences = np.array(took[WARM_UP:]).T
    total = searched + found + scored + weighed + of_sentences
    return Answered(
        p50_ms=float(np.median(total)),
        p99_ms=float(np.quantile(total, 0.99)),
        dense_ms=float(np.median(searched + scored)),
        lexical_ms=float(np.median(found + weighed)),
        sentences_ms=float(np.median(of_sentences)),
        resident_mb=_resident_mb(folder),
        found=[passages.search(question, 10)[0].tolist() for question in questions],
    )


def _resident_mb(folder: Path) -> dict[str, float]:
    """Resident memory of this process: of the files in `folder` by name, of libraries, and of everything else."""
    resident: dict[str, float] = defaultdict(float)
    owner = ""
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, *rest = line.split(maxsplit=5)
        if not name.endswith(":"):  # a mapping's first line: addresses, ..., and its path
            path = Path(rest[4]) if len(rest) == 5 else Path()
            inside = path.is_relative_to(folder)
            owner = path.relative_to(folder).parts[0] if inside else "libraries" if path.is_absolute() else "own"
        elif name == "Rss:":
            resident[owner] += int(rest[0]) * 1024 / 1e6
    return dict(resident)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--answer"]:
        print(json.dumps(asdict(_answer(Path(sys.argv[2])))))
    else:
        numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
        folders = [Path(argument) for argument in sys.argv[1:] if not argument.isdigit()]
        main(folders[0] if folders else None, numbers or list(SIZES))
