"""The JSON documents of the API, as its OpenAPI description shows them."""

from pydantic import BaseModel, ConfigDict, Field

from index.history import Action
from qa.explain import Outcome
from qa.query import DEFAULT_TOP_K
from qa.verdict import VerdictLabel

DEBUG = "Answer anew, not from memory, and say in `stages` where the time went."


class Filters(BaseModel):
    """Which documents may answer; an empty field does not restrict."""

    model_config = ConfigDict(extra="forbid")

    source: list[str] = Field([], description="Paths, folders, path patterns or publishers; one of them is enough.")
    since: str | None = Field(None, description="ISO date of any precision; documents of that date or later.")
    until: str | None = Field(None, description="ISO date of any precision; documents of that date or earlier.")
    document: list[str] = Field([], description="Document ids; one of them is enough.")
    language: list[str] = Field([], description="Languages as ISO 639-1 codes; one of them is enough.")


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid")

    question: str
    top_k: int = DEFAULT_TOP_K
    filters: Filters = Filters()
    debug: bool = Field(False, description=DEBUG)


class VerdictOut(BaseModel):
    """Whether the documents answer; `confidence` is the estimated probability that they do.

    Both are null where the verdict is not calibrated for the index's model.
    """

    answered: bool | None
    confidence: float | None
    label: VerdictLabel


class CorrectionOut(BaseModel):
    """A word of the question that no passage contains, and the known word it was taken for."""

    word: str
    replacement: str


class HighlightOut(BaseModel):
    """An evidence sentence; offsets count code points of the passage's text."""

    start: int
    end: int
    text: str
    score: float


class CitationOut(BaseModel):
    """Where a passage stands; offsets count code points of the document's text."""

    document_id: str
    title: str
    authors: list[str]
    published: str | None
    published_from: str | None
    publisher: str | None
    url: str | None
    path: str
    section: str | None
    page: int | None
    page_label: str | None
    start: int
    end: int
    sha256: str
    source_sha256: str
    permalink: str
    label: str


class ScoresOut(BaseModel):
    """The signals of a passage (docs/ranking.md): cosine, BM25, best sentence, and where the question's words stand.

    `reranker` is null without one, and for a passage that it did not read.
    """

    dense: float
    lexical: float
    sentence: float
    coverage: float
    proximity: float
    reranker: float | None = Field(
        description="Where the server has a reranker, the passages it read are in the order of this, 0 to 1."
    )


class AlsoInOut(BaseModel):
    """Another document with the same text."""

    document_id: str
    title: str
    path: str


class PassageHit(BaseModel):
    """A ranked passage; highlights come best first."""

    rank: int
    score: float
    passage_id: str
    text: str
    highlights: list[HighlightOut]
    citation: CitationOut
    scores: ScoresOut
    also_in: list[AlsoInOut]


class SnapshotRef(BaseModel):
    """The index an answer is from."""

    id: str
    built_at: str
    model: str
    documents: int
    passages: int


class IndependenceOut(BaseModel):
    """Documents that hold the passages, and how many texts they are when near-duplicates count as one."""

    documents: int
    independent_texts: int


class AskResponse(BaseModel):
    """An answer: the nearest passages, whatever the verdict."""

    question: str
    verdict: VerdictOut
    corrections: list[CorrectionOut]
    absent: list[str] = Field(description="Words and phrases of the question that no passage contains.")
    unread_files: int = Field(description="Source files that may have answered but could not be read.")
    passages: list[PassageHit]
    agreement: None = None
    independence: IndependenceOut
    snapshot: SnapshotRef
    took_ms: float
    stages: dict[str, float] | None = Field(
        None, description="With `debug` only: milliseconds by stage, in order; the rest of `took_ms` lies between them."
    )


class RanksOut(BaseModel):
    """Places from 1: by cosine and BM25 among all passages, by best sentence and score among the candidates."""

    dense: int
    lexical: int | None = Field(description="Null where the passage holds no word of the question.")
    sentence: int
    fused: int
    reranked: int | None = Field(description="By the reranker; null without one, or where it did not read the passage.")
    folded: int | None = Field(description="After copies are folded; null for a copy, and for no candidate.")


