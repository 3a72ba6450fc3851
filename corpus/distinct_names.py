"""Names that people chose twice, told apart."""

from collections.abc import Iterable


def distinct_names(names: Iterable[str]) -> list[str]:
    """`names`, each that was there before with the lowest number that makes it another one, put before its suffix."""
    taken: dict[str, int] = {}  # with the number that was last put after the name
    distinct = []
    for name in names:
        number = taken.get(name, 0)
        new = name
        stem, dot, suffix = name.rpartition(".")
        while new in taken:
            number += 1
            new = f"{stem} ({number + 1}).{suffix}" if dot and "/" not in suffix else f"{name} ({number + 1})"
        taken[name] = number
        taken.setdefault(new, 0)
        distinct.append(new)
    return distinct
