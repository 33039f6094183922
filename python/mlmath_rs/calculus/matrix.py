"""`Matrix`: a table of expressions."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from mlmath_rs import _core
from mlmath_rs.calculus.expressions import N, diff, expand, simplify, subs, sympify

__all__ = ["Matrix", "eye", "ones", "zeros"]


class Matrix:
    """A matrix of expressions, immutable.

    Parameters
    ----------
    rows : sequence of rows, sequence of entries, ndarray, or int
        A flat sequence is a column. Or the number of rows, followed by that of columns and
        by a flat sequence of the entries.
    columns : int, optional
        The number of columns.
    entries : sequence, optional
        The entries, row by row.

    Attributes
    ----------
    shape : (int, int)
        Numbers of rows and columns.
    T : Matrix
        The transpose.

    Raises
    ------
    ValueError
        If the rows differ in length.

    See Also
    --------
    numpy.array : For numbers.

    Examples
    --------
    >>> from mlmath_rs.calculus import Matrix, symbols
    >>> x, y = symbols("x y")
    >>> Matrix([[x, 1], [0, y]]) @ Matrix([1, x])
    Matrix([
    [2*x],
    [x*y]])
    """

    # NumPy leaves arithmetic with a matrix to the matrix.
    __array_ufunc__ = None

    def __init__(self, rows: Any, columns: int | None = None, entries: Sequence[Any] | None = None) -> None:
        if columns is not None and entries is not None:
            flat = [sympify(entry) for entry in entries]
            if len(flat) != rows * columns:
                raise ValueError(f"entries: expected {rows * columns}, got {len(flat)}")
            self.shape = (int(rows), int(columns))
            self._flat = flat
            return
        listed = rows.tolist() if isinstance(rows, (Matrix, np.ndarray)) else list(rows)
        table = [list(row) if isinstance(row, (list, tuple, np.ndarray)) else [row] for row in listed]
        widths = {len(row) for row in table}
        if len(widths) > 1:
            raise ValueError(f"rows: expected rows of one length, got lengths {sorted(widths)}")
        self.shape = (len(table), widths.pop() if widths else 0)
        self._flat = [sympify(entry) for row in table for entry in row]

    def _made(self, rows: int, columns: int, flat: Sequence[Any]) -> "Matrix":
        return Matrix(rows, columns, flat)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.shape[0]

    @property
    def cols(self) -> int:
        """The number of columns."""
        return self.shape[1]

    @property
    def T(self) -> "Matrix":
        """The transpose."""
        rows, columns = self.shape
        return self._made(
            columns, rows, [self._flat[i * columns + j] for j in range(columns) for i in range(rows)]
        )

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols of all entries."""
        return set().union(*(entry.free_symbols for entry in self._flat))

    def tolist(self) -> list[list[Any]]:
        """Return the rows as lists."""
        rows, columns = self.shape
        return [self._flat[i * columns : (i + 1) * columns] for i in range(rows)]

    def applyfunc(self, function: Callable[[Any], Any]) -> "Matrix":
        """Return the matrix of `function` of each entry."""
        return self._made(*self.shape, [function(entry) for entry in self._flat])

    def subs(self, *replacements: Any) -> "Matrix":
        """Return the matrix with parts of its entries replaced; see `calculus.subs`."""
        return self.applyfunc(lambda entry: subs(entry, *replacements))

    def diff(self, *symbols: Any) -> "Matrix":
        """Return the matrix of the derivatives of its entries."""
        return self.applyfunc(lambda entry: diff(entry, *symbols))

    def evalf(self, n: int = 15) -> "Matrix":
        """Return the matrix with its numbers in decimals."""
        return self.applyfunc(lambda entry: N(entry, n))

    def expand(self) -> "Matrix":
        """Return the matrix with the products in its entries multiplied out."""
        return self.applyfunc(expand)

    def simplify(self) -> "Matrix":
        """Return the matrix with its entries simplified; the matrix itself stays as it is."""
        return self.applyfunc(simplify)

    def dot(self, other: Any) -> Any:
        """Return the sum of the products of the entries of two vectors.

        Parameters
        ----------
        other : Matrix or sequence
            As many entries as the vector has, in a row or in a column.

        Returns
        -------
        Expression
            The product.

        Raises
        ------
        ValueError
            If the numbers of entries differ, or one is no vector.

        Examples
        --------
        >>> from mlmath_rs.calculus import Matrix, symbols
        >>> x, y = symbols("x y")
        >>> Matrix([x, y]).dot(Matrix([1, 2]))
        x + 2*y
        """
        other = other if isinstance(other, Matrix) else Matrix(other)
        if 1 not in self.shape or 1 not in other.shape or len(self._flat) != len(other._flat):
            raise ValueError(f"other: expected {len(self._flat)} entries, got shape {other.shape}")
        return _core.combine("Add", *(a * b for a, b in zip(self._flat, other._flat)))

    def det(self) -> Any:
        """Return the determinant.

        Returns
        -------
        Expression
            The determinant, multiplied out.

        Raises
        ------
        ValueError
            If the matrix is not square.

        Notes
        -----
        By minors of the first columns, each of them computed once: no division, so that it is
        exact for symbols; 2^n minors, so that it is for small n.

        Examples
        --------
        >>> from mlmath_rs.calculus import Matrix, symbols
        >>> a, b, c, d = symbols("a b c d")
        >>> Matrix([[a, b], [c, d]]).det()
        a*d - b*c
        """
        n = self.rows
        if n != self.cols:
            raise ValueError(f"det: expected a square matrix, got shape {self.shape}")
        if n > 16:
            raise ValueError(f"det: expected at most 16 rows of expressions, got {n}")
        minors: dict[tuple[int, ...], Any] = {(): _core.expression(1)}
        table = self.tolist()
        for column in range(n):
            grown: dict[tuple[int, ...], Any] = {}
            for chosen, minor in minors.items():
                for row in range(n):
                    if row in chosen:
                        continue
                    sign = (-1) ** sum(other > row for other in chosen)
                    key = tuple(sorted((*chosen, row)))
                    grown[key] = grown.get(key, 0) + sign * minor * table[row][column]
            minors = {key: expand(value) for key, value in grown.items()}
        return minors[tuple(range(n))]

    def reshape(self, rows: int, columns: int) -> "Matrix":
        """Return a matrix of other dimensions with the same entries, row by row."""
        return self._made(rows, columns, self._flat)

    def norm(self) -> Any:
        """Return the square root of the sum of the squares of the entries."""
        return _core.call_function("sqrt", _core.combine("Add", *(entry**2 for entry in self._flat)))

    def _with(self, other: Any, operation: Callable[[Any, Any], Any]) -> Any:
        if not isinstance(other, Matrix):
            return NotImplemented
        if self.shape != other.shape:
            raise ValueError(f"other: expected shape {self.shape}, got shape {other.shape}")
        return self._made(*self.shape, [operation(a, b) for a, b in zip(self._flat, other._flat)])

    def __add__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Any) -> Any:
        return self._with(other, lambda a, b: a - b)

    def __neg__(self) -> "Matrix":
        return self.applyfunc(lambda entry: -entry)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, Matrix):
            return self @ other
        factor = _core.expression(other)
        return self.applyfunc(lambda entry: entry * factor)

    def __rmul__(self, other: Any) -> Any:
        return self * other

    def __truediv__(self, other: Any) -> Any:
        divisor = _core.expression(other)
        return self.applyfunc(lambda entry: entry / divisor)

    def __matmul__(self, other: Any) -> Any:
        if not isinstance(other, Matrix):
            return NotImplemented
        if self.cols != other.rows:
            raise ValueError(f"other: expected {self.cols} rows, got shape {other.shape}")
        columns = other.T.tolist()
        entries = [
            _core.combine("Add", *(a * b for a, b in zip(row, column)))
            for row in self.tolist()
            for column in columns
        ]
        return self._made(self.rows, other.cols, entries)

    def __pow__(self, exponent: int) -> "Matrix":
        if self.rows != self.cols or int(exponent) != exponent or exponent < 0:
            raise ValueError(f"expected a square matrix and a whole power >= 0, got {self.shape}, {exponent}")
        result = eye(self.rows)
        for _ in range(int(exponent)):
            result = result @ self
        return result

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, tuple):
            chosen = self._flat[key]
            return list(chosen) if isinstance(key, slice) else chosen
        rows, columns = (list(range(size))[part] for size, part in zip(self.shape, key))
        if not isinstance(rows, list) and not isinstance(columns, list):
            return self._flat[rows * self.cols + columns]
        rows = rows if isinstance(rows, list) else [rows]
        columns = columns if isinstance(columns, list) else [columns]
        entries = [self._flat[i * self.cols + j] for i in rows for j in columns]
        return self._made(len(rows), len(columns), entries)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._flat)

    def __len__(self) -> int:
        return len(self._flat)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.shape == other.shape and self._flat == other._flat

    def __hash__(self) -> int:
        return hash((self.shape, tuple(self._flat)))

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        table = np.empty(self.shape, dtype=object)
        for i, row in enumerate(self.tolist()):
            table[i] = row
        return table if dtype is None else table.astype(dtype)

    def __str__(self) -> str:
        inside = ", ".join("[" + ", ".join(map(str, row)) + "]" for row in self.tolist())
        return f"Matrix([{inside}])" if self._flat else f"Matrix({self.rows}, {self.cols}, [])"

    def __repr__(self) -> str:
        """Return the rows below each other, their columns aligned, as SymPy does."""
        texts = [[str(entry) for entry in row] for row in self.tolist()]
        if len(texts) < 2 or not self.cols:
            return str(self)
        widths = [max(map(len, column)) for column in zip(*texts)]
        lines = [
            "[" + ", ".join(text.rjust(width) for text, width in zip(row, widths)) + "]" for row in texts
        ]
        return "Matrix([\n" + ",\n".join(lines) + "])"

    def _repr_latex_(self) -> str:
        from mlmath_rs.calculus.printing import latex

        return rf"$\displaystyle {latex(self)}$"


