"""Where the time of one question goes: median milliseconds by stage, and of encoding on one thread and with help.

    python -m tests.benchmarks.question INDEX QUESTIONS

INDEX is an index folder; QUESTIONS a questions file, or the `queries.jsonl` of a BEIR folder.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median, quantiles

from index.encoder import Encoder
from index.encoders import load_encoder
from index.location import IndexLocation
from qa.query import make_query
from qa.search import Searcher

MOST = 300


def main(index: Path, questions: Path) -> None:
    lines = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    texts = [line.get("question") or line["text"] for line in lines]
    queries = [make_query(text) for text in texts[:: max(1, len(texts) // MOST)]]
    searcher = Searcher.open(IndexLocation(index).published())
    for query in queries[: len(queries) // 4]:
        searcher.ask(query)
    stages: dict[str, list[float]] = {}
    took = []
    for query in queries:
        started = time.perf_counter()
        answer = searcher.ask(query)
        took.append((time.perf_counter() - started) * 1000)
        for stage in answer.stages:
            stages.setdefault(stage.name, []).append(stage.ms)
    counts = searcher.snapshot.manifest.counts
    print(f"{len(queries)} questions, {counts.passages:,} passages, {counts.sentences:,} sentences\n")
    print("| stage | ms, median |")
    print("|---|---|")
    for name, ms in stages.items():
        print(f"| {name} | {median(ms):.2f} |")
    print(f"| all | {median(took):.2f} (p99 {quantiles(took, n=100)[98]:.2f}) |\n")
    encoder = load_encoder(searcher.snapshot.folder, searcher.snapshot.manifest.encoder)
    _print_encoding(encoder, [query.text for query in queries])


def _print_encoding(encoder: Encoder, texts: Sequence[str]) -> None:
    """The time of encoding and that of the processors; each text is encoded both ways before the next."""
    wall: dict[bool, list[float]] = {False: [], True: []}
    cpu: dict[bool, list[float]] = {False: [], True: []}
    for text in texts:
        for alone in wall:
            started, cpu_started = time.perf_counter(), time.process_time()
            encoder.encode_queries([text], alone=alone)
            cpu[alone].append((time.process_time() - cpu_started) * 1000)
            wall[alone].append((time.perf_counter() - started) * 1000)
    print("| encoding | ms, median | CPU ms, mean |")
    print("|---|---|---|")
    for alone in wall:
        print(f"| {'with help' if alone else 'one thread'} | {median(wall[alone]):.2f} | {mean(cpu[alone]):.2f} |")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
