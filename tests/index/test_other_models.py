"""Models other than the bundled one: their prompts, lengths and vectors, and an index that is asked with another."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from corpus.sources import make_sources
from index.location import IndexLocation
from index.manifest import SnapshotError, read_manifest
from index.model_settings import LONGEST_INPUT, Prompts, choose_prompts
from index.models import EncoderError, locate_model
from index.progress import SilentProgress
from index.rebuild import rebuild
from index.torch_encoder import TorchEncoder
from qa.query import make_query
from qa.search import Searcher
from tests.conftest import write_files
from tests.index.test_encoder import ignore
from tests.running import run_citebox
from tests.shared_reader import shared_reader
from tests.tiny_models import DIMENSION, POSITIONS, save_encoder

TEXT = "tea grows in the hills"
E5 = {"query": "query: ", "passage": "passage: "}


def load(folder: Path) -> TorchEncoder:
    return TorchEncoder(locate_model(str(folder)))


@pytest.mark.parametrize(
    ("prompts", "default", "chosen"),
    [
        ({}, None, Prompts()),
        ({"query": "q: ", "document": "d: "}, None, Prompts("q: ", "d: ")),
        (E5, None, Prompts("query: ", "passage: ")),
        ({"query": "q: ", "corpus": "c: "}, None, Prompts("q: ", "c: ")),
        ({"query": "q: "}, None, Prompts("q: ", "")),
        ({"query": "q: "}, "query", Prompts("q: ", "")),
        ({"retrieval": "r: ", "clustering": "c: "}, "retrieval", Prompts("r: ", "r: ")),
        ({"retrieval": "r: ", "clustering": "c: "}, None, Prompts()),
    ],
    ids=[
        "none", "document", "passage", "corpus", "query alone", "query by default", "default for both", "no role",
    ],
)  # fmt: skip
def test_prompts_are_put_before_questions_and_passages(
    tmp_path: Path, prompts: dict[str, str], default: str | None, chosen: Prompts
) -> None:
    encoder = load(save_encoder(tmp_path, prompts, default))
    plain = SentenceTransformer(str(tmp_path), device="cpu", prompts={}, local_files_only=True)
    assert (encoder.record.query_prompt, encoder.record.passage_prompt) == (chosen.query, chosen.passage)

    def directly(text: str) -> NDArray[np.float32]:
        return np.asarray(plain.encode(text, prompt="", normalize_embeddings=True))

    np.testing.assert_allclose(encoder.encode_queries([TEXT])[0], directly(chosen.query + TEXT), atol=1e-5)
    np.testing.assert_allclose(encoder.encode_passages([TEXT], ignore)[0], directly(chosen.passage + TEXT), atol=1e-5)


def test_a_prompt_changes_the_vector(tmp_path: Path) -> None:
    encoder = load(save_encoder(tmp_path, E5))
    assert float(encoder.encode_queries([TEXT])[0] @ encoder.encode_passages([TEXT], ignore)[0]) < 0.999


def test_a_prompt_that_is_null_is_none() -> None:
    assert choose_prompts({"query": None, "document": None}, "query") == Prompts()


def test_a_model_without_normalisation_gives_unit_vectors(tmp_path: Path) -> None:
    vectors = load(save_encoder(tmp_path)).encode_passages([TEXT, "oil", ""], ignore)
    assert vectors.shape == (3, DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_model_saved_in_16_bits_gives_unit_vectors(tmp_path: Path) -> None:
    vectors = load(save_encoder(tmp_path, dtype=torch.bfloat16)).encode_passages([TEXT, "oil"], ignore)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_passage_fits_with_its_prompt_and_special_tokens(tmp_path: Path) -> None:
    encoder = load(save_encoder(tmp_path, E5))
    assert encoder.record.max_tokens == POSITIONS - len(["[CLS]", "[SEP]"]) - len(["passage", ":"])
    for words, seen in ((encoder.record.max_tokens - 1, True), (encoder.record.max_tokens, False)):
        texts = [" ".join(["oil"] * words + [last]) for last in ("tea", "hills")]
        one, other = encoder.encode_passages(texts, ignore)
        assert np.allclose(one, other, atol=1e-5) is not seen


def test_a_question_beyond_the_limit_is_cut(tmp_path: Path) -> None:
    encoder = load(save_encoder(tmp_path, E5))
    np.testing.assert_allclose(
        encoder.encode_queries(["oil " * 500])[0], encoder.encode_queries(["oil " * 400])[0], atol=1e-5
    )


def test_positions_that_stand_for_padding_are_no_room(tmp_path: Path) -> None:
    encoder = load(save_encoder(tmp_path, roberta=True))
    assert encoder.record.max_tokens == POSITIONS - 4  # [CLS], [SEP], padding and what precedes it
    assert encoder.encode_passages(["oil " * 500], ignore).shape == (1, DIMENSION)


def test_a_stated_length_is_kept(tmp_path: Path) -> None:
    folder = save_encoder(tmp_path)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = 12
    model.save(str(folder), create_model_card=False)
    assert load(folder).record.max_tokens == 10


def test_a_static_model_has_no_length_and_gets_a_bounded_one(tmp_path: Path) -> None:
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "tea": 1, "oil": 2}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    torch.manual_seed(0)
    static = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
    static.save(str(tmp_path), create_model_card=False)
    encoder = load(tmp_path)
    assert (encoder.record.max_tokens, encoder.record.dimension) == (LONGEST_INPUT, 8)
    assert encoder.count_tokens(["tea and oil", ""]) == [3, 0]
    assert float(encoder.encode_queries(["tea"])[0] @ encoder.encode_passages(["tea"], ignore)[0]) == pytest.approx(1)


def test_a_prompt_that_leaves_no_room_is_told(tmp_path: Path) -> None:
    folder = save_encoder(tmp_path, {"passage": "oil " * POSITIONS})
    with pytest.raises(EncoderError, match=r"takes in 40 tokens, of which its prompt for passages, .*, leaves none"):
        load(folder)


def test_weights_that_do_not_fit_are_told(tmp_path: Path) -> None:
    folder = save_encoder(tmp_path)
    config = folder / "config.json"
    config.write_text(config.read_text().replace(f'"hidden_size": {DIMENSION}', '"hidden_size": 64'))
    with pytest.raises(EncoderError, match=r"the model in .* cannot be loaded"):
        load(folder)


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An index built by the command with a model that has prompts, and the folder of that model."""
    folder = tmp_path_factory.mktemp("other-model")
    model = save_encoder(folder / "tiny", E5)
    write_files(folder / "docs", {"tea.txt": "Tea grows in the hills. " * 9, "oil.txt": "Oil is drilled at sea."})
    rebuilt = run_citebox("rebuild", folder / "docs", "--index", folder / "index", "--model", model)
    assert rebuilt.returncode == 0, rebuilt.stderr
    return folder / "index", model


