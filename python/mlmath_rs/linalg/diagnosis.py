"""What can be said of a matrix before anything is asked of it."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from mlmath_rs import _core

__all__ = ["MatrixReport", "report"]


@dataclass(frozen=True)
class MatrixReport:
    """What is known of a matrix; printed, a few lines of text.

    Attributes
    ----------
    rank : int
        Singular values above ``max(m, n) * eps`` times the largest.
    condition : float
        The largest singular value over the smallest; infinite where that is zero.
    scaled_condition : float
        The same after rows and columns were scaled until their largest elements are alike.
    row_spread, column_spread : float
        The largest row, or column, over the smallest that is not zero, by their largest elements.
    asymmetry : float
        The largest element of ``a - a.conj().T`` relative to that of `a`; infinite where it is not
        square.
    definiteness : str or None
        Of symmetric and Hermitian matrices: ``"positive definite"``, ``"positive semidefinite"``,
        ``"indefinite"``, ``"negative semidefinite"``, ``"negative definite"`` or ``"zero"``.
    advice : tuple of str
        What to do, the most pressing first.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> linalg.report([[2, 1], [1, 2]]).definiteness
    'positive definite'
    """

    rank: int
    condition: float
    scaled_condition: float
    row_spread: float
    column_spread: float
    asymmetry: float
    definiteness: str | None
    advice: tuple[str, ...]

    def __str__(self) -> str:
        """Return one line for each thing, the advice last."""
        lines = {
            "rank": str(self.rank),
            "condition": f"{self.condition:.2e}, {self.scaled_condition:.2e} when scaled",
            "spread": f"rows {self.row_spread:.1e}, columns {self.column_spread:.1e}",
            "symmetry": self.definiteness or f"none (differs by {self.asymmetry:.1e})",
        }
        text = [f"{name + ':':<11}{value}" for name, value in lines.items()]
        return "\n".join([*text, *(f"- {line}" for line in self.advice)])


def report(a: ArrayLike, *, threads: int | None = None) -> MatrixReport:
    """Report condition, rank, symmetry, definiteness and scaling of a matrix, and what to do.

    Parameters
    ----------
    a : (m, n) array_like
        Real or complex. Of a stack report each matrix.
    threads : int, optional
        How many threads may be used.

    Returns
    -------
    MatrixReport
        An object with these fields; ``print`` it.

    Raises
    ------
    numpy.linalg.LinAlgError
        If `a` is a stack, has no elements, or holds NaN or infinity.

    See Also
    --------
    cond : The condition alone, in any norm.
    matrix_rank : The rank alone.

    Notes
    -----
    Two singular value decompositions without vectors, and a Cholesky factor or the eigenvalues where
    the matrix is symmetric: some ``5 n**3`` operations, more than a solution takes. Rows and columns are
    scaled by powers of two (Ruiz 2001). A matrix counts as definite where the pivots of its Cholesky
    factor are, each beside its own diagonal element, so that no scaling changes it.

    Examples
    --------
    >>> from mlmath_rs import linalg
    >>> print(linalg.report([[1, 2e-9], [3e9, 4]]))
    rank:      1
    condition: 4.50e+18, 2.01e+01 when scaled
    spread:    rows 3.0e+09, columns 7.5e+08
    symmetry:  none (differs by 1.0e+00)
    - badly scaled: the rows differ by 3.0e+09, the columns by 7.5e+08
    - scale them: the condition is then 2.0e+01; or keep small values by svd(driver="jacobi")
    """
    rank, condition, scaled, spreads, asymmetry, definiteness, advice = _core.diagnosis(a, threads)
    rows, columns = spreads
    return MatrixReport(rank, condition, scaled, rows, columns, asymmetry, definiteness, tuple(advice))
