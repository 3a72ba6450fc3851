import io
import zipfile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from hypothesis import given, settings

from corpus.documents import Document
from corpus.formats.content import SourceContent
from corpus.formats.docx import read
from corpus.works import assemble
from tests.corpus.articles import Article, articles, assert_complete

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{MAIN}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)


def saved(word: WordDocument) -> bytes:
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def document_of(content: bytes) -> Document:
    (work,) = read(SourceContent(content))
    return assemble(work, "docs/a.docx", "0" * 64)


def document_with(markup: str) -> Document:
    """A document whose body is `markup`."""
    word = docx.Document()
    for element in parse_xml(f"<w:body {NAMESPACES}>{markup}</w:body>"):
        word.element.body.insert(len(word.element.body) - 1, element)
    return document_of(saved(word))


def paragraph(markup: str) -> str:
    return f"<w:p>{markup}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def headings_of(document: Document) -> list[tuple[int, str]]:
    return [(heading.level, document.text[heading.start : heading.end]) for heading in document.headings]


@given(article=articles(max_sections=2, max_paragraphs=3))
@settings(max_examples=20, deadline=None)
def test_articles_are_read_back(article: Article) -> None:
    word = docx.Document()
    word.core_properties.title = article.title
    for heading, paragraphs in article.sections:
        if heading:
            word.add_heading(heading, 1)
        for sentences in paragraphs:
            word.add_paragraph(" ".join(sentences))
    document = document_of(saved(word))
    assert_complete(document.text, article)
    assert document.metadata.title == article.title
    assert [text for _, text in headings_of(document)] == article.headings


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        pytest.param(run("One") + "<w:r><w:br/></w:r>" + run("two"), "One two", id="line break"),
        pytest.param(run("One") + "<w:r><w:cr/></w:r>" + run("two"), "One two", id="line break of old"),
        pytest.param(run("One") + "<w:r><w:tab/></w:r>" + run("two"), "One two", id="tab"),
        pytest.param(f'{run("See ")}<w:hyperlink w:anchor="x">{run("here")}</w:hyperlink>', "See here", id="link"),
        pytest.param(f'<w:ins w:id="1" w:author="a">{run("in")}</w:ins>{run("deed")}', "indeed", id="insertion"),
        pytest.param(
            run("Kept") + '<w:del w:id="1" w:author="a"><w:r><w:delText> gone</w:delText></w:r></w:del>',
            "Kept",
            id="deletion",
        ),
        pytest.param(
            f'<w:moveFrom w:id="1" w:author="a">{run("gone")}</w:moveFrom>'
            f'<w:moveTo w:id="2" w:author="a">{run("moved")}</w:moveTo>',
            "moved",
            id="move",
        ),
        pytest.param(f"<w:sdt><w:sdtContent>{run('control')}</w:sdtContent></w:sdt>", "control", id="content control"),
        pytest.param(f'{run("Table ")}<w:fldSimple w:instr="SEQ">{run("1")}</w:fldSimple>', "Table 1", id="field"),
        pytest.param(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("7")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "7",
            id="field with instruction",
        ),
        pytest.param(run("seen") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>not</w:t></w:r>", "seen", id="hidden text"),
        pytest.param('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>seen</w:t></w:r>', "seen", id="not hidden"),
        pytest.param(
            f"<w:r><w:ruby><w:rt>{run('above')}</w:rt><w:rubyBase>{run('base')}</w:rubyBase></w:ruby></w:r>",
            "base",
            id="ruby",
        ),
        pytest.param(
            run("so ") + "<m:oMathPara><m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>a+1</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></m:oMathPara>" + run(" holds"),
            "so x=(a+1)/2 holds",
            id="equation",
        ),
    ],
)
def test_a_paragraph_is_what_a_reader_sees(markup: str, shown: str) -> None:
    assert document_with(paragraph(markup)).text == shown


def test_block_content_controls_are_read() -> None:
    markup = f"<w:sdt><w:sdtContent>{paragraph(run('One.'))}{paragraph(run('Two.'))}</w:sdtContent></w:sdt>"
    assert document_with(markup).text == "One.\n\nTwo."


