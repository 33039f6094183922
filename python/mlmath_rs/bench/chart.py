"""Charts as inline SVG, drawn by hand: no library, no network, colours from the page's style.

Every mark has a class, so that the style sheet decides how it looks by day and by night, and a
title, which a browser shows when the pointer rests on it.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from mlmath_rs.bench.results import Row
from mlmath_rs.bench.table import times, unit

__all__ = ["lines", "strip"]


@dataclass(frozen=True)
class LogScale:
    """Maps ``low`` … ``high`` to ``start`` … ``end``, evenly in the logarithm."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where `value` lies."""
        span = math.log(self.high / self.low) or 1.0
        return self.start + (self.end - self.start) * math.log(value / self.low) / span

    def decades(self, most: int) -> list[float]:
        """Return at most `most` powers of ten within the scale, evenly chosen."""
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        step = max(1, math.ceil((last - first + 1) / most))
        return [10.0**power for power in range(first, last + 1, step)]


def short(size: int) -> str:
    """Return a size as an axis shows it.

    Examples
    --------
    >>> from mlmath_rs.bench.chart import short
    >>> [short(size) for size in (512, 1024, 10_000, 2_500_000)]
    ['512', '1024', '10k', '2.5M']
    """
    for factor, suffix in ((1_000_000, "M"), (1_000, "k")):
        if size >= 10 * factor or (size >= factor and size % factor == 0):
            return f"{size / factor:.3g}{suffix}"
        if factor == 1_000_000 and size >= factor:
            return f"{size / factor:.2g}{suffix}"
    return str(size)


def text(x: float, y: float, words: str, kind: str, anchor: str = "middle") -> str:
    """Return a label."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """Return a straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


# The chart of one case, in its own units.
WIDTH, HEIGHT = 360, 242
LEFT, RIGHT, TOP, BOTTOM = 58, 342, 12, 196

# How far apart two labels below the axis must be.
LABEL = 31


def lines(rows: Sequence[Row]) -> str:
    """Return time against size, both sides of one case, both axes logarithmic.

    Parameters
    ----------
    rows : sequence of Row
        Of one case, at least two sizes. The first number of threads is drawn solid, others
        dashed.
    """
    sizes = sorted({row.size for row in rows})
    seconds = [side.minimum for row in rows for side in (row.ours, row.reference)]
    x = LogScale(sizes[0], sizes[-1], LEFT + 24, RIGHT - 16)
    y = LogScale(
        10 ** (math.log10(min(seconds)) - 0.15), 10 ** (math.log10(max(seconds)) + 0.15), BOTTOM, TOP
    )
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(rows[0].case)}: time by size">'
    ]
    for tick in y.decades(5):
        parts += [
            rule(LEFT, y(tick), RIGHT, y(tick), "grid"),
            text(LEFT - 7, y(tick) + 4, _round_unit(tick), "tick", "end"),
        ]
    parts.append(rule(LEFT, BOTTOM, RIGHT, BOTTOM, "axis"))
    counts = sorted({row.threads for row in rows})
    parts += _below(x, [row for row in rows if row.threads == counts[0]])
    for count in counts:
        chosen = sorted((row for row in rows if row.threads == count), key=lambda row: row.size)
        dashed = "" if count == counts[0] else " more"
        for side in ("reference", "ours"):
            parts += _line(x, y, chosen, side, dashed)
    return "".join([*parts, "</svg>"])


def _line(x: LogScale, y: LogScale, rows: Sequence[Row], side: str, dashed: str) -> list[str]:
    points = [(x(row.size), y(getattr(row, side).minimum)) for row in rows]
    path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
    parts = [f'<polyline points="{path}" class="line {side}{dashed}"/>']
    for row, (px, py) in zip(rows, points):
        shape = (
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.6"'
            if side == "ours"
            else f'<rect x="{px - 3.2:.1f}" y="{py - 3.2:.1f}" width="6.4" height="6.4"'
        )
        title = f"{side}, size {row.size:,}, {row.threads} thread(s): {unit(getattr(row, side).minimum)}"
        parts.append(f'{shape} class="mark {side}"><title>{title}</title></{shape[1 : shape.index(" ")]}>')
    return parts


