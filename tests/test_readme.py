"""What the README says of the code is so."""

import re
import tomllib

import typer.main

from corpus.formats.table import FORMATS
from tests.conftest import REPOSITORY
from web.cli import app

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_table_of_formats_is_that_of_the_code() -> None:
    table = README[README.index("| format |") :].split("\n\n")[0]
    rows = re.findall(r"^\| ([^|]+?) \| (`.+`) \|$", table, re.MULTILINE)
    assert [(name, tuple(re.findall(r"`([^`]+)`", suffixes))) for name, suffixes in rows] == [
        (format_.name, format_.suffixes) for format_ in FORMATS
    ]


def test_the_commands_shown_exist() -> None:
    shown = set(re.findall(r"^citebox (\w+)", README, re.MULTILINE))
    assert shown == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_document_and_picture_linked_exists() -> None:
    for folder, text in [(REPOSITORY, README)] + [
        (REPOSITORY / "docs", path.read_text(encoding="utf-8")) for path in (REPOSITORY / "docs").glob("*.md")
    ]:
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (folder / target).is_file(), target


def test_every_requirement_has_an_exact_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = project["dependencies"] + project["optional-dependencies"]["dev"]
    constraints = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8")
    pinned = {name.lower().replace("_", "-") for name in re.findall(r"^([\w.-]+)==", constraints, re.MULTILINE)}
    assert {re.match(r"[\w.-]+", line)[0].lower() for line in required} <= pinned  # type: ignore[index]
    assert "\ntorch==2.13.0\n" in constraints
