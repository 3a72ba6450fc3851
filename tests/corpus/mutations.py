"""Damaged files, deterministic by seed: valid files of every format and archive, changed at random."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.corpus.seed_files import parts_of, seed_files, tarred, zipped

LARGEST_REPEAT = 200_000
"""Bytes that a repeated block may grow a file by."""
_NUMBER = re.compile(rb"\d+")
_ODD_NUMBERS = (b"0", b"-1", b"00", b"1.5", b"65536", b"2147483647", b"-2147483648", b"4294967296", b"9" * 40)
_TAR_MODES = {".tar": "w:", ".tar.gz": "w:gz", ".tgz": "w:gz", ".tar.bz2": "w:bz2", ".tar.xz": "w:xz"}
_PACKAGES = frozenset({".docx", ".pptx", ".xlsx", ".odt", ".epub", ".zip"})

Change = Callable[[random.Random, bytes], bytes]


@dataclass(frozen=True, slots=True)
class MutatedFile:
    """A file and what was done to it; `name` is unlike that of any other of the same run."""

    name: str
    content: bytes
    done: str


def mutated_files(seed: int, count: int) -> Iterator[MutatedFile]:
    """`count` files, every suffix in turn; the same for the same seed."""
    chosen = random.Random(seed)
    suffixes = list(seed_files())
    for number in range(count):
        suffix = suffixes[number % len(suffixes)]
        done, content = _mutated(chosen, suffix)
        yield MutatedFile(f"{number:06}{suffix}", content, done)


def _mutated(chosen: random.Random, suffix: str) -> tuple[str, bytes]:
    content = chosen.choice(seed_files()[suffix])
    way = chosen.random()
    if way < 0.06:
        other = chosen.choice([name for name in seed_files() if name != suffix])
        return f"content of {other}", chosen.choice(seed_files()[other])
    if way < 0.09:
        return "random bytes", chosen.randbytes(chosen.randint(1, 20_000))
    if way < 0.13:
        other = chosen.choice(list(seed_files()))
        return f"joined with {other}", content + chosen.choice(seed_files()[other])
    if way < 0.50 and suffix in _PACKAGES:
        parts = parts_of(content)
        return _one_part_changed(chosen, parts), zipped(parts)
    if way < 0.50 and suffix in _TAR_MODES:
        parts = parts_of(seed_files()[".zip"][0])  # the same parts are in the tar files
        return _one_part_changed(chosen, parts), tarred(parts, _TAR_MODES[suffix])
    done, content = _changed(chosen, content)
    if chosen.random() < 0.2:
        more, content = _changed(chosen, content)
        done = f"{done}, {more}"
    return done, content


def _one_part_changed(chosen: random.Random, parts: dict[str, bytes]) -> str:
    """What was done to a part; checksums then fit, and a parser meets the damage."""
    name = chosen.choice(list(parts))
    if chosen.random() < 0.1:
        del parts[name]
        return f"{name} left out"
    done, parts[name] = _changed(chosen, parts[name])
    return f"{name}: {done}"


def _changed(chosen: random.Random, content: bytes) -> tuple[str, bytes]:
    name = chosen.choice(list(_CHANGES))
    return name, _CHANGES[name](chosen, content)


def _span(chosen: random.Random, content: bytes) -> tuple[int, int]:
    """A block: its start and end."""
    start = chosen.randrange(len(content) or 1)
    return start, start + chosen.randint(1, max(len(content) // 4, 1))


def _truncated(chosen: random.Random, content: bytes) -> bytes:
    return content[: chosen.randrange(len(content) or 1)]


def _beheaded(chosen: random.Random, content: bytes) -> bytes:
    return content[chosen.randrange(len(content) or 1) :]


def _flipped(chosen: random.Random, content: bytes, count: int) -> bytes:
    changed = bytearray(content)
    for _ in range(count if content else 0):
        changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
    return bytes(changed)


def _few_bits_flipped(chosen: random.Random, content: bytes) -> bytes:
    return _flipped(chosen, content, chosen.randint(1, 8))


def _many_bits_flipped(chosen: random.Random, content: bytes) -> bytes:
    return _flipped(chosen, content, len(content) // chosen.randint(10, 200) + 1)


def _block_deleted(chosen: random.Random, content: bytes) -> bytes:
    start, end = _span(chosen, content)
    return content[:start] + content[end:]


def _block_zeroed(chosen: random.Random, content: bytes) -> bytes:
    start, end = _span(chosen, content)
    return content[:start] + bytes(len(content[start:end])) + content[end:]


def _block_repeated(chosen: random.Random, content: bytes) -> bytes:
    start, end = _span(chosen, content)
    block = content[start:end] or b"("
    times = min(chosen.choice((1, 2, 10, 1000, 10_000)), LARGEST_REPEAT // len(block))
    return content[:end] + block * times + content[end:]


def _blocks_swapped(chosen: random.Random, content: bytes) -> bytes:
    first, second = sorted(chosen.randrange(len(content) + 1) for _ in range(2))
    third = chosen.randrange(second, len(content) + 1)
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def _random_body(chosen: random.Random, content: bytes) -> bytes:
    kept = chosen.randrange(min(len(content), 1024) + 1)
    return content[:kept] + chosen.randbytes(max(len(content) - kept, 10))


def _random_block(chosen: random.Random, content: bytes) -> bytes:
    start, end = _span(chosen, content)
    return content[:start] + chosen.randbytes(len(content[start:end])) + content[end:]


def _numbers_replaced(chosen: random.Random, content: bytes) -> bytes:
    """Lengths, counts, references and sizes in text are no longer those of the file."""
    share = chosen.choice((0.01, 0.1, 0.5))
    return _NUMBER.sub(lambda number: chosen.choice(_ODD_NUMBERS) if chosen.random() < share else number[0], content)


_CHANGES: dict[str, Change] = {
    "truncated": _truncated,
    "beheaded": _beheaded,
    "few bits flipped": _few_bits_flipped,
    "many bits flipped": _many_bits_flipped,
    "block deleted": _block_deleted,
    "block zeroed": _block_zeroed,
    "block repeated": _block_repeated,
    "blocks swapped": _blocks_swapped,
    "random body": _random_body,
    "random block": _random_block,
    "numbers replaced": _numbers_replaced,
}
