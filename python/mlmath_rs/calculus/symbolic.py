"""Gradients, Hessians and programs of expressions: what `gradient`, `hessian`, `compile` do with them."""

from collections.abc import Sequence
from typing import Any

from mlmath_rs import _core
from mlmath_rs._core import Expression, Symbol
from mlmath_rs.calculus.expressions import diff
from mlmath_rs.calculus.matrix import Matrix
from mlmath_rs.calculus.programs import Derived, Program, Source

__all__ = ["lambdify"]


def variables_of(argument: str, symbols: Any) -> list[Symbol]:
    """Return symbols as a list."""
    if isinstance(symbols, Symbol):
        return [symbols]
    listed = list(symbols)
    for entry in listed:
        if not isinstance(entry, Symbol):
            raise TypeError(f"{argument}: expected symbols, got {entry!r:.60}")
    return listed


def all_variables(entries: Sequence[Any], symbols: Any) -> list[Symbol]:
    """Return `symbols`, or where there are none all symbols of the expressions, by name."""
    if symbols is not None:
        return variables_of("symbols", symbols)
    return sorted(set().union(*(_core.expression(entry).free_symbols for entry in entries)), key=str)


def gradient_of(f: Expression, symbols: Any = None) -> list[Any]:
    """Return the partial derivatives of `f`."""
    return [diff(f, x) for x in all_variables([f], symbols)]


def hessian_of(f: Expression, symbols: Any = None) -> Matrix:
    """Return the second partial derivatives of `f`, each pair of them taken once."""
    variables = all_variables([f], symbols)
    n = len(variables)
    slopes = gradient_of(f, variables)
    second = {(i, j): diff(slopes[i], variables[j]) for i in range(n) for j in range(i, n)}
    return Matrix(n, n, [second[min(i, j), max(i, j)] for i in range(n) for j in range(n)])


def jacobian_of(values: Any, symbols: Any = None) -> Matrix:
    """Return the slope of each value by each variable."""
    entries = [_core.expression(entry) for entry in values]
    variables = all_variables(entries, symbols)
    return Matrix(len(entries), len(variables), [diff(f, x) for f in entries for x in variables])


def direction_of(f: Expression, symbols: Any, direction: Any, normalize: bool) -> Any:
    """Return the slope of `f` in a direction."""
    length = Matrix(direction).norm()
    if length == 0:
        raise ValueError("v: expected a direction, got zero")
    slope = Matrix(gradient_of(f, symbols)).dot(direction)
    return slope / length if normalize else slope


def source_of(f: Any, symbols: Any) -> Source:
    """Return the programs of an expression, or of a list or matrix of them."""
    if isinstance(f, Matrix):
        entries, shape = list(f), list(f.shape)
    elif isinstance(f, (list, tuple)):
        entries, shape = list(f), [len(f)]
    else:
        entries, shape = [_core.expression(f)], []
    variables = all_variables(entries, symbols)
    program = _core.compile_expressions(entries, variables, shape)
    source = Source(None)
    source.programs[((len(variables),),)] = program
    source.programs[((),) * len(variables)] = program
    return source


def program_of(f: Any, symbols: Any) -> Program:
    """Return an expression as a compiled function of `symbols`."""
    return Program(source_of(f, symbols))


def lambdify(args: Symbol | Sequence[Symbol], expr: Any) -> Any:
    """Make a function of numbers of an expression.

    Parameters
    ----------
    args : Symbol or sequence of Symbol
        The arguments of the function, in order.
    expr : Expression, or list or Matrix of them
        What it computes.

    Returns
    -------
    callable
        Takes a number or an array for each argument; arrays broadcast. The value of a list or a
        matrix has its shape, after the axes of the arguments.

    Raises
    ------
    ValueError
        If a symbol of `expr` is not among `args`.

    See Also
    --------
    compile : The same for points as vectors, with derivatives.

    Notes
    -----
    The expression becomes a program in which shared parts are computed once; it is not Python.

    Examples
    --------
    >>> from mlmath_rs.calculus import lambdify, sin, symbols
    >>> x, y = symbols("x y")
    >>> f = lambdify((x, y), sin(x) + y)
    >>> f(0.0, [1, 2])
    array([1., 2.])
    """
    return Derived(source_of(expr, args), "value", elementwise=True)
