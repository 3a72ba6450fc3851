"""What a packed file may grow to by its size: a bomb unpacks to a thousand times as much, and fills memory or disk."""

MAX_RATIO = 200
"""Unpacked to packed size: text and XML shrink to a tenth, rarely to a fiftieth."""
SMALL_BYTES = 10 * 1024**2
"""Up to this size any ratio is harmless."""


def is_bomb(unpacked_bytes: int, packed_bytes: int) -> bool:
    """Whether what is packed grows as no document does."""
    return unpacked_bytes > SMALL_BYTES and unpacked_bytes > MAX_RATIO * packed_bytes
