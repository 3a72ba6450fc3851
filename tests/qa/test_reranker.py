"""A reranker, a tiny one with random weights: what it does to the order, and to nothing else."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from sentence_transformers import CrossEncoder
from typer.testing import CliRunner

from corpus.documents import embedding_text
from index.location import IndexLocation
from index.models import EncoderError
from index.report import RebuildReport
from index.snapshot import Snapshot, open_snapshot
from qa.evaluate import evaluate_passages
from qa.evaluation_data import read_questions
from qa.explain import explain
from qa.query import make_query
from qa.reranker import Reranker, load_reranker
from qa.run_files import read_run, write_run
from qa.scope import Scope
from qa.search import Searcher
from tests.conftest import SAMPLE
from tests.hashing_encoder import HashingEncoder
from tests.running import run_citebox, serving
from tests.tiny_models import save_cross_encoder, save_encoder
from web.app import create_app
from web.cli import app
from web.settings import Settings

QUESTION = "Where does tea grow?"
FILES: dict[str, str | bytes] = {f"{word}.txt": f"Tea and {word} grow there." for word in "abcdefgh"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> Reranker:
    return load_reranker(str(folder))


@pytest.fixture
def snapshot(build: Callable[[dict[str, str | bytes]], RebuildReport], tmp_path: Path) -> Iterator[Snapshot]:
    build(FILES)
    opened = open_snapshot(IndexLocation(tmp_path / "index").published())
    yield opened
    opened.close()


def logits(folder: Path, passages: list[str]) -> NDArray[np.float64]:
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    pairs = [(QUESTION, passage) for passage in passages]
    return np.asarray(model.predict(pairs, activation_fn=torch.nn.Identity()), dtype=np.float64)


@pytest.mark.parametrize("saved_with", [torch.nn.Identity, torch.nn.Sigmoid])
def test_scores_are_the_logistic_function_of_what_the_model_gives(
    tmp_path: Path, saved_with: Callable[[], torch.nn.Module]
) -> None:
    folder = save_cross_encoder(tmp_path / "plain")
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True, activation_fn=saved_with())
    model.save_pretrained(str(tmp_path / "saved"), create_model_card=False)
    passages = ["tea", "oil in the hills", "", "hills " * 300]
    scores = load_reranker(str(tmp_path / "saved")).scores(QUESTION, passages)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits(folder, passages))), atol=1e-5)
    assert len(set(scores)) == len(passages)


def test_no_passages_get_no_scores(reranker: Reranker) -> None:
    assert reranker.scores(QUESTION, []) == []


def test_hits_come_in_the_order_of_the_reranker(snapshot: Snapshot, folder: Path, reranker: Reranker) -> None:
    hits = Searcher(snapshot, HashingEncoder(), reranker).ask(make_query(QUESTION, 100)).hits
    scores = [hit.reranker for hit in hits if hit.reranker is not None]
    texts = [embedding_text(hit.passage.context, hit.passage.text) for hit in hits]
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits(folder, texts))), atol=1e-5)
    assert scores == sorted(scores, reverse=True)
    without = Searcher(snapshot, HashingEncoder()).ask(make_query(QUESTION, 100)).hits
    assert {hit.passage.row for hit in hits} == {hit.passage.row for hit in without}
    assert [hit.passage.row for hit in hits] != [hit.passage.row for hit in without]


def test_without_a_reranker_no_hit_has_its_score(snapshot: Snapshot) -> None:
    hits = Searcher(snapshot, HashingEncoder()).ask(make_query(QUESTION, 100)).hits
    assert {hit.reranker for hit in hits} == {None}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_only_the_best_are_read_and_the_others_follow_them(
    snapshot: Snapshot, reranker: Reranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.search.RERANKED", 3)
    searcher = Searcher(snapshot, HashingEncoder(), reranker)
    ranked = searcher.rank(searcher.encode(QUESTION), Scope(), 100)
    reranked = searcher.rerank(QUESTION, ranked)
    assert [found.reranker is not None for found in reranked] == [True] * 3 + [False] * 5
    assert {found.row for found in reranked[:3]} == {found.row for found in ranked[:3]}
    assert reranked[3:] == ranked[3:]
    assert len(searcher.ask(make_query(QUESTION, 100)).hits) == len(FILES)


def test_neither_scores_nor_verdict_change(snapshot: Snapshot, reranker: Reranker) -> None:
    query = make_query(QUESTION, 100)
    plain = Searcher(snapshot, HashingEncoder()).ask(query)
    reordered = Searcher(snapshot, HashingEncoder(), reranker).ask(query)
    assert reordered.verdict == plain.verdict
    assert {hit.passage.row: hit.score for hit in reordered.hits} == {hit.passage.row: hit.score for hit in plain.hits}


def test_the_explanation_names_the_place_the_reranker_gave(snapshot: Snapshot, reranker: Reranker) -> None:
    searcher = Searcher(snapshot, HashingEncoder(), reranker)
    hits = searcher.ask(make_query(QUESTION, 100)).hits
    best = explain(searcher, QUESTION, hits[1].citation.path, 1)
    assert best.best
    assert (best.best.ranks.reranked, best.best.reranker) == (2, hits[1].reranker)
    assert "the reranker made it 2nd" in " ".join(best.sentences())
    plain = explain(Searcher(snapshot, HashingEncoder()), QUESTION, hits[1].citation.path, 1)
    assert plain.best
    assert plain.best.ranks.reranked is None
    assert "reranker" not in " ".join(plain.sentences())


def test_a_run_keeps_the_order_of_the_reranker(
    snapshot: Snapshot, reranker: Reranker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.search.RERANKED", 3)
    questions = tmp_path / "questions.jsonl"
    questions.write_text(json.dumps({"question": QUESTION, "expect": ["Tea and c"]}))
    run = evaluate_passages(
        Searcher(snapshot, HashingEncoder(), reranker), read_questions(questions), lambda done: None
    ).run
    write_run(tmp_path / "a.run", run)
    read = read_run(tmp_path / "a.run")
    assert {query: [found for found, _ in ranking] for query, ranking in read.items()} == {
        query: [found for found, _ in ranking] for query, ranking in run.items()
    }


def test_a_model_with_several_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"gives 3 labels, and a reranker gives one score"):
        load_reranker(str(save_cross_encoder(tmp_path, labels=3)))


def test_an_embedding_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"is no cross-encoder"):
        load_reranker(str(save_encoder(tmp_path)))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(EncoderError, match=r"the reranker in .* cannot be loaded"):
        load_reranker(str(tmp_path))


def test_ask_prints_the_score_of_the_reranker(sample_index: Path, folder: Path) -> None:
    asked = run_citebox("ask", QUESTION, "--index", sample_index, "--json", "--reranker", folder)
    assert asked.returncode == 0, asked.stderr
    scores = [hit["scores"]["reranker"] for hit in json.loads(asked.stdout)["passages"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("command", [["ask", "why?"], ["serve"], ["eval", str(SAMPLE / "questions.jsonl")]])
def test_a_reranker_that_is_not_there_is_told(sample_index: Path, tmp_path: Path, command: list[str]) -> None:
    missing = tmp_path / "missing"
    result = run_citebox(*command, "--index", sample_index, "--reranker", missing)
    assert result.returncode == 1
    assert f"no model '{missing}': there is no such folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_eval_measures_the_order_of_the_reranker(sample_index: Path, folder: Path, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text("\n".join((SAMPLE / "questions.jsonl").read_text(encoding="utf-8").splitlines()[:8]))
    arguments = ["eval", str(questions), "--index", str(sample_index), "--json"]
    plain = json.loads(CliRunner().invoke(app, arguments).stdout)["metrics"]
    reordered = json.loads(CliRunner().invoke(app, [*arguments, "--reranker", str(folder)]).stdout)["metrics"]
    assert reordered["mrr@10"] < plain["mrr@10"]  # its weights are random
    assert reordered["recall@100"] == plain["recall@100"]


def test_the_api_gives_the_score_of_the_reranker(sample_index: Path, folder: Path) -> None:
    with TestClient(create_app(Settings(index=sample_index, reranker=str(folder)))) as client:
        answer = client.get("/api/v1/ask", params={"q": QUESTION, "top_k": 3}).json()
        explained = client.get(
            "/api/v1/explain", params={"q": QUESTION, "document": answer["passages"][0]["citation"]["document_id"]}
        ).json()
    scores = [hit["scores"]["reranker"] for hit in answer["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)
    assert explained["outcome"] == "returned"


def test_serve_answers_in_the_order_of_the_reranker(sample_index: Path, folder: Path) -> None:
    with serving(sample_index, "--reranker", str(folder)) as address:
        answer = httpx.get(f"{address}/api/v1/ask", params={"q": QUESTION}, timeout=60).json()
    assert all(hit["scores"]["reranker"] is not None for hit in answer["passages"])
