"""Fitting the verdict to judged questions, and `citebox calibrate`."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.errors import CiteboxError
from index.location import IndexLocation
from index.report import RebuildReport
from index.snapshot import open_snapshot
from qa.calibrate import FEWEST, collect_signs, fit, write_calibration
from qa.evaluation_data import EvaluationError, EvaluationQuery
from qa.query import make_query
from qa.search import Searcher
from qa.verdict import CALIBRATION_FILE, CalibrationError, Signs, judge, read_calibration
from tests.calibrations import always
from tests.hashing_encoder import HashingEncoder
from web.cli import app

Build = Callable[[dict[str, str | bytes]], RebuildReport]

GOODS = ["oil", "gas", "coal", "steel", "copper", "wheat", "rice", "sugar", "tea", "coffee", "cotton", "wool", "timber"]
PLACES = ["Karachi", "Lahore", "Quetta"]
FAR = [Signs(0.2 + 0.001 * number, 0.5, 1.0) for number in range(FEWEST)]
NEAR = [Signs(0.6 + 0.001 * number, 0.0, 0.0) for number in range(FEWEST)]
KNOWN = [False] * FEWEST + [True] * FEWEST


@pytest.fixture
def index(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index without a model, which the command can open."""
    build({f"{goods}.txt": f"The {goods} was sold at the port of {' and '.join(PLACES)}." for goods in GOODS})
    monkeypatch.setattr("qa.search.load_encoder", lambda *_: HashingEncoder())
    return tmp_path / "index"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """26 that the index answers, and 26 that it does not."""
    rows: list[dict[str, object]] = []
    for goods in GOODS:
        for verb in ("sold", "the port of"):
            rows.append({"question": f"Where was the {goods} {verb}?", "expect": ["Karachi"]})
            rows.append({"question": f"Why did astronauts number {len(rows)} go on?", "answerable": False})
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def calibrate(questions: Path, index: Path, *options: str) -> tuple[int, str]:
    """Exit code and standard output. Raises what the command line tells in one line."""
    arguments = ["calibrate", str(questions), "--index", str(index), *options]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "400", "TERM": "dumb"})
    if isinstance(result.exception, CiteboxError):
        raise result.exception
    return result.exit_code, result.output if result.exit_code == 2 else result.stdout


def test_signs_are_collected_of_every_question_with_what_is_known_of_it(build: Build, tmp_path: Path) -> None:
    build({"a.txt": "Oil was sold.", "b.txt": "Gas was bought."})
    searcher = Searcher(open_snapshot(IndexLocation(tmp_path / "index").published()), HashingEncoder())
    asked: list[int] = []
    queries = [
        EvaluationQuery("1", "Was oil sold?", ("Oil",), True),
        EvaluationQuery("2", "-sold -bought oil", (), True),  # leaves nothing that could be found
        EvaluationQuery("3", "Who flew to the moon?", (), False),
    ]
    told, answerable = collect_signs(searcher, queries, asked.append)
    assert answerable == [True, False]
    assert told[0].relevance > told[1].relevance
    assert asked == [1, 1, 1]


def test_what_is_fitted_tells_the_two_kinds_apart() -> None:
    calibration = fit([*FAR, *NEAR], KNOWN, "model", "questions")
    assert all(judge(told, calibration).answered is known for told, known in zip([*FAR, *NEAR], KNOWN, strict=True))
    assert calibration.coefficients["relevance"] > 0 > calibration.coefficients["unknown"]
    assert (calibration.model_sha256, calibration.fitted_on) == ("model", "questions")
    assert (calibration.answerable, calibration.unanswerable) == (FEWEST, FEWEST)


def test_a_sign_that_never_differs_counts_nothing() -> None:
    same = [replace(told, mismatch=0.0) for told in [*FAR, *NEAR]]
    assert fit(same, KNOWN, "model", "questions").coefficients["mismatch"] == 0.0


