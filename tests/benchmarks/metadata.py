"""How far the metadata that readers state can be trusted: the labelled files of the tests, field by field.

Run: python -m tests.benchmarks.metadata. Precision is the share of the stated values that are right, recall that of
the labelled values that are stated, n the number of labelled values. Below the table: every value that is wrong or
missing.
"""

from collections.abc import Sequence

from corpus.metadata import FIELDS
from tests.corpus.metadata_findings import FILES, Finding, findings, precision, recall


def main() -> None:
    found = findings()
    print(f"{len(FILES)} files, {len(found) // len(FIELDS)} documents\n")
    print("| field | precision | recall | n |")
    print("|---|---|---|---|")
    for field in FIELDS:
        print(_row(field, [finding for finding in found if finding.field == field]))
    print(_row("all", found))
    for finding in found:
        if not finding.is_right:
            print(f"{finding.file.about}, {finding.field}: {finding.stated!r}, labelled {finding.label!r}")


def _row(name: str, found: Sequence[Finding]) -> str:
    labelled = sum(bool(finding.label) for finding in found)
    return f"| {name} | {precision(found):.3f} | {recall(found):.3f} | {labelled} |"


if __name__ == "__main__":
    main()
