from pathlib import Path

import pytest

from corpus.formats.table import FORMATS, format_of

SUFFIXES = [suffix for format_ in FORMATS for suffix in format_.suffixes]


def test_a_suffix_belongs_to_one_format() -> None:
    assert len(set(SUFFIXES)) == len(SUFFIXES)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_suffixes_are_lower_case_with_the_dot(suffix: str) -> None:
    assert suffix == suffix.lower()
    assert suffix.startswith(".")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_case_of_a_file_name_does_not_matter(suffix: str) -> None:
    assert format_of(Path(f"A{suffix.upper()}")) is format_of(Path(f"a{suffix}")) is not None


@pytest.mark.parametrize("name", ["a.xyz", "README", ".txt", "a.txt.gz", "a."])
def test_other_files_have_no_format(name: str) -> None:
    assert format_of(Path(name)) is None
