"""What the readers state about labelled files is right, and they find most of what there is."""

from pathlib import PurePath

import pytest

from corpus.formats.table import FORMATS
from corpus.metadata import FIELDS
from corpus.reading import ReadFile
from tests.corpus.labelled_files import LabelledFile
from tests.corpus.metadata_findings import FILES, Finding, findings, precision, recall
from tests.corpus.metadata_findings import read as read_labelled

LEAST_PRECISION = 0.98
LEAST_RECALL = 0.90

KNOWN_ERRORS = {
    ("a line of copyright", "title"): "a short line above prose is taken for its heading, whatever it says",
    ("page: the site for the only heading of level 1", "title"): "the name of a site is told by nothing but the title",
}
"""What is stated wrongly, by file and field: why."""
KNOWN_MISSES = {}
"""What is not found, by file and field: why."""


def test_every_format_has_labelled_files() -> None:
    suffixes = {PurePath(file.name).suffix for file in FILES}
    assert [format_.name for format_ in FORMATS if not suffixes.intersection(format_.suffixes)] == []
    assert len(FILES) >= 70


def test_files_differ_in_what_they_test() -> None:
    assert len({file.about for file in FILES}) == len(FILES)


@pytest.mark.parametrize("file", [pytest.param(file, id=file.about) for file in FILES])
def test_every_document_of_a_labelled_file_is_read(file: LabelledFile) -> None:
    result = read_labelled(file)
    assert isinstance(result, ReadFile), result
    assert len(result.documents) == len(file.labels)


@pytest.mark.parametrize("file", [pytest.param(file, id=file.about) for file in FILES])
def test_nothing_is_stated_that_the_file_does_not_say(file: LabelledFile) -> None:
    wrong = [finding for finding in _of(file) if finding.stated and not finding.is_right]
    known = [field for about, field in KNOWN_ERRORS if about == file.about]
    assert [finding.field for finding in wrong] == known, [(finding.stated, finding.label) for finding in wrong]


@pytest.mark.parametrize("file", [pytest.param(file, id=file.about) for file in FILES])
def test_what_the_file_says_is_found(file: LabelledFile) -> None:
    missed = [finding for finding in _of(file) if finding.label and not finding.stated]
    assert [finding.field for finding in missed] == [], [finding.label for finding in missed]


@pytest.mark.parametrize("file", [pytest.param(file, id=file.about) for file in FILES if file.dated_by])
def test_a_date_is_told_with_where_it_is_from(file: LabelledFile) -> None:
    result = read_labelled(file)
    assert isinstance(result, ReadFile)
    assert [document.metadata.origins["published"] for document in result.documents] == [file.dated_by]


@pytest.mark.parametrize("file", [pytest.param(file, id=file.about) for file in FILES])
def test_a_language_told_by_the_words_is_theirs(file: LabelledFile) -> None:
    result = read_labelled(file)
    assert isinstance(result, ReadFile)
    told = [document.metadata for document in result.documents if "language" in document.metadata.origins]
    assert {metadata.language for metadata in told} <= {"en"}


def test_almost_all_that_is_stated_is_right() -> None:
    by_field = {field: round(precision(_about(field)), 4) for field in FIELDS}
    print("precision", by_field)
    assert precision(findings()) >= LEAST_PRECISION, by_field


def test_most_of_what_there_is_is_found() -> None:
    by_field = {field: round(recall(_about(field)), 4) for field in FIELDS}
    print("recall", by_field)
    assert recall(findings()) >= LEAST_RECALL, by_field


def _of(file: LabelledFile) -> list[Finding]:
    return [finding for finding in findings() if finding.file is file]


def _about(field: str) -> list[Finding]:
    return [finding for finding in findings() if finding.field == field]
