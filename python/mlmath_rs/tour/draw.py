"""Figures as SVG that lies in the page: its text and lines take the page's colour, light or dark."""

import io
import re
from typing import Any

from mlmath_rs.tour.palette import CYCLE, INK
from mlmath_rs.tour.steps import Figure

__all__ = ["svg"]

STYLE: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 10.5,
    "grid.alpha": 0.14,
    "grid.color": INK,
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "lines.linewidth": 1.9,
    "svg.fonttype": "path",  # text keeps its width whatever fonts a reader has
    "svg.hashsalt": "tour",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG element; `name` keeps its ids apart from those of others.

    Raises
    ------
    ModuleNotFoundError
        If matplotlib is not installed.
    """
    import matplotlib
    from cycler import cycler
    from matplotlib.figure import Figure as Canvas

    with matplotlib.rc_context():
        matplotlib.rcParams.update(STYLE)
        matplotlib.rcParams["axes.prop_cycle"] = cycler(color=CYCLE)
        canvas = Canvas(figsize=figure.size)
        figure.draw(canvas)
        stream = io.StringIO()
        nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
        canvas.savefig(stream, format="svg", transparent=True, metadata=nothing)
    return embedded(stream.getvalue(), name)


def embedded(text: str, name: str) -> str:
    """Return what matplotlib wrote without its prologue, in the page's ink, with its own ids."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r'\1 aria-hidden="true"', text, count=1)
    text = text.replace(INK, "currentColor").replace("xlink:href", "href")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    return re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