def _below(x: LogScale, rows: Sequence[Row]) -> list[str]:
    """Return the sizes below the axis, and below those how many times faster ours is."""
    parts = [
        text(LEFT - 7, BOTTOM + 18, "size", "tick", "end"),
        text(LEFT - 7, BOTTOM + 38, "times", "tick", "end"),
    ]
    last = -math.inf
    for row in sorted(rows, key=lambda row: row.size):
        place = x(row.size)
        parts.append(rule(place, BOTTOM, place, BOTTOM + 4, "axis"))
        if place - last < LABEL:
            continue
        last = place
        parts.append(text(place, BOTTOM + 18, short(row.size), "tick"))
        parts.append(
            text(place, BOTTOM + 38, times(row.ratio)[:-1], "times lost" if row.ratio < 1 else "times")
        )
    return parts


def _round_unit(seconds: float) -> str:
    """Return a power of ten seconds without decimals."""
    return unit(seconds).replace(".00", "").replace(".0", "")


# The overview, a line for each area.
STRIP_WIDTH, STRIP_LEFT, STRIP_TOP, FEWEST_HEIGHT = 960, 120, 26, 58
DOT, SMALL_DOT, MANY = 5.0, 3.4, 150


def strip(areas: dict[str, list[Row]]) -> str:
    """Return all ratios as dots on one logarithmic axis, a line for each area, slower to the left."""
    ratios = [row.ratio for rows in areas.values() for row in rows]
    low, high = min(0.5, *ratios) / 1.3, max(2.0, *ratios) * 1.3
    x = LogScale(low, high, STRIP_LEFT, STRIP_WIDTH - 20)
    dot = DOT if len(ratios) <= MANY else SMALL_DOT
    bottom = float(STRIP_TOP)
    dots = []
    for area, rows in areas.items():
        offsets = _swarm([x(row.ratio) for row in rows], dot)
        height = max(FEWEST_HEIGHT, 2 * max(map(abs, offsets)) + 28)
        middle = bottom + height / 2
        bottom += height
        dots.append(text(STRIP_LEFT - 14, middle + 4, area, "area", "end"))
        dots += [_dot(row, x(row.ratio), middle + offset, dot) for row, offset in zip(rows, offsets)]
    parts = [
        f'<svg viewBox="0 0 {STRIP_WIDTH} {bottom + 26:.0f}" role="img" aria-label="all ratios by area">',
        f'<rect x="{STRIP_LEFT}" y="{STRIP_TOP}" width="{x(1) - STRIP_LEFT:.1f}" '
        f'height="{bottom - STRIP_TOP:.1f}" class="slower"/>',
        text(x(1) - 8, 16, "slower", "tick", "end"),
        text(x(1) + 8, 16, "faster than the reference", "tick", "start"),
    ]
    for tick in x.decades(8):
        words = f"{tick:,.0f}x" if tick >= 1 else f"{tick:g}x"
        parts += [
            rule(x(tick), STRIP_TOP, x(tick), bottom, "grid"),
            text(x(tick), bottom + 18, words, "tick"),
        ]
    parts.append(rule(x(1), 8, x(1), bottom, "one"))
    return "".join([*parts, *dots, "</svg>"])


def _dot(row: Row, x: float, y: float, radius: float) -> str:
    kind = "lost" if row.ratio < 1 else "won"
    title = f"{escape(row.case)}, size {row.size:,}, {row.threads} thread(s): {times(row.ratio)}"
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" class="dot {kind}"><title>{title}</title></circle>'
    )


def _swarm(places: Sequence[float], radius: float) -> list[float]:
    """Return how far each dot moves up or down, so that none hides another."""
    placed: list[tuple[float, float]] = []
    for place in places:
        near = [(px, offset) for px, offset in placed if abs(px - place) < 2 * radius]
        candidates = (sign * step * 0.6 * radius for step in itertools.count() for sign in (-1, 1))
        offset = next(
            offset
            for offset in candidates
            if all(math.hypot(place - px, offset - other) >= 2 * radius for px, other in near)
        )
        placed.append((place, offset))
    return [offset for _, offset in placed]
