"""Everything that can go wrong, in two levels.

CiteboxError                  a message for the user: what was found, what to do
├── DocumentError             a source file that cannot be read as documents (here)
├── SourceError               a SOURCE that cannot be walked (here)
├── EncoderError              a model that is missing, altered or unusable (index/models.py)
├── SnapshotError             an index that is missing, damaged or of another format (index/manifest.py)
├── RebuildError              a rebuild that cannot start or must not publish (index/location.py)
├── QueryError                a question or filter that cannot be asked (qa/query.py)
├── UnknownDocumentError      a document to be explained that the index does not know (qa/explain.py)
├── EvaluationError           evaluation data that cannot be used (qa/evaluation_data.py)
└── ServeError                a server that cannot start (web/serve_command.py)

`ValueError` and `TypeError` stay for a programmer's mistake.
"""


class CiteboxError(Exception):
    """Base of all errors whose message is meant for the user."""


class SourceError(CiteboxError):
    """A SOURCE given to `rebuild` does not exist, is empty, or shares its name with another one."""


class DocumentError(CiteboxError):
    """A source file that cannot be read; costs that file alone.

    `code` is one short word for programs, the message a sentence for people.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
