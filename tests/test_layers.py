"""corpus -> index -> qa -> web: each package imports only itself and those to its left."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

ORDER = ("corpus", "index", "qa", "web")
MODULES = [path for package in ORDER for path in sorted((REPOSITORY / package).rglob("*.py"))]


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_a_module_imports_only_leftwards(path: Path) -> None:
    package = path.relative_to(REPOSITORY).parts[0]
    to_the_right = set(ORDER[ORDER.index(package) + 1 :])
    assert to_the_right.isdisjoint(imported_packages(path))


NEED_TORCH = ("index/torch_encoder.py", "index/onnx_export.py", "qa/reranker.py")


def test_the_packages_have_modules_to_check() -> None:
    assert {path.relative_to(REPOSITORY).parts[0] for path in MODULES} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_only_what_needs_torch_imports_it(path: Path) -> None:
    heavy = {"sentence_transformers", "transformers", "torch"}
    if path.relative_to(REPOSITORY).as_posix() not in NEED_TORCH:
        assert heavy.isdisjoint(imported_packages(path))