def test_questions_that_weigh_less_count_less() -> None:
    told, known = [*FAR, *NEAR, *NEAR], [*KNOWN, *(False for _ in NEAR)]

    def confidence(weight: float) -> float:
        weights = [1.0] * len(KNOWN) + [weight] * len(NEAR)
        return judge(NEAR[0], fit(told, known, "model", "questions", weights)).confidence or 0.0

    assert confidence(0.05) > confidence(0.5) > confidence(2.0)


@pytest.mark.parametrize("left_out", [FAR, NEAR], ids=["unanswerable", "answerable"])
def test_too_few_questions_of_either_kind_are_told_with_their_number(left_out: list[Signs]) -> None:
    told = [*FAR, *NEAR]
    told.remove(left_out[0])
    known = [one in NEAR for one in told]
    with pytest.raises(CalibrationError, match=rf"questions.jsonl has .*\b{FEWEST - 1}\b.* at least {FEWEST}"):
        fit(told, known, "model", "questions.jsonl")


def test_a_calibration_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    path = write_calibration(tmp_path, always(0.7))
    assert path == tmp_path / CALIBRATION_FILE
    assert read_calibration(path) == always(0.7)
    write_calibration(tmp_path, always(0.3))
    assert read_calibration(path) == always(0.3)
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match=f"{tmp_path / 'none' / CALIBRATION_FILE} cannot be written"):
        write_calibration(tmp_path / "none", always(0.5))


def test_the_command_stores_what_the_next_searcher_judges_by(index: Path, questions: Path) -> None:
    published = IndexLocation(index).published()
    assert Searcher.open(published).ask(make_query("Where was the tea sold?")).verdict.confidence is None
    code, told = calibrate(questions, index)
    assert code == 0
    assert "26 answerable and 26 unanswerable questions" in told
    assert "verdict_auroc 1.000" in told
    assert str(index / CALIBRATION_FILE) in told
    searcher = Searcher.open(published)
    assert searcher.ask(make_query("Where was the tea sold?")).verdict.answered is True
    assert searcher.ask(make_query("Why did astronauts fly on?")).verdict.answered is False


def test_the_command_prints_one_document_on_request(index: Path, questions: Path) -> None:
    code, printed = calibrate(questions, index, "--json")
    document = json.loads(printed)
    assert code == 0
    assert document["metrics"]["verdict_auroc"] == 1
    stored = read_calibration(Path(document["path"])).document()
    assert {name: document[name] for name in stored} == stored
    assert stored["fitted_on"] == str(questions)


def test_a_rebuild_keeps_the_calibration(index: Path, questions: Path, build: Build) -> None:
    calibrate(questions, index)
    build({"new.txt": "Silk was sold at the port of Gwadar."})
    verdict = Searcher.open(IndexLocation(index).published()).ask(make_query("Where was the silk sold?")).verdict
    assert verdict.answered is True


def test_too_few_questions_store_nothing(index: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text('{"question": "Where was the tea sold?", "expect": ["Karachi"]}', encoding="utf-8")
    with pytest.raises(CalibrationError, match="1 answerable and 0 unanswerable"):
        calibrate(few, index)
    assert not (index / CALIBRATION_FILE).exists()


def test_a_file_that_holds_no_questions_is_named_with_the_line(index: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("why?", encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"wrong.jsonl, line 1 is not JSON"):
        calibrate(wrong, index)


def test_questions_that_are_not_there_are_wrong_usage(index: Path, tmp_path: Path) -> None:
    code, told = calibrate(tmp_path / "nowhere.jsonl", index)
    assert code == 2
    assert "nowhere.jsonl" in told


def test_an_index_with_a_damaged_calibration_says_so_until_it_is_deleted(index: Path, questions: Path) -> None:
    calibrate(questions, index)
    stored = index / CALIBRATION_FILE
    stored.write_text(stored.read_text()[:-20])
    with pytest.raises(CalibrationError, match=f"{stored} cannot be read as a calibration"):
        calibrate(questions, index)
    stored.unlink()
    assert calibrate(questions, index)[0] == 0
