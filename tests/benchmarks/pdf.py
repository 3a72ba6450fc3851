"""Reading PDFs: speed, and whether the words of known evidence stand on their pages.

Seconds are those of the processor, so that other work on the machine does not count.

Run: python -m tests.benchmarks.pdf FOLDER, where FOLDER holds pdfs/ and questions.jsonl, a question per line with its
evidence: {"evidence": [{"document": "a.pdf", "page": 3, "text": "..."}]}, pages counted from 1.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

from corpus.documents import Document
from corpus.errors import DocumentError
from corpus.formats.content import SourceContent
from corpus.formats.pdf import read
from corpus.works import assemble

ENOUGH = 0.97


def main(folder: Path) -> None:
    documents: dict[str, Document] = {}
    skipped: list[str] = []
    seconds = 0.0
    for path in sorted((folder / "pdfs").glob("*.pdf")):
        data = path.read_bytes()
        start = time.process_time()
        try:
            (work,) = read(SourceContent(data))
            documents[path.name] = assemble(work, path.name, "0" * 64)
        except DocumentError as error:
            skipped.append(f"{path.name} ({error})")
        seconds += time.process_time() - start
    pages = sum(len(document.pages) for document in documents.values())
    recalls = sorted(_recalls(folder / "questions.jsonl", documents))
    print("| files | pages | pages/s | evidence | recall mean | min | below 97% |")
    print("|---|---|---|---|---|---|---|")
    values = [recall for recall, _ in recalls]
    low = sum(value < ENOUGH for value in values)
    print(
        f"| {len(documents)} | {pages} | {pages / seconds:.0f} | {len(values)} "
        f"| {mean(values):.4f} | {min(values):.4f} | {low} |"
    )
    for recall, name in recalls[:5]:
        print(f"lowest: {recall:.4f} {name}")
    print("skipped:", ", ".join(skipped) or "none")


def _recalls(questions: Path, documents: dict[str, Document]) -> Iterable[tuple[float, str]]:
    """The share of the evidence's words, as a multiset, that stands on its page; with its place."""
    for line in questions.read_text(encoding="utf-8").splitlines():
        for evidence in json.loads(line)["evidence"]:
            if evidence["document"] in documents:
                expected = _words(evidence["text"])
                found = _words(page_of(documents[evidence["document"]], evidence["page"]))
                yield (expected & found).total() / expected.total(), f"{evidence['document']} p. {evidence['page']}"


def page_of(document: Document, number: int) -> str:
    """The text of a page, counted from 1."""
    end = document.pages[number].start if number < len(document.pages) else len(document.text)
    return document.text[document.pages[number - 1].start : end]


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