@pytest.fixture(scope="module")
def unexported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An index built with a model that sentence-transformers itself runs, and the folder of that model."""
    folder = tmp_path_factory.mktemp("unexported-model")
    model = save_encoder(folder / "tiny", E5)
    write_files(folder / "docs", {"tea.txt": "Tea grows in the hills."})
    sources = make_sources([folder / "docs"])
    rebuild(IndexLocation(folder / "index"), sources, load(model), shared_reader(), SilentProgress())
    return folder / "index", model


def test_an_index_of_another_model_is_built_and_asked_without_a_network(prompted: tuple[Path, Path]) -> None:
    index, model = prompted
    asked = run_citebox("ask", "Where does tea grow?", "--index", index, "--json")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["snapshot"]["model"] == str(model)
    assert answer["passages"][0]["citation"]["path"] == "docs/tea.txt"


def test_the_manifest_records_the_encoder(prompted: tuple[Path, Path]) -> None:
    index, model = prompted
    record = read_manifest(IndexLocation(index).published()).encoder
    assert (record.model, record.dimension, record.max_tokens) == (str(model), DIMENSION, POSITIONS - 4)
    assert (record.query_prompt, record.passage_prompt) == ("query: ", "passage: ")


def test_no_passage_exceeds_the_model_with_its_context_and_prompt(prompted: tuple[Path, Path]) -> None:
    index, model = prompted
    searcher = Searcher.open(IndexLocation(index).published())
    encoder = load(model)
    passages = searcher.snapshot.texts.passages(range(len(searcher.snapshot.passages)))
    assert len(passages) > 2
    for passage in passages:
        assert encoder.count_tokens([f"passage: {passage.context}\n{passage.text}"])[0] + 2 <= POSITIONS


@pytest.mark.parametrize(
    ("prompts", "seed", "said"),
    [
        (E5, 7, r"built with model .*tiny \(weights .*\), but .* \(weights .*\) is loaded; put that model back"),
        ({**E5, "query": "q: "}, 0, r"\(query prompt 'query: '\), but .* \(query prompt 'q: '\) is loaded"),
        ({**E5, "passage": ""}, 0, r"\(passage prompt 'passage: '\), but .* \(passage prompt ''\) is loaded"),
    ],
    ids=["weights", "query prompt", "passage prompt"],
)
def test_a_model_that_changed_since_is_refused_in_words(
    unexported: tuple[Path, Path], prompts: dict[str, str], seed: int, said: str
) -> None:
    index, model = unexported
    model.rename(model.with_name("kept"))
    try:
        save_encoder(model, prompts, seed=seed)
        with pytest.raises(SnapshotError, match=said):
            Searcher.open(IndexLocation(index).published())
    finally:
        model.rename(model.with_name(f"changed-{seed}-{len(prompts['query'])}-{len(prompts['passage'])}"))
        model.with_name("kept").rename(model)


def test_a_model_that_is_gone_is_told_with_where_it_was(unexported: tuple[Path, Path]) -> None:
    index, model = unexported
    model.rename(model.with_name("away"))
    try:
        asked = run_citebox("ask", "Where does tea grow?", "--index", index)
    finally:
        model.with_name("away").rename(model)
    assert asked.returncode == 1
    assert f"the model that the index was built with cannot be used: no model '{model}'" in asked.stderr
    assert "citebox rebuild SOURCE... --model MODEL" in asked.stderr


def test_an_exported_model_is_asked_without_its_own_folder(prompted: tuple[Path, Path]) -> None:
    index, model = prompted
    model.rename(model.with_name("away"))
    try:
        asked = run_citebox("ask", "Where does tea grow?", "--index", index)
    finally:
        model.with_name("away").rename(model)
    assert asked.returncode == 0, asked.stderr


def test_a_searcher_that_is_replaced_lends_its_encoder_only_to_an_index_of_the_same_model(
    prompted: tuple[Path, Path], sample_searcher: Searcher
) -> None:
    folder = IndexLocation(prompted[0]).published()
    first = Searcher.open(folder, sample_searcher)
    assert first._encoder is not sample_searcher._encoder
    assert Searcher.open(folder, first)._encoder is first._encoder
    assert first.ask(make_query("tea")).snapshot.model == str(prompted[1])
