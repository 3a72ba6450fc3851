import importlib.metadata

import pytest

from corpus import reading_version as module
from corpus.formats.content import ReadingOptions, RowFields
from corpus.reading_version import reading_version


def test_the_version_stays_while_nothing_changes() -> None:
    assert reading_version(ReadingOptions()) == reading_version(ReadingOptions())


def test_every_option_changes_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_tesseract", lambda options: "")
    fields = [RowFields(**{field: "prose"}) for field in ("text", "title", "date", "url")]
    options = [ReadingOptions(), ReadingOptions(ocr=True), *map(ReadingOptions, fields)]
    assert len({reading_version(one) for one in options}) == len(options)


def test_another_version_of_a_library_changes_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = reading_version(ReadingOptions())
    version = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: "999" if name.startswith("pypdfium2") else version(name)
    )
    assert reading_version(ReadingOptions()) != before


def test_another_tesseract_changes_the_version_with_ocr_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = []
    for tesseract in ("5.3", "5.4"):
        monkeypatch.setattr("pytesseract.get_tesseract_version", lambda tesseract=tesseract: tesseract)
        versions.append([reading_version(ReadingOptions(ocr=ocr)) for ocr in (False, True)])
    assert versions[0][0] == versions[1][0]
    assert versions[0][1] != versions[1][1]
