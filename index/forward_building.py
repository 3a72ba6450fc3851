"""Builds the forward index from the text store."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from corpus.documents import page_at
from index.analysis import analyzer
from index.forward import ForwardIndex, PassageEntry, TextEntry
from index.snapshot import FORWARD_FOLDER, TEXTS_FILE
from index.texts import DocumentName, TextStore

_UNDERSCORES = re.compile(r"[_.]+")


def write_forward(folder: Path) -> None:
    """Write the forward index of the texts in `folder`."""
    (folder / FORWARD_FOLDER).mkdir()
    with closing(TextStore(folder / TEXTS_FILE)) as store:
        ForwardIndex.write(folder / FORWARD_FOLDER, _entries(store))


def _entries(store: TextStore) -> Iterator[TextEntry]:
    for document, pages, stored in store.forward_inputs():
        passages = []
        for start, terms in stored:
            page = page_at(pages, start)
            lines = tuple(line.split() for line in terms.split("\n"))
            passages.append(PassageEntry(page.number if page else None, lines))
        yield TextEntry(document.group_row, _name_terms(document), tuple(passages))


def _name_terms(document: DocumentName) -> list[str]:
    """The terms of a document's title and, where the file is the document, of its path."""
    path = "" if document.part else _UNDERSCORES.sub(" ", str(PurePosixPath(document.path).with_suffix("")))
    return analyzer(document.language).terms(f"{document.title or ''} {path}")
