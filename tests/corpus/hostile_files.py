"""Files made to hurt whoever reads them: bombs, loops, endless nesting, lines on which a pattern may never end."""

import base64
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import PurePosixPath

from tests.corpus.seed_files import PROSE, SENTENCES, office_file, seed_files, tarred, zipped

READ = frozenset({"read"})
REFUSED = frozenset(
    {"archive", "bomb", "doctype", "empty", "encrypted", "memory", "nesting", "no-text", "package", "pdf"}
)
EITHER = READ | REFUSED
PARSED = frozenset(
    {"parser", "rtf", "rows", "csv", "front-matter", "nesting", "binary", "undecodable", "mail", "mhtml", "json"}
)
ANY = EITHER | PARSED
CONTAINED = ANY | {"crash", "no-text-layer"}
"""PDFium ends its process where it runs out of memory or goes too deep: that of a worker."""
SIDECAR: frozenset[str] = frozenset()
"""No file of its own: it must cost the file beside it no more than a note."""

_MB = 1024**2
_CHUNK = b"a" * _MB
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{_ENTITIES}]>'
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>'
_YAML_LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)


@dataclass(frozen=True, slots=True)
class HostileFile:
    """A file, its `content` made when asked for; `outcomes` are the codes ("read" too) that may come of it."""

    name: str
    make: Callable[[], bytes]
    outcomes: frozenset[str] = EITHER


def hostile_files() -> Iterator[HostileFile]:
    """All but the long lines, the same each time; names are unlike each other."""
    yield from _archives()
    yield from _packages()
    yield from _nested_text()
    yield from _pdfs()
    yield from _mails()
    yield from _texts()


def _archives() -> Iterator[HostileFile]:
    refused = REFUSED
    yield HostileFile("ratio.zip", lambda: _bomb("a.txt", 200), refused)
    yield HostileFile("many-members.zip", partial(_tiny_members, 100_001), refused)
    yield HostileFile("nested.zip", partial(_nested_zip, 10), EITHER)
    yield HostileFile("bomb-in-bomb.zip", lambda: zipped({f"{n}.zip": _bomb("a.txt", 100) for n in range(5)}), refused)
    yield HostileFile("overlapping.zip", _overlapping, EITHER)
    traversal = {"../../../etc/a.txt": PROSE, "/etc/b.txt": PROSE, "C:\\c.txt": PROSE, "..\\..\\d.txt": PROSE}
    yield HostileFile("traversal.zip", lambda: zipped({name: text.encode() for name, text in traversal.items()}), READ)
    yield HostileFile("traversal.tar", lambda: tarred({n: t.encode() for n, t in traversal.items()}, "w:"), READ)
    yield HostileFile("same-names.zip", partial(_same_names, 500), READ | {"file-type"})
    yield HostileFile("encrypted.zip", lambda: _patched_zip(flags=1), refused)
    yield HostileFile("bad-crc.zip", lambda: _patched_zip(crc=12345), refused)
    yield HostileFile("declared-large.zip", lambda: _patched_zip(size=0xFFFFFFF0), refused)
    yield HostileFile("declared-small.zip", lambda: _patched_zip(size=3), EITHER)
    yield HostileFile("odd-method.zip", lambda: _patched_zip(method=97), refused)
    yield HostileFile("odd-names.zip", lambda: zipped({name: PROSE.encode() for name in ODD_NAMES}), READ)
    yield HostileFile("links.tar", _links, frozenset({"link"}))
    yield HostileFile("declared-huge.tar", _declared_huge, EITHER)
    yield HostileFile("sparse.tar", _sparse, EITHER)
    yield HostileFile("bomb.tar.gz", lambda: _gzipped_zeros(300), refused)
    yield HostileFile("endless-name.tar", _long_name, EITHER)
    for suffix, mode in ((".tar.bz2", "w:bz2"), (".tar.xz", "w:xz")):
        yield HostileFile(f"bomb{suffix}", partial(tarred, {"a.txt": bytes(60 * _MB)}, mode), refused)


ODD_NAMES = (
    "new\nline.txt", "tab\t.txt", "a" * 255 + ".txt", "\u202etxt.exe.txt", "quote\"'<b>.txt", "%s%n{0}.txt", "-rf.txt",
    "con.txt", "a:b|c?.txt", "dots...txt", "emoji😀.txt", "[red]x[/red].txt", "a/" * 300 + "deep.txt",
)  # fmt: skip


