"""A model is exported once, gives the embeddings it gave before, and where it cannot be exported still works."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

import index.onnx_export
from index.encoders import load_encoder, prepare_encoder
from index.gpu_encoder import GpuEncoder
from index.models import EncoderError, LocatedModel, locate_model
from index.onnx_encoder import MODEL_FILE, OnnxEncoder
from index.progress import SilentProgress
from index.snapshot import ENCODER_FOLDER
from index.torch_encoder import TorchEncoder
from index.user_cache import user_cache
from tests.index.test_encoder import ignore
from tests.tiny_models import save_encoder

TEXTS = ["tea", "tea grows in the hills, and oil does not", "", "oil " * 90, "Öl 石油"]
E5 = {"query": "query: ", "passage": "passage: "}


class Notes(SilentProgress):
    """Keeps what is noted."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    def note(self, message: str) -> None:
        self.noted.append(message)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def tiny(tmp_path: Path) -> LocatedModel:
    return locate_model(str(save_encoder(tmp_path / "tiny", E5)))


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The precisions that models were exported in."""
    made: list[str] = []
    export = index.onnx_export.export

    def counted(encoder: TorchEncoder, precision: index.onnx_export.Precision, folder: Path) -> OnnxEncoder:
        made.append(precision)
        return export(encoder, precision, folder)

    monkeypatch.setattr(index.onnx_export, "export", counted)
    yield made


@pytest.mark.parametrize("roberta", [False, True], ids=["BERT", "RoBERTa"])
def test_an_exported_model_embeds_as_before(tmp_path: Path, roberta: bool) -> None:
    located = locate_model(str(save_encoder(tmp_path / "tiny", E5, roberta=roberta)))
    before, exported = TorchEncoder(located), prepare_encoder(located, SilentProgress(), "fp32")
    assert isinstance(exported, OnnxEncoder)
    assert exported.record.parity == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(
        exported.encode_passages(TEXTS, ignore), before.encode_passages(TEXTS, ignore), atol=1e-4
    )
    np.testing.assert_allclose(exported.encode_queries(TEXTS), before.encode_queries(TEXTS), atol=1e-4)
    assert exported.count_tokens(TEXTS) == before.count_tokens(TEXTS)


def test_what_is_recorded_is_what_was_exported(tiny: LocatedModel) -> None:
    record = prepare_encoder(tiny, SilentProgress(), "fp32").record
    assert replace(record, parity=None, runtime="sentence-transformers") == TorchEncoder(tiny).record
    assert record.runtime == "onnxruntime"


def test_a_model_is_exported_once(tiny: LocatedModel, exports: list[str]) -> None:
    first, again = (prepare_encoder(tiny, SilentProgress(), "fp32") for _ in range(2))
    assert exports == ["fp32"]
    assert (again.record, again.version) == (first.record, first.version)


def test_a_damaged_export_is_made_again(tiny: LocatedModel, exports: list[str]) -> None:
    version = prepare_encoder(tiny, SilentProgress(), "fp32").version
    (model,) = user_cache().rglob(MODEL_FILE)
    model.write_bytes(model.read_bytes()[:-9])
    assert prepare_encoder(tiny, SilentProgress(), "fp32").version == version
    assert exports == ["fp32"] * 2


def test_an_export_needs_no_place_to_be_remembered(tiny: LocatedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert isinstance(prepare_encoder(tiny, SilentProgress(), "fp32"), OnnxEncoder)


def test_a_snapshot_has_all_that_its_questions_need(tiny: LocatedModel, tmp_path: Path) -> None:
    encoder = prepare_encoder(tiny, SilentProgress(), "fp32")
    encoder.save(tmp_path / ENCODER_FOLDER)
    loaded = load_encoder(tmp_path, encoder.record)
    assert np.array_equal(loaded.encode_queries(TEXTS), encoder.encode_queries(TEXTS))


def test_a_model_that_integers_distort_computes_in_floats(
    tiny: LocatedModel, exports: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(index.onnx_export.FLOORS, "int8", 1.1)
    progress = Notes()
    assert prepare_encoder(tiny, progress).record.precision == "fp32"
    assert exports == ["int8", "fp32"]
    assert "exported in int8, the model gives other embeddings" in progress.noted[0]


def test_a_model_that_cannot_be_exported_is_run_as_it_is(tmp_path: Path) -> None:
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "tea": 1}, "[UNK]"))
    static = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=8)], device="cpu")
    static.save(str(tmp_path / "static"), create_model_card=False)
    progress = Notes()
    encoder = prepare_encoder(locate_model(str(tmp_path / "static")), progress)
    assert encoder.record.runtime == "sentence-transformers"
    assert "several times slower" in progress.noted[-1]
    encoder.save(tmp_path / ENCODER_FOLDER)
    loaded = load_encoder(tmp_path, encoder.record)
    np.testing.assert_allclose(loaded.encode_queries(["tea"]), encoder.encode_passages(["tea"], ignore), atol=1e-5)


def test_an_encoder_whose_files_are_gone_is_told(tiny: LocatedModel, tmp_path: Path) -> None:
    record = prepare_encoder(tiny, SilentProgress(), "fp32").record
    with pytest.raises(EncoderError, match=r"the encoder in .* cannot be loaded"):
        load_encoder(tmp_path, record)


def test_encoding_with_an_exported_model_needs_no_torch(tiny: LocatedModel, tmp_path: Path) -> None:
    prepare_encoder(tiny, SilentProgress(), "fp32")
    program = (
        "import sys; from index.encoders import prepare_encoder; from index.models import locate_model; "
        "from index.progress import SilentProgress; "
        "prepare_encoder(locate_model(sys.argv[1]), SilentProgress(), 'fp32').encode_queries(['tea']); "
        "print({'torch', 'transformers', 'sentence_transformers', 'onnx'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tiny.folder)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "set()"


def test_a_gpu_that_is_not_there_is_told(tiny: LocatedModel) -> None:
    with pytest.raises(EncoderError, match="--device cuda needs a GPU"):
        prepare_encoder(tiny, SilentProgress(), "fp32", "cuda")


def test_passages_go_to_the_gpu_and_questions_do_not(tiny: LocatedModel, tmp_path: Path) -> None:
    queries = prepare_encoder(tiny, SilentProgress(), "fp32")
    assert isinstance(queries, OnnxEncoder)
    passages = TorchEncoder(tiny)  # in the place of one on a GPU
    both = GpuEncoder(passages, queries)
    assert np.array_equal(both.encode_queries(TEXTS), queries.encode_queries(TEXTS))
    assert np.array_equal(both.encode_passages(TEXTS, ignore), passages.encode_passages(TEXTS, ignore))
    assert (both.record.runtime, both.record.device) == ("onnxruntime", "cuda")
    both.save(tmp_path / ENCODER_FOLDER)
    assert (tmp_path / ENCODER_FOLDER / MODEL_FILE).is_file()


def test_what_another_process_has_just_exported_is_left_to_it(
    tiny: LocatedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = index.onnx_export.export

    def meanwhile(encoder: TorchEncoder, precision: index.onnx_export.Precision, folder: Path) -> OnnxEncoder:
        monkeypatch.setattr(index.onnx_export, "export", export)
        prepare_encoder(tiny, SilentProgress(), precision)
        places.extend((model, model.stat().st_ino) for model in user_cache().glob(f"encoders/[!.]*/{MODEL_FILE}"))
        return export(encoder, precision, folder)

    places: list[tuple[Path, int]] = []
    monkeypatch.setattr(index.onnx_export, "export", meanwhile)
    assert isinstance(prepare_encoder(tiny, SilentProgress(), "fp32"), OnnxEncoder)
    assert [(model, model.stat().st_ino) for model in user_cache().rglob(MODEL_FILE)] == places != []
