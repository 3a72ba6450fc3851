"""A plot of curves over sizes, both axes logarithmic, as an SVG that is readable on light and dark pages."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 640, 320, 60, 20, 60, 45
COLOURS = ("#2f81f7", "#d9730d")
STYLE = "text{font:12px sans-serif;fill:#57606a}.grid{stroke:#8c959f;stroke-opacity:.35}" + (
    "@media(prefers-color-scheme:dark){text{fill:#b1bac4}}"
)


def write_plot(path: Path, sizes: Sequence[int], curves: Mapping[str, Sequence[float]]) -> None:
    """Write the `curves`, milliseconds at each of `sizes`, by their names."""
    low, high = (round_(math.log10(bound(map(bound, curves.values())))) for round_, bound in _BOUNDS)
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def across(size: float) -> float:
        return LEFT + (math.log10(size) - first) / (last - first) * (WIDTH - LEFT - RIGHT)

    def down(milliseconds: float) -> float:
        return TOP + (high - math.log10(milliseconds)) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>Milliseconds a question by number of passages</title>",
        f"<style>{STYLE}</style>",
    ]
    for power in range(low, high + 1):
        y = down(10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>')
    parts += [f'<text x="{across(size):.1f}" y="{HEIGHT - 24}" text-anchor="middle">{size:,}</text>' for size in sizes]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">passages</text>')
    for (name, values), colour in zip(curves.items(), COLOURS, strict=True):
        places = [(across(size), down(value)) for size, value in zip(sizes, values, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}">{name}</text>')
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>", ""]), encoding="utf-8")


_BOUNDS = ((math.floor, min), (math.ceil, max))
