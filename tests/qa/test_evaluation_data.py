"""Reading evaluation data."""

from pathlib import Path

import pytest

from qa.evaluation_data import EvaluationError, EvaluationQuery, read_beir, read_questions
from tests.conftest import write_files

BEIR: dict[str, str | bytes] = {
    "corpus.jsonl": '{"_id": "d1", "text": "a"}\n',
    "queries.jsonl": '{"_id": "q1", "text": "why?", "metadata": {"answers": ["a"], "answerable": false}}\n',
    "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t2\n",
}


def test_a_beir_folder_is_read(tmp_path: Path) -> None:
    write_files(tmp_path, BEIR)
    collection = read_beir(tmp_path)
    assert collection.queries == (EvaluationQuery("q1", "why?", ("a",), answerable=False),)
    assert collection.qrels == {"q1": {"d1": 2}}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("queries.jsonl", "", "holds no questions"),
        ("queries.jsonl", '{"_id": "q1"}', "line 1"),
        ("queries.jsonl", '{"_id": "q1", "text": "a"}\n[]', "line 2"),
        ("queries.jsonl", "{", "line 1"),
        ("qrels/test.tsv", "a\tb\n1\t2\n", "qrels"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\tmany\n", "qrels"),
    ],
    ids=["no questions", "no text", "no object", "no json", "no header", "no number"],
)
def test_what_is_malformed_is_named(tmp_path: Path, name: str, content: str, told: str) -> None:
    write_files(tmp_path, {**BEIR, name: content})
    with pytest.raises(EvaluationError, match=told):
        read_beir(tmp_path)


def test_a_folder_that_is_no_collection_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"corpus\.jsonl"):
        read_beir(tmp_path)


def test_a_questions_file_is_read(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"q.jsonl": '{"question": "a?", "expect": ["b"]}\n\n{"question": "c?", "answerable": false}\n'}
    )
    assert read_questions(tmp_path / "q.jsonl") == (
        EvaluationQuery("1", "a?", ("b",), answerable=True),
        EvaluationQuery("2", "c?", (), answerable=False),
    )


@pytest.mark.parametrize("line", ['{"expect": ["b"]}', '{"question": "a?"}', '{"question": "a?", "expect": "b"}'])
def test_a_question_that_cannot_be_judged_is_named(tmp_path: Path, line: str) -> None:
    write_files(tmp_path, {"q.jsonl": line})
    with pytest.raises(EvaluationError, match="line 1"):
        read_questions(tmp_path / "q.jsonl")