def _packages() -> Iterator[HostileFile]:
    main = {
        ".docx": "word/document.xml",
        ".pptx": "ppt/slides/slide1.xml",
        ".xlsx": "xl/worksheets/sheet1.xml",
        ".odt": "content.xml",
        ".epub": "OEBPS/c0.xhtml",
    }
    for suffix, part in main.items():
        yield HostileFile(f"bomb{suffix}", partial(_bomb, part, 300, suffix), REFUSED)
        yield HostileFile(f"declared-small{suffix}", partial(_understated_bomb, part, suffix), EITHER)
        yield HostileFile(f"laughs{suffix}", partial(_entity_in, suffix, part, _LAUGHS), EITHER)
        yield HostileFile(f"outside-entity{suffix}", partial(_entity_in, suffix, part, _OUTSIDE), EITHER)
        yield HostileFile(f"deep{suffix}", partial(_deep_part, suffix, part), ANY)
        yield HostileFile(f"wide{suffix}", partial(_wide_part, suffix, part), EITHER)
        yield HostileFile(f"renamed{suffix}", lambda: zipped({"a.txt": b"x"}), REFUSED)
    for part in ("docProps/core.xml", "[Content_Types].xml", "_rels/.rels"):
        yield HostileFile(
            f"laughs-in-{PurePosixPath(part).stem}.docx", partial(_entity_in, ".docx", part, _LAUGHS), EITHER
        )
    yield HostileFile("far-cell.xlsx", _far_cell, EITHER)
    yield HostileFile("many-merged.xlsx", _merged_whole_sheet, EITHER)
    yield HostileFile("many-strings.xlsx", _shared_string_many_times, EITHER)
    yield HostileFile("repeated-cells.odt", partial(_repeated, "table:number-columns-repeated"), EITHER)
    yield HostileFile("repeated-rows.odt", partial(_repeated, "table:number-rows-repeated"), EITHER)
    yield HostileFile("many-spaces.odt", _many_spaces, EITHER)
    yield HostileFile("same-chapter.epub", _same_chapter, EITHER)
    yield HostileFile("many-parts.docx", _many_parts, REFUSED)