class BestPassageOut(BaseModel):
    """The passage of a document that scores highest."""

    document_id: str
    passage_id: str
    candidate: bool = Field(description="Whether either index found it; only candidates can be returned.")
    score: float
    scores: ScoresOut
    ranks: RanksOut


class LastHitOut(BaseModel):
    """The hit that a passage had to beat."""

    rank: int
    score: float
    scores: ScoresOut


class ExplanationOut(BaseModel):
    """Why a document is, or is not, among the answers. A file that was not read has a code and a reason alone."""

    question: str
    path: str
    outcome: Outcome
    sentences: list[str] = Field(description="The explanation for people.")
    hit: int | None = Field(description="Rank of the hit that quotes or names the document.")
    duplicate_of: str | None = Field(description="Path of the document that is cited for the same text.")
    best: BestPassageOut | None
    last_hit: LastHitOut | None
    candidates: int | None
    lacking: list[str] = Field(description="Words of the question that the document does not contain.")
    unknown: list[str] = Field(description="Words of the question that no document contains.")
    code: str | None
    reason: str | None
    snapshot: SnapshotRef


class DocumentOut(BaseModel):
    """A document without its text."""

    document_id: str
    path: str
    part: str
    title: str
    authors: list[str]
    published: str | None
    publisher: str | None
    url: str | None
    language: str | None
    sha256: str
    source_sha256: str
    characters: int
    pages: int | None
    passages: int
    metadata_from: dict[str, str] = Field(description="Where each value of the metadata was found.")
    also_in: list[AlsoInOut]
    near_duplicates: list[AlsoInOut]


class DocumentPage(BaseModel):
    """Some of the documents, in order of their paths."""

    total: int
    offset: int
    limit: int
    documents: list[DocumentOut]


class PassageOut(BaseModel):
    """A passage by its id."""

    passage_id: str
    text: str
    citation: CitationOut


class SkippedOut(BaseModel):
    """A source file that was not indexed, and why."""

    path: str
    code: str | None
    reason: str | None


class SnapshotOut(BaseModel):
    """The published snapshot."""

    id: str
    built_at: str
    model: str
    model_sha256: str
    documents: int
    passages: int
    sentences: int
    sources: list[str]
    files: dict[str, int] = Field(description="Source files found, and what became of them.")
    skipped: list[SkippedOut]
    pages_without_text: int
    residue: dict[str, int] = Field(description="Lines of web pages that were left out, by rule.")


class CountsOut(BaseModel):
    """What a snapshot holds; `files` counts source files that gave a document of their own."""

    files: int
    documents: int
    passages: int
    sentences: int


class WorseQuestionOut(BaseModel):
    """A question whose first right passage stands lower than it did; ranks from 1, null where none was found."""

    question: str
    before: int
    now: int | None


class GateOut(BaseModel):
    """How well a snapshot answered the questions that were to be passed before its publication."""

    asked: int
    recall: float = Field(description="Share of the questions with a right passage among the first 5.")
    min_recall: float
    passed: bool
    published_recall: float | None = Field(description="The same of the snapshot that was published then.")
    worse: list[WorseQuestionOut]


class PublicationOut(BaseModel):
    """A publication; `published` is false for a snapshot that its gate held back."""

    at: str
    action: Action
    snapshot: str
    command: str
    published: bool
    forced: bool = Field(description="Published although its gate would have held it back.")
    counts: CountsOut
    files: dict[str, int] | None = Field(description="Source files by what became of them; a rollback reads none.")
    seconds: float | None
    gate: GateOut | None


class HistoryOut(BaseModel):
    """What was published, newest first; `answering` differs from `published` while that one cannot be used."""

    published: str | None
    answering: str | None
    publications: list[PublicationOut]


class FieldError(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    message: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError] | None = None
