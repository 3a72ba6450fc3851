"""Office files that are no longer what they were."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import DocumentError
from corpus.formats import docx, pptx, xlsx
from corpus.formats.content import SourceContent
from corpus.works import Work
from tests.corpus.seed_files import seed_files

Read = Callable[[SourceContent], list[Work]]

FORMATS = [
    pytest.param(docx.read, ".docx", "word/document.xml", id="docx"),
    pytest.param(pptx.read, ".pptx", "ppt/presentation.xml", id="pptx"),
    pytest.param(xlsx.read, ".xlsx", "xl/workbook.xml", id="xlsx"),
]


def code_of(read: Read, data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read(SourceContent(data))
    return caught.value.code


@pytest.mark.parametrize(("read", "suffix", "part"), FORMATS)
def test_a_damaged_part_is_told(read: Read, suffix: str, part: str) -> None:
    source, target = zipfile.ZipFile(io.BytesIO(seed_files()[suffix][0])), io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            content = source.read(name)
            package.writestr(name, content[: len(content) // 2] if name == part else content)
    assert code_of(read, target.getvalue()) == "package"


@pytest.mark.parametrize(("read", "suffix", "part"), FORMATS)
def test_a_package_of_another_format_is_told(read: Read, suffix: str, part: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("a.xml", "<a/>")
    assert code_of(read, target.getvalue()) == "package"


@pytest.mark.parametrize(("read", "suffix", "part"), FORMATS)
@given(data=st.binary())
def test_bytes_that_are_no_package_are_told(read: Read, suffix: str, part: str, data: bytes) -> None:
    assert code_of(read, data)