def _nested_text() -> Iterator[HostileFile]:
    deep = 10_000
    yield HostileFile("divs.html", lambda: f"{'<div>' * deep}{PROSE}{'</div>' * deep}".encode())
    yield HostileFile("open-divs.html", lambda: f"{'<div>' * 100_000}{PROSE}".encode())
    yield HostileFile("spans.html", lambda: f"{'<b><i>' * deep}{PROSE}".encode())
    yield HostileFile("lists.html", lambda: f"{'<ul><li>x' * deep}".encode())
    yield HostileFile("tables.html", lambda: f"{'<table><tr><td>' * 3_000}{PROSE}".encode())
    yield HostileFile(
        "spanning.html", lambda: b"<table><tr><td colspan=999999999 rowspan=999999999>x</td></tr></table>"
    )
    yield HostileFile("attributes.html", lambda: f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{PROSE}".encode())
    yield HostileFile("entities.html", lambda: b"&amp;" * 200_000)
    yield HostileFile("no-end.html", lambda: f"<p>{PROSE}<!-- {'<' * 100_000}".encode())
    yield HostileFile("brackets.html", lambda: f"<p>{PROSE}{'<' * 100_000}{'</' * 50_000}".encode())
    yield HostileFile(
        "script.html", lambda: f'<script type="application/ld+json">{"[" * 100_000}</script><p>{PROSE}'.encode()
    )
    yield HostileFile("laughs.html", lambda: f"{_LAUGHS}<html><body><p>&e11; {PROSE}</p></body></html>".encode())
    yield HostileFile("outside.html", lambda: f"{_OUTSIDE}<html><body><p>&e11; {PROSE}</p></body></html>".encode())
    yield HostileFile("laughs.xhtml", lambda: f"{_LAUGHS}<html><body><p>&e11; {PROSE}</p></body></html>".encode())
    yield HostileFile("outside.xhtml", lambda: f"{_OUTSIDE}<html><body><p>&e11; {PROSE}</p></body></html>".encode())
    yield HostileFile("deep.xhtml", lambda: f"<html>{'<p>' * deep}{PROSE}{'</p>' * deep}</html>".encode())
    brackets = f'{{"text": "{PROSE}", "more": {"[" * 100_000}{"]" * 100_000}}}'
    yield HostileFile("brackets.jsonl", lambda: brackets.encode(), ANY)
    yield HostileFile("objects.jsonl", lambda: ('{"a":' * 100_000).encode(), ANY)
    yield HostileFile("digits.jsonl", lambda: f'{{"text": "{PROSE}", "n": {"9" * 100_000}}}'.encode(), ANY)
    yield HostileFile(
        "surrogates.jsonl", lambda: b'{"title": "\\udc80 \\ud800", "text": "A \\ud83d lone \\udfff one."}', READ
    )
    yield HostileFile("nan.jsonl", lambda: b'{"text": "A sentence of it.", "date": NaN, "title": -Infinity}', ANY)
    yield HostileFile("quotes.md", lambda: f"{'>' * deep} {PROSE}".encode(), ANY)
    yield HostileFile("lists.md", lambda: "".join(f"{' ' * n}- x\n" for n in range(1_500)).encode(), ANY)
    yield HostileFile("brackets.md", lambda: f"{'[' * 50_000}a{'](b)' * 50_000}".encode(), ANY)
    yield HostileFile("images.md", lambda: f"{'![' * 20_000}a".encode(), ANY)
    yield HostileFile("links.md", lambda: ("[a](<b" * 20_000).encode(), ANY)
    yield HostileFile("backticks.md", lambda: "".join(f"e{'`' * n}" for n in range(1_000)).encode(), ANY)
    yield HostileFile("emphasis.md", lambda: ("*a **a " * 20_000).encode(), ANY)
    yield HostileFile("references.md", lambda: "".join(f"[{'a' * n}]: x\n" for n in range(1_000)).encode(), ANY)
    yield HostileFile("table.md", lambda: f"{'|x' * 5_000}|\n{'|-' * 5_000}|\n{'|y|' * 20_000}".encode(), ANY)
    yield HostileFile(
        "table-rows.md", lambda: f"{'|x' * 1_000}|\n{'|-' * 1_000}|\n{'|y' * 1}|\n".encode() + b"|y\n" * 5_000, ANY
    )
    yield HostileFile("html-block.md", lambda: ("<div>\n" * deep + PROSE).encode(), ANY)
    yield HostileFile("declarations.md", lambda: ("a <!A " * 20_000).encode(), ANY)
    yield HostileFile("braces.rtf", lambda: rf"{{\rtf1{'{' * 100_000}{PROSE[:60]}{'}' * 100_000}}}".encode(), ANY)
    yield HostileFile("words.rtf", lambda: b"{\\rtf1 " + b"\\b\\i " * 100_000 + b" x}", ANY)
    yield HostileFile(
        "binary.rtf", lambda: rf"{{\rtf1 {PROSE[:60]} \bin999999999 x\par \u99999999999? y}}".encode(), ANY
    )
    yield HostileFile("rows.rtf", lambda: b"{\\rtf1 " + b"\\trowd\\cell\\row " * 50_000 + b"}", ANY)
    yield HostileFile("quotes.rst", lambda: "".join(f"{' ' * n}x\n\n" for n in range(500)).encode(), ANY)
    yield HostileFile("bullets.rst", lambda: f"{'- ' * 2_000}x".encode(), ANY)
    yield HostileFile("inline.rst", lambda: f"{'*a ``b `c ' * 20_000}".encode(), ANY)
    yield HostileFile(
        "sections.rst", lambda: "".join(f"{c}\n{c}{c}\n\n" for c in "=-~^'#*+:.,;_!" * 1_000).encode(), ANY
    )
    yield HostileFile("substitutions.rst", _rst_substitutions, ANY)
    yield HostileFile(
        "include.rst", lambda: b".. include:: /etc/passwd\n\n.. raw:: html\n   :file: /etc/passwd\n\nSome text.\n", ANY
    )
    yield HostileFile("table.rst", lambda: _rst_table().encode(), ANY)
    yield HostileFile("directives.rst", lambda: "".join(f".. d{n}:: x\n\n" for n in range(3_000)).encode(), ANY)


def hostile_lines(size: int) -> Iterator[HostileFile]:
    """Lines of about `size` characters on which a pattern may never end, each in several formats."""
    lines = {
        "letters": "a" * size, "capitals": "A" * size, "digits": "1" * size, "spaces": " " * size + "x",
        "tabs": "\t" * size + "x", "hyphens": "a-" * (size // 2), "stars": "*" * size, "parentheses": "(" * size,
        "brackets": "[" * size, "dots": "." * size, "dotted": "a." * (size // 2), "spaced-dots": ". " * (size // 2),
        "commas": "a, " * (size // 3), "quotes": '"' * size, "equals": "=" * size, "underscores": "_" * size,
        "colons": "a: " * (size // 3), "bars": "|" * size, "words": "word " * (size // 5), "ats": "a@" * (size // 2),
        "slashes": "/" * size, "addresses": "http://a" * (size // 8), "backslashes": "\\" * size,
        "backticks": "`" * size, "hashes": "#" * size, "dollars": "$1" * (size // 2), "dates": "1/1/" * (size // 4),
        "years": "2024 " * (size // 5), "months": "May " * (size // 4), "by": "By A " * (size // 5),
        "initials": "A. B. " * (size // 6), "newlines": "a\n" * (size // 2), "empty-lines": "\n" * size + "a",
        "blank-lines": " \n" * (size // 2) + "a", "rules": "---\n" * (size // 4), "fields": "Title: a\n" * (size // 9),
        "bullets": "- a\n" * (size // 4), "times": "10:30 AM " * (size // 9), "ampersands": "&" * size,
        "combining": "e" + "\u0301" * size, "hangul": "\u1100" * size, "bidirectional": "\u202e\u2066a" * (size // 3),
        "zero-width": "\u200b\u200d" * (size // 2), "mojibake": "Ã©â€™" * (size // 5), "controls": "\x01\x1b[31m" * 999,
        "separators": "a\u2028b\x0bc\x0cd\x85" * 999, "noncharacters": "\uffff\ufffe" * 999, "ligatures": "ﬁ" * size,
        "privates": "\ue000" * size, "emoji": "👩‍👩‍👧" * (size // 5), "arabic": "ﷺ" * size, "soft": "a\u00ad" * size,
    }  # fmt: skip
    for name, line in lines.items():
        content = f"{SENTENCES[0]}\n\n{line}\n\n{SENTENCES[1]}\n".encode()
        for suffix in (".txt", ".md", ".rst"):
            yield HostileFile(f"line-of-{name}{suffix}", partial(bytes, content), ANY)
        page = f"<html><body><h1>A title</h1><p>{SENTENCES[0]}</p><p>{line}</p></body></html>".encode()
        yield HostileFile(f"line-of-{name}.html", partial(bytes, page), ANY)


def _pdfs() -> Iterator[HostileFile]:
    yield HostileFile("huge-page.pdf", lambda: _pdf(box="0 0 1e9 1e9"), CONTAINED)
    yield HostileFile("odd-page.pdf", lambda: _pdf(box="-1e30 5 nan 5"), CONTAINED)
    yield HostileFile("page-loop.pdf", lambda: _pdf(kids="2 0 R 3 0 R 2 0 R"), CONTAINED)
    yield HostileFile("many-pages.pdf", lambda: _pdf(count=1_000_000), CONTAINED)
    yield HostileFile("repeated-page.pdf", lambda: _pdf(kids="3 0 R " * 20_000, count=20_000), CONTAINED)
    yield HostileFile(
        "flate-bomb.pdf", lambda: _pdf(stream=_deflated_twice(1024), filters="[/FlateDecode /FlateDecode]"), CONTAINED
    )
    yield HostileFile("lone-bomb.pdf", lambda: _pdf(stream=_deflated(512), filters="/FlateDecode"), CONTAINED)
    yield HostileFile("spaces-bomb.pdf", lambda: _pdf(stream=_deflated(256, b" "), filters="/FlateDecode"), CONTAINED)
    yield HostileFile("own-form.pdf", lambda: _pdf(stream=b"/X Do " * 50), CONTAINED)
    yield HostileFile("forms.pdf", _fanning_forms, CONTAINED)
    yield HostileFile(
        "many-letters.pdf", lambda: _pdf(stream=b"BT /F 9 Tf 9 9 Td " + b"(abc) Tj 1 1 Td " * 50_000), CONTAINED
    )
    yield HostileFile(
        "one-place.pdf", lambda: _pdf(stream=b"BT /F 9 Tf " + b"(abcdef ) Tj 0 0 Td " * 20_000 + b"ET"), CONTAINED
    )
    yield HostileFile("nested-arrays.pdf", lambda: _pdf(stream=b"BT /F 9 Tf " + b"[" * 100_000), CONTAINED)
    yield HostileFile("nested-states.pdf", lambda: _pdf(stream=b"q " * 200_000 + b"BT /F 9 Tf (abc) Tj ET"), CONTAINED)
    yield HostileFile("nested-dictionary.pdf", lambda: _pdf(more="/M " + "<</M " * 20_000), CONTAINED)
    yield HostileFile(
        "outline-loop.pdf", lambda: _pdf(root="/Outlines 4 0 R", more="/First 4 0 R /Next 4 0 R /Title (x)"), CONTAINED
    )
    yield HostileFile("labels-loop.pdf", lambda: _pdf(root="/PageLabels 4 0 R", more="/Kids [4 0 R 4 0 R]"), CONTAINED)
    yield HostileFile("own-length.pdf", lambda: _pdf(stream=b"x", filters="/FlateDecode /Length 5 0 R"), CONTAINED)


def _mails() -> Iterator[HostileFile]:
    for suffix in (".eml", ".mhtml"):
        yield HostileFile(f"levels{suffix}", partial(_mail_levels, 3_000), ANY)
        yield HostileFile(f"parts{suffix}", partial(_mail_parts, 5_000), ANY)
        yield HostileFile(f"alternatives{suffix}", partial(_mail_alternatives, 22), ANY)
        yield HostileFile(f"header{suffix}", lambda: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nText.", ANY)
        yield HostileFile(f"headers{suffix}", lambda: b"To: a@example.org\n" * 20_000 + b"\nText.", ANY)
        yield HostileFile(f"addresses{suffix}", lambda: b"From: " + b"(" * 20_000 + b"a@b\n\nText.", ANY)
        yield HostileFile(f"groups{suffix}", lambda: b"From: " + b"a:b@c," * 5_000 + b"\n\nText.", ANY)
        yield HostileFile(f"date{suffix}", lambda: b"Date: " + b"1 " * 20_000 + b"\n\nText.", ANY)
        yield HostileFile(
            f"parameters{suffix}", lambda: b"Content-Type: text/plain" + b"; a*0*=x" * 3_000 + b"\n\nText.", ANY
        )
        yield HostileFile(f"charset{suffix}", lambda: b"Content-Type: text/plain; charset=zlib_codec\n\nText.\xe9", ANY)
        yield HostileFile(
            f"boundary{suffix}", lambda: b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n" * 20_000, ANY
        )
        yield HostileFile(f"base64{suffix}", lambda: b"Content-Transfer-Encoding: base64\n\n" + b"=" * 100_000, ANY)
    yield HostileFile("forwarded.eml", partial(_mail_forwarded, 500), ANY)
    yield HostileFile("bomb-attached.eml", _bomb_attached, ANY)
    yield HostileFile("quoted.eml", lambda: f"Subject: x\n\n{'>' * 100_000} {PROSE}".encode(), ANY)


def _texts() -> Iterator[HostileFile]:
    yield HostileFile("nul.txt", lambda: f"{PROSE}\0{PROSE}".encode(), frozenset({"binary"}))
    yield HostileFile("nul.md", lambda: bytes(1000), frozenset({"binary", "empty"}))
    yield HostileFile("long.txt", lambda: (PROSE + " ").encode() * 10_000, READ)
    yield HostileFile("long-line.txt", lambda: b"word" * (5 * _MB // 4), ANY)
    yield HostileFile("many-lines.txt", lambda: "".join(f"Line {n} of it.\n" for n in range(100_000)).encode(), READ)
    yield HostileFile("many-works.txt", lambda: f"Title: A\n\n{SENTENCES[0]}\n\n".encode() * 5_000, READ)
    yield HostileFile(
        "columns.csv", lambda: (",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "," * 999_999 + "x").encode(), ANY
    )
    yield HostileFile("field.csv", lambda: b'title,text\na,"' + b"word " * _MB + b'"\n', ANY)
    yield HostileFile("open-quote.csv", lambda: b'title,text\na,"' + f"{PROSE}\n".encode() * 2_000, ANY)
    yield HostileFile("quotes.csv", lambda: b"title,text\n" + b'"' * 1_000_000, ANY)
    yield HostileFile("many-rows.csv", lambda: b"title,text\n" + b"a,Some words of it.\n" * 20_000, ANY)
    yield HostileFile("delimiters.csv", lambda: b";,\t|" * 100_000, ANY)
    yield HostileFile("nul.csv", lambda: b"title,text\na\0b,c\n", ANY)
    yield HostileFile("laughs.md", lambda: f"---\ntitle: x\n{_YAML_LAUGHS}---\n{PROSE}".encode(), ANY)
    yield HostileFile(
        "laughing-title.md", lambda: f"---\n{_YAML_LAUGHS}title: *a9\nauthor: *a9\n---\n{PROSE}".encode(), ANY
    )
    yield HostileFile(
        "own-alias.md", lambda: f"---\nauthor: &a [*a, *a]\ntitle: &b {{c: *b}}\n---\n{PROSE}".encode(), ANY
    )
    yield HostileFile("deep-yaml.md", lambda: f"---\na: {'[' * 20_000}\n---\n{PROSE}".encode(), ANY)
    yield HostileFile(
        "code.md", lambda: f"---\na: !!python/object/apply:os.system ['exit 9']\n---\n{PROSE}".encode(), ANY
    )
    yield HostileFile("digits.md", lambda: f"---\ntitle: {'9' * 10_000}\ndate: 99999-99-99\n---\n{PROSE}".encode(), ANY)
    yield HostileFile("sexagesimal.md", lambda: f"---\ntitle: {':'.join(['59'] * 3_000)}\n---\n{PROSE}".encode(), ANY)
    yield HostileFile("merge-keys.md", lambda: f"---\n{_yaml_merges()}---\n{PROSE}".encode(), ANY)
    yield HostileFile("sidecar-laughs.txt", PROSE.encode, READ)
    yield HostileFile(
        "sidecar-laughs.txt.meta.yaml", lambda: f"{_YAML_LAUGHS}title: *a9\nauthor: *a9\n".encode(), SIDECAR
    )
    yield HostileFile("sidecar-deep.txt", PROSE.encode, READ)
    yield HostileFile("sidecar-deep.txt.meta.yaml", lambda: b"a: " + b"{b: " * 20_000, SIDECAR)
    yield HostileFile("sidecar-binary.txt", PROSE.encode, READ)
    yield HostileFile("sidecar-binary.txt.meta.yaml", lambda: bytes(range(256)), SIDECAR)
    yield HostileFile("sidecar-code.txt", PROSE.encode, READ)
    yield HostileFile(
        "sidecar-code.txt.meta.yaml", lambda: b"title: !!python/object/apply:os.system ['exit 9']", SIDECAR
    )
    for number, name in enumerate(ODD_NAMES[:-2]):
        yield HostileFile(f"{number}{name.replace('/', '')[-200:]}", PROSE.encode, READ)
    yield HostileFile("no-suffix", PROSE.encode, frozenset({"file-type"}))
    yield HostileFile("UPPER.TXT", PROSE.encode, READ)
    yield HostileFile("long-suffix." + "x" * 200, PROSE.encode, frozenset({"file-type"}))
    yield HostileFile("space.txt ", PROSE.encode, frozenset({"file-type"}))
    for suffix in seed_files():
        yield HostileFile(f"empty{suffix}", bytes, REFUSED)
        yield HostileFile(f"blank{suffix}", lambda: b" \n" * 1000, REFUSED)


@cache
def _deflated(megabytes: int, letter: bytes = b"\0") -> bytes:
    squeeze = zlib.compressobj(1)
    block = letter * _MB
    return b"".join(squeeze.compress(block) for _ in range(megabytes)) + squeeze.flush()


def _deflated_twice(megabytes: int) -> bytes:
    return zlib.compress(_deflated(megabytes), 9)


def _gzipped_zeros(megabytes: int) -> bytes:
    """A tar file with one member of zeros, through gzip."""
    squeeze = zlib.compressobj(1, wbits=31)
    info = tarfile.TarInfo("a.txt")
    info.size = megabytes * _MB
    head = squeeze.compress(info.tobuf(tarfile.GNU_FORMAT))
    zeros = bytes(_MB)
    return head + b"".join(squeeze.compress(zeros) for _ in range(megabytes)) + squeeze.flush()


def _bomb(part: str, megabytes: int, suffix: str | None = None) -> bytes:
    """A zip file, or a package of this format, with one part of one letter."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, value in (office_file(suffix) if suffix else {}).items():
            if name != part:
                package.writestr(name, value)
        with package.open(part, "w") as bomb:
            for _ in range(megabytes):
                bomb.write(_CHUNK)
    return content.getvalue()


def _understated_bomb(part: str, suffix: str) -> bytes:
    """The bomb, with a size declared of which nothing is suspicious."""
    content = bytearray(_bomb(part, 50, suffix))
    at = content.rindex(part.encode()) - 46  # its entry in the directory at the end
    struct.pack_into("<I", content, at + 24, 9_000)
    return bytes(content)


def _tiny_members(count: int) -> bytes:
    """Stored members of one letter each, written by hand: zipfile takes seconds."""
    head = struct.pack("<IHHHHHIIIHH", 0x04034B50, 10, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, 9, 0)
    entry = struct.pack("<IHHHHHHIIIHHHHHI", 0x02014B50, 10, 10, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, 9, 0, 0, 0, 0, 0)
    names = [b"%05d.txt" % number if number < 100_000 else b"more.text" for number in range(count)]
    members = b"".join(head + name + b"x" for name in names)
    size = len(head) + 9 + 1
    entries = b"".join(entry + struct.pack("<I", number * size) + name for number, name in enumerate(names))
    large = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, count, count, len(entries), len(members))
    locator = struct.pack("<IIQI", 0x07064B50, 0, len(members) + len(entries), 1)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return members + entries + large + locator + end


def _nested_zip(levels: int) -> bytes:
    content, name = PROSE.encode(), "deep.txt"
    for level in range(levels):
        content, name = zipped({name: content, f"note{level}.txt": SENTENCES[0].encode()}), f"level{level}.zip"
    return content


def _overlapping() -> bytes:
    """A thousand entries of the directory lead to one member."""
    content = zipped({"aaaa.txt": PROSE.encode()})
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    entries = b"".join(entry.replace(b"aaaa", b"%04d" % number) for number in range(1_000))
    last = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1_000, 1_000, len(entries), start, 0)
    return content[:start] + entries + last


def _same_names(count: int) -> bytes:
    content = zipped({f"{number:04}.txt": f"{PROSE} {number}.".encode() for number in range(count)})
    for number in range(count):
        content = content.replace(b"%04d.txt" % number, b"aaaa.txt")
    return content


def _patched_zip(
    flags: int | None = None, method: int | None = None, crc: int | None = None, size: int | None = None
) -> bytes:
    """A zip file whose member is not as its entries in it say."""
    content = bytearray(zipped({"a.txt": PROSE.encode() * 3}))
    for start, shift in ((0, 0), (content.index(b"PK\x01\x02"), 2)):  # before the member, and in the directory
        for offset, form, value in ((6, "<H", flags), (8, "<H", method), (14, "<I", crc), (22, "<I", size)):
            if value is not None:
                struct.pack_into(form, content, start + shift + offset, value)
    return bytes(content)


def _tar_of(infos: list[tarfile.TarInfo]) -> bytes:
    return b"".join(info.tobuf(tarfile.GNU_FORMAT) for info in infos) + bytes(1024)


def _links() -> bytes:
    infos = []
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    for kind in kinds:
        for target in ("/etc/passwd", "link0.txt", "../../x"):
            info = tarfile.TarInfo(f"link{len(infos)}.txt")
            info.type, info.linkname = kind, target
            infos.append(info)
    return _tar_of(infos)


def _declared_huge() -> bytes:
    first, second = tarfile.TarInfo("a.txt"), tarfile.TarInfo("b.txt")
    first.size, second.size = 5, 2**62
    return first.tobuf(tarfile.GNU_FORMAT) + b"One.\n" + bytes(507) + second.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def _sparse() -> bytes:
    """A member of GNU's sparse kind: eight gigabytes, of which one block is there."""
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = tarfile.GNUTYPE_SPARSE, 512
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    head[386:410] = b"00000000000\x0000000001000\x00"
    head[483:495] = b"100000000000"  # octal, the real size
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + b"a" * 512 + bytes(1024)


def _long_name() -> bytes:
    """The name of a member, in a block of its own, is said to be of a gigabyte."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2**30
    return info.tobuf(tarfile.GNU_FORMAT) + b"a" * 10_000


def _with_part(suffix: str, part: str, content: bytes) -> bytes:
    return zipped(office_file(suffix) | {part: content})


def _entity_in(suffix: str, part: str, doctype: str) -> bytes:
    """The entity stands at the place of the first text."""
    markup = office_file(suffix)[part].decode()
    markup = markup[markup.index("?>") + 2 :] if markup.startswith("<?xml") else markup
    text = next((text for text in (SENTENCES[0], "Energy talks", "application/xml", "docProps") if text in markup), "")
    assert text, part
    name = "html" if "<html" in markup else markup.lstrip()[1:].split()[0].rstrip(">")
    if markup.startswith("<!DOCTYPE"):
        markup = markup[markup.index(">") + 1 :]
    return _with_part(
        suffix, part, f"{doctype.replace('DOCTYPE x', f'DOCTYPE {name}')}{markup.replace(text, '&e11;')}".encode()
    )


def _deep_part(suffix: str, part: str) -> bytes:
    """The text lies in 20,000 elements, each in the other."""
    markup = office_file(suffix)[part].decode()
    tag = {".docx": "w:r", ".pptx": "a:r", ".xlsx": "v", ".odt": "text:span", ".epub": "span"}[suffix]
    close = next(end for end in ("</w:p>", "</a:p>", "</c>", "</text:p>", "</p>") if end in markup)
    deep = f"<{tag}>" * 20_000 + "x" + f"</{tag}>" * 20_000
    return _with_part(suffix, part, markup.replace(close, deep + close, 1).encode())


def _wide_part(suffix: str, part: str) -> bytes:
    """100,000 times the same paragraph or cell."""
    markup = office_file(suffix)[part].decode()
    tag = next(tag for tag in ("w:p", "a:p", "row", "text:p", "p") if f"<{tag}>" in markup or f"<{tag} " in markup)
    end = markup.index(f"</{tag}>") + len(f"</{tag}>")
    start = max(markup.rindex(f"<{tag}{after}", 0, end) for after in "> " if f"<{tag}{after}" in markup[:end])
    return _with_part(suffix, part, (markup[:end] + markup[start:end] * 20_000 + markup[end:]).encode())


_SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}</worksheet>'


def _sheet(rows: str, more: str = "") -> bytes:
    return _with_part(".xlsx", "xl/worksheets/sheet1.xml", _SHEET.format(rows, more).encode())


def _far_cell() -> bytes:
    return _sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>')


def _merged_whole_sheet() -> bytes:
    return _sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>', '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    )


def _shared_string_many_times() -> bytes:
    """A long text that 10,000 cells refer to."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    string = f"<si><t>{'word ' * 10_000}</t></si>"
    strings = f'<sst xmlns="{namespace}">{string * 50}</sst>'
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 10_001))
    parts = office_file(".xlsx") | {"xl/sharedStrings.xml": strings.encode()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": _SHEET.format(cells, "").encode()})


def _repeated(attribute: str) -> bytes:
    markup = office_file(".odt")["content.xml"].decode()
    kind = "<table:table-cell" if "columns" in attribute else "<table:table-row"
    return _with_part(".odt", "content.xml", markup.replace(kind, f'{kind} {attribute}="1000000000"').encode())


def _many_spaces() -> bytes:
    markup = office_file(".odt")["content.xml"].decode()
    return _with_part(
        ".odt", "content.xml", markup.replace("</text:p>", '<text:s text:c="1000000000"/></text:p>', 1).encode()
    )


def _same_chapter() -> bytes:
    """The spine names one chapter 20,000 times."""
    opf = office_file(".epub")["OEBPS/content.opf"].decode()
    return _with_part(
        ".epub", "OEBPS/content.opf", opf.replace('<itemref idref="c1"/>', '<itemref idref="c1"/>' * 20_000).encode()
    )


def _many_parts() -> bytes:
    return zipped(office_file(".docx") | {f"word/{number}.xml": b"<a/>" for number in range(20_001)})


def _rst_substitutions() -> bytes:
    """Each stands for ten of the one before."""
    lines = ["Some text |s9|.", "", ".. |s0| replace:: lol"]
    lines += [f".. |s{n}| replace:: {f'|s{n - 1}| ' * 10}" for n in range(1, 10)]
    return "\n".join(lines).encode()


def _rst_table() -> str:
    line = "+" + "---+" * 200
    return "\n".join([line, *(f"|{' x |' * 200}\n{line}" for _ in range(200)), ""])


def _pdf(
    box: str = "0 0 400 600",
    kids: str = "3 0 R",
    count: int = 1,
    stream: bytes = b"BT /F 9 Tf 50 500 Td (The ministry signed the protocol.) Tj ET",
    filters: str = "",
    root: str = "",
    more: str = "",
) -> bytes:
    """A PDF by hand, in which much can be as it must not be; `more` is the content of a dictionary, object 4."""
    filters = f"/Filter {filters}" if filters else ""
    font = "<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    objects = [
        f"<</Type/Catalog/Pages 2 0 R {root}>>".encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 5 0 R"
        f"/Resources<</Font{font}/XObject<</X 5 0 R/Y 6 0 R>>>>>>".encode(),
        f"<<{more}>>".encode(),
        f"<</Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</Font{font}/XObject<</X 5 0 R>>>>"
        f"/Length {len(stream)}{filters}>>\nstream\n".encode()
        + stream
        + b"\nendstream",
    ]
    return _pdf_of(objects)


def _pdf_of(objects: list[bytes]) -> bytes:
    content = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(content + b"trailer <</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, table))


def _fanning_forms() -> bytes:
    """Each of 10 forms shows the next 10 times: ten billion texts."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 600]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>",
        b"<</Length 5>>\nstream\n/X Do\nendstream",
    ]
    font = b"<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    for number in range(5, 15):
        show = b"/X Do " * 10 if number < 14 else b"BT /F 9 Tf 50 500 Td (lol) Tj ET"
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</Font%b/XObject<</X %d 0 R>>>>/Length %d>>"
        objects.append(head % (font, number + 1, len(show)) + b"\nstream\n" + show + b"\nendstream")
    return _pdf_of(objects)


def _mail_levels(count: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(count))
    return b"Subject: levels\n" + head + b"Content-Type: text/plain\n\nSome text.\n"


def _mail_parts(count: int) -> bytes:
    part = b'--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nSome text.\n'
    return b"Subject: parts\nContent-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


def _mail_alternatives(count: int) -> bytes:
    """Alternatives in alternatives, the text in the last."""
    head = b"".join(
        b"Content-Type: multipart/alternative; boundary=b%d\n\n--b%d\nContent-Type: text/x\n\nx\n--b%d\n" % (n, n, n)
        for n in range(count)
    )
    return b"Subject: alternatives\n" + head + b"Content-Type: text/plain\n\nSome text.\n"


def _mail_forwarded(count: int) -> bytes:
    return b"Subject: x\nContent-Type: message/rfc822\n\n" * count + b"Subject: y\n\nSome text.\n"


def _bomb_attached() -> bytes:
    head = b'Subject: x\nContent-Type: application/x; name="a.docx"\nContent-Transfer-Encoding: base64\n\n'
    return head + base64.encodebytes(_bomb("word/document.xml", 100, ".docx"))


def _yaml_merges() -> str:
    """Mappings that take in ten times the one before."""
    lines = ["a0: &a0 {x: 1}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 9)]
    return "\n".join(lines) + "\n"