BOX = f"<w:txbxContent>{paragraph(run('Box.'))}</w:txbxContent>"
OLD_BOX = f"<w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict>"
NEW_BOX = f"<w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing>"


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(OLD_BOX, id="old"),
        pytest.param(NEW_BOX, id="new"),
        pytest.param(
            f"<mc:AlternateContent><mc:Choice Requires='wps'>{NEW_BOX}</mc:Choice>"
            f"<mc:Fallback>{OLD_BOX}</mc:Fallback></mc:AlternateContent>",
            id="both",
        ),
        pytest.param(
            f"<mc:AlternateContent><mc:Choice Requires='wps'>{NEW_BOX}</mc:Choice></mc:AlternateContent>",
            id="new only, as a choice",
        ),
    ],
)
def test_a_text_box_follows_the_paragraph_it_stands_in(box: str) -> None:
    document = document_with(paragraph(f"{run('Before ')}<w:r>{box}</w:r>{run('after.')}"))
    assert document.text == "Before after.\n\nBox."


def test_headings_keep_their_level() -> None:
    word = docx.Document()
    word.add_paragraph("Report", style="Title")
    word.add_heading("One", 1)
    word.add_heading("Three", 3)
    word.add_heading("Eight", 8)
    document = document_of(saved(word))
    assert headings_of(document) == [(1, "Report"), (1, "One"), (3, "Three"), (6, "Eight")]


def test_a_title_that_opens_the_text_is_the_title() -> None:
    word = docx.Document()
    word.add_paragraph("Report", style="Title")
    assert document_of(saved(word)).metadata.title == "Report"


def test_a_style_based_on_a_heading_is_one() -> None:
    word = docx.Document()
    house, variant = (word.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH) for name in ("House", "V"))
    house.base_style = word.styles["Heading 2"]
    variant.base_style = house
    word.add_paragraph("Part", style="V")
    assert headings_of(document_of(saved(word))) == [(2, "Part")]


def test_an_outline_level_makes_a_heading() -> None:
    document = document_with(paragraph('<w:pPr><w:outlineLvl w:val="1"/></w:pPr>' + run("Part")))
    assert headings_of(document) == [(2, "Part")]


def test_lists_are_read_item_by_item() -> None:
    word = docx.Document()
    for text, style in (("one", "List Bullet"), ("nested", "List Bullet 2"), ("two", "List Number")):
        word.add_paragraph(text, style=style)
    assert document_of(saved(word)).text == "one\nnested\ntwo"


def test_tables_are_read_row_by_row() -> None:
    word = docx.Document()
    table = word.add_table(2, 3)
    for number, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"c{number}"
    table.cell(1, 0).merge(table.cell(1, 1))
    assert document_of(saved(word)).text == "c0 | c1 | c2\nc3 c4 | c5"


def test_a_table_of_contents_is_left_out() -> None:
    word = docx.Document()
    style = word.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    word.add_paragraph("Part one 3", style=style)
    word.add_heading("Part one", 1)
    assert document_of(saved(word)).text == "Part one"


def test_notes_stand_at_the_end_without_their_marks() -> None:
    word = docx.Document()
    for kind in ("footnote", "endnote"):
        word.element.body.insert(
            0, parse_xml(f"<w:p {NAMESPACES}>{run('Text.')}<w:r><w:{kind}Reference w:id='2'/></w:r></w:p>")
        )
    assert document_of(with_notes(saved(word))).text == "Text.\n\nText.\n\nAn endnote.\nA footnote."


def with_notes(content: bytes) -> bytes:
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    kinds = {"footnote": "A footnote.", "endnote": "An endnote."}
    with zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name).decode("latin-1")
            if name == "word/_rels/document.xml.rels":
                more = "".join(
                    f'<Relationship Id="n{kind}" Type="{RELATIONSHIPS}/{kind}s" Target="{kind}s.xml"/>'
                    for kind in kinds
                )
                part = part.replace("</Relationships>", f"{more}</Relationships>")
            package.writestr(name, part.encode("latin-1"))
        for kind, text in kinds.items():
            note = f'<w:{kind} w:id="2">{paragraph(run(text))}</w:{kind}>'
            package.writestr(f"word/{kind}s.xml", f"<w:{kind}s {NAMESPACES}>{note}</w:{kind}s>")
    return target.getvalue()


def test_properties_are_metadata() -> None:
    word = docx.Document()
    word.core_properties.title, word.core_properties.author = "Oil", "Ann; Bob"
    metadata = document_of(saved(word)).metadata
    assert (metadata.title, metadata.authors) == ("Oil", ("Ann", "Bob"))


def test_an_empty_document_has_no_text() -> None:
    assert document_of(saved(docx.Document())).text == ""