def eye(n: int) -> Matrix:
    """Return the identity as a matrix of expressions.

    Parameters
    ----------
    n : int
        Its size.

    Returns
    -------
    Matrix
        Ones on the diagonal, zeros elsewhere.

    Examples
    --------
    >>> from mlmath_rs.calculus import eye
    >>> print(eye(2))
    Matrix([[1, 0], [0, 1]])
    """
    return Matrix(n, n, [int(i == j) for i in range(n) for j in range(n)])


def zeros(rows: int, columns: int | None = None) -> Matrix:
    """Return a matrix of expressions that are zero.

    Parameters
    ----------
    rows, columns : int
        Its shape; square where `columns` is not given.

    Returns
    -------
    Matrix
        The zeros.

    Examples
    --------
    >>> from mlmath_rs.calculus import zeros
    >>> print(zeros(1, 2))
    Matrix([[0, 0]])
    """
    columns = rows if columns is None else columns
    return Matrix(rows, columns, [0] * (rows * columns))


def ones(rows: int, columns: int | None = None) -> Matrix:
    """Return a matrix of expressions that are one.

    Parameters
    ----------
    rows, columns : int
        Its shape; square where `columns` is not given.

    Returns
    -------
    Matrix
        The ones.

    Examples
    --------
    >>> from mlmath_rs.calculus import ones
    >>> print(ones(1, 2))
    Matrix([[1, 1]])
    """
    columns = rows if columns is None else columns
    return Matrix(rows, columns, [1] * (rows * columns))
