"""Expressions as text for others to read."""

from typing import Any

from mlmath_rs import _core

__all__ = ["latex"]


def latex(f: Any) -> str:
    r"""Return an expression as LaTeX.

    Parameters
    ----------
    f : Expression, number, Matrix, or list or tuple of these
        What is to be typeset.

    Returns
    -------
    str
        LaTeX for mathematics, without dollar signs.

    Raises
    ------
    TypeError
        If `f` is none of these.

    See Also
    --------
    str : SymPy's notation, which Python reads.

    Examples
    --------
    >>> from mlmath_rs.calculus import latex, symbols
    >>> x = symbols("x")
    >>> print(latex(x**2 / 3))
    \frac{x^{2}}{3}
    """
    if isinstance(f, (list, tuple)):
        left, right = ("[", "]") if isinstance(f, list) else ("(", ")")
        inside = ", \\  ".join(latex(entry) for entry in f)
        return rf"\left{left} {inside}\right{right}"
    if hasattr(f, "tolist") and hasattr(f, "applyfunc"):
        rows = r"\\".join(" & ".join(latex(entry) for entry in row) for row in f.tolist())
        return rf"\left[\begin{{matrix}}{rows}\end{{matrix}}\right]"
    return _core.latex(_core.expression(f))
