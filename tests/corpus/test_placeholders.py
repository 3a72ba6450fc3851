import pytest

from corpus.placeholders import is_person, is_written_title


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - report.docx",
        "untitled",
        "Untitled 1",
        "PowerPoint Presentation",
        "Slide 1",
        "Document1",
        "Book1",
        "My report final.docx",
    ],
)
def test_a_title_that_a_program_put_in_is_not_written(title: str) -> None:
    assert not is_written_title(title)


@pytest.mark.parametrize("title", ["Slides on gas", "Document control in Karachi", "Microsoft", "Word of mouth"])
def test_a_title_that_only_begins_like_one_is_written(title: str) -> None:
    assert is_written_title(title)


@pytest.mark.parametrize(
    "author",
    [
        "python-docx",
        "openpyxl",
        "Steve Canny",
        "Microsoft Office User",
        "admin",
        "N/A",
        "(anonymous)",
        "office@ministry.example",
        "Acrobat PDFMaker 15 for Word",
        "LibreOffice 7.4",
    ],
)
def test_a_program_an_account_or_a_mailbox_is_no_person(author: str) -> None:
    assert not is_person(author)


@pytest.mark.parametrize(
    "author",
    ["Ann Author", "Prince Faisal", "Ministry of Energy", "A. Adminov", "Dell Miller"],
)
def test_people_and_institutions_are_kept(author: str) -> None:
    assert is_person(author)
