"""Compiled functions: traced once for each shape of argument, then run by the kernels."""

import math
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mlmath_rs import _array, _core, _options
from mlmath_rs._core import Traced
from mlmath_rs.errors import TraceError

__all__ = ["Program", "compile"]

Shapes = tuple[tuple[int, ...], ...]


class Source:
    """A function and the programs that were traced from it, by the shapes of its arguments."""

    def __init__(self, f: Callable[..., Any] | None, trace: str = "auto") -> None:
        if f is not None and not callable(f):
            raise TypeError(f"f: expected a function or an expression, got {type(f).__name__}")
        _options.one_of("trace", trace, _options.TRACE)
        self.f = f
        self.trace = trace
        self.programs: dict[Shapes, _core.Program] = {}
        self.refusals: dict[Shapes, str] = {}
        self.derived: dict[tuple[Shapes, str, int], _core.Program] = {}

    def program(self, shapes: Shapes) -> _core.Program:
        """Return the program for arguments of these shapes, or raise `TraceError` with the reason."""
        if shapes in self.programs:
            return self.programs[shapes]
        if shapes in self.refusals:
            raise TraceError(self.refusals[shapes])
        if self.f is None:
            raise TraceError(f"compiled for arguments of shapes {list(self.programs)}, got {shapes}")
        try:
            if self.trace == "never":
                raise TraceError("trace='never'")
            self.programs[shapes] = _core.trace(self.f, [list(shape) for shape in shapes])
        except TraceError as error:
            self.refusals[shapes] = str(error)
            raise
        return self.programs[shapes]

    def derive(self, shapes: Shapes, what: str, order: int = 1) -> _core.Program:
        """Return a program made of that for `shapes`, with the shape of its value at a point."""
        key = (shapes, what, order)
        if key not in self.derived:
            program = self.program(shapes)
            count = program.inputs
            own = [] if shapes == ((),) else [count]
            shape = {
                "value": program.shape,
                "gradient": own,
                "value_and_gradient": [1 + count],
                "jacobian": [*program.shape, *own],
                "hessian": own + own,
                "hessian_product": own,
            }[what]
            if what not in {"value", "jacobian"} and math.prod(program.shape) != 1:
                raise ValueError(
                    f"f: expected one value to take the {what} of, got an array of shape "
                    f"{tuple(program.shape)}; jacobian takes several, derivative takes them elementwise"
                )
            for _ in range(order):
                program = program if what == "value" else program.derived(what, shape)
            self.derived[key] = program
        return self.derived[key]

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        try:
            pickle.dumps(self.f)
        except (pickle.PicklingError, AttributeError, TypeError):
            state["f"] = None  # what was traced stays
        return state


def ways(arguments: list[Any], *, elementwise: bool = False) -> list[tuple[Shapes, tuple[int, ...]]]:
    """Return the ways in which arguments may be points and batches: (shapes to trace, batch)."""
    shapes = tuple(np.shape(x) for x in arguments)
    if elementwise:
        return [(((),) * len(shapes), np.broadcast_shapes(*shapes))]
    if len(shapes) == 1:
        (shape,) = shapes
        vector: Shapes = (shape[-1:],)
        return [(vector, shape[:-1])] if len(shape) < 2 else [(vector, shape[:-1]), (shapes, ())]
    scalars: Shapes = ((),) * len(shapes)
    try:
        batch = np.broadcast_shapes(*shapes)
    except ValueError:
        return [(shapes, ())]
    return [(scalars, batch)] if not any(shapes) else [(scalars, batch), (shapes, ())]


def joined(arguments: list[Any], shapes: Shapes, batch: tuple[int, ...]) -> Any:
    """Return the variables of a program along the last axis."""
    if len(arguments) == 1 and len(shapes[0]) == 1:
        return arguments[0]
    if any(isinstance(x, Traced) for x in arguments):
        return np.concatenate([np.reshape(x, -1) for x in arguments])
    if all(shape == () for shape in shapes):
        return np.stack(np.broadcast_arrays(*arguments), axis=-1)
    return np.concatenate([x.ravel() for x in arguments])


def parted(slopes: Any, shapes: Shapes) -> Any:
    """Return slopes by all variables as slopes by each argument."""
    if len(shapes) == 1:
        (shape,) = shapes
        return slopes.reshape(shape) if len(shape) > 1 else slopes
    parts, start = [], 0
    for shape in shapes:
        size = math.prod(shape)
        part = slopes[..., start : start + size]
        parts.append(part[..., 0][()] if shape == () else part.reshape(shape))
        start += size
    return tuple(parts)


def numbers(name: str, value: Any) -> Any:
    """Return an argument as float64, or as it is if it is traced itself."""
    if isinstance(value, Traced):
        return value
    array = _array.as_array(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
    return _array.behave(array, np.dtype(np.float64))


class Derived(_core.Call):
    """What is computed of a function at points: its value, gradient or Hessian.

    The border answers plain points itself, once it was told the program for them; all other
    calls come to :meth:`slow`.

    Attributes
    ----------
    route : {None, "traced", "differences"}
        How the last call that came here was answered; None before the first.
    why : str
        Why a function was not traced; empty where it was.
    """

    def __init__(self, source: Source, what: str, *, elementwise: bool = False, order: int = 1) -> None:
        self.source = source
        self.what = what
        self.elementwise = elementwise
        self.order = order
        self.route: str | None = None
        self.why = ""
        self.error: Any = 0.0

    def program_of(self, *shapes: Sequence[int]) -> _core.Program:
        """Return the program for arguments of these shapes, or raise `TraceError`."""
        return self.source.derive(tuple(tuple(shape) for shape in shapes), self.what, self.order)

    def slow(self, *x: Any, threads: int | None = None) -> Any:
        """Answer any call: points, batches of them, several arguments, traced ones."""
        if not x:
            raise TypeError("expected at least one argument, got none")
        arguments = [numbers("x", value) for value in x]
        refusal: TraceError | None = None
        for shapes, batch in ways(arguments, elementwise=self.elementwise):
            try:
                program = self.program_of(*shapes)
            except TraceError as error:
                refusal = refusal or error
                continue
            self.route, self.why, self.error = "traced", "", 0.0
            return self._run(program, arguments, shapes, batch, threads)
        if self.source.trace == "require" or self.source.f is None:
            raise refusal or TraceError("f: cannot be traced")
        self.route, self.why = "differences", str(refusal)
        # Imported late: differences stand on what is here.
        from mlmath_rs.calculus import differences

        result, self.error = differences.answer(self, arguments)
        return result

    def _run(
        self,
        program: _core.Program,
        arguments: list[Any],
        shapes: Shapes,
        batch: tuple[int, ...],
        threads: int | None,
    ) -> Any:
        points = joined(arguments, shapes, batch)
        if isinstance(points, Traced):
            return self._arranged(program.inlined(points), shapes)
        if batch == () and self.what != "value_and_gradient":
            # The border makes a tuple of a vector that has a value for each argument.
            plain = self.what in {"gradient", "hessian"} or (self.what == "value" and program.shape == [])
            if shapes == ((program.inputs,),):
                self.remember(program, False)
            elif all(shape == () for shape in shapes) and plain and len(shapes) <= 16:
                self.remember(program, True)
        return self._arranged(program.evaluate(_array.behave(points, points.dtype), threads), shapes)

    def __reduce__(self) -> Any:
        return _derived, (self.source, self.what, self.elementwise, self.order)

    def _arranged(self, result: Any, shapes: Shapes) -> Any:
        if self.what == "gradient":
            return parted(result, shapes)
        if self.what == "value_and_gradient":
            slopes = result[..., 1][()] if shapes == ((),) else parted(result[..., 1:], shapes)
            return result[..., 0][()], slopes
        return result


def _derived(source: Source, what: str, elementwise: bool, order: int) -> Derived:
    """Return what was pickled."""
    return Derived(source, what, elementwise=elementwise, order=order)


class Program(Derived):
    """A function compiled to instructions, with its derivatives.

    Made by :func:`compile`. It is called as the function is; leading axes are a batch.

    Attributes
    ----------
    gradient, hessian, jacobian, value_and_grad : callable
        The derivatives, called as the function is.

    Examples
    --------
    >>> from mlmath_rs import calculus
    >>> program = calculus.compile(lambda v: v[0] ** 2 * v[1])
    >>> program([3, 2]), program.gradient([3, 2])
    (np.float64(18.0), array([12.,  9.]))
    >>> program.gradient([[3, 2], [1, 0]])
    array([[12.,  9.],
           [ 0.,  1.]])
    """

    def __init__(self, source: Source) -> None:
        super().__init__(source, "value")
        self.gradient = Derived(source, "gradient")
        self.hessian = Derived(source, "hessian")
        self.jacobian = Derived(source, "jacobian")
        self.value_and_grad = Derived(source, "value_and_gradient")
        self._hvp = Derived(source, "hessian_product")

    def hvp(self, x: Any, v: Any, *, threads: int | None = None) -> Any:
        """Return the product of the Hessian at `x` with `v`.

        Parameters
        ----------
        x, v : (..., n) array_like
            Points and vectors; leading axes broadcast.
        threads : int, optional
            How many threads may be used.

        Returns
        -------
        (..., n) ndarray
            The product, without the Hessian being formed where the function is traced.

        Raises
        ------
        ValueError
            If the last axes of `x` and `v` differ in length.

        Examples
        --------
        >>> from mlmath_rs import calculus
        >>> calculus.compile(lambda v: v[0] ** 2 * v[1]).hvp([3, 2], [1, 0])
        array([4., 6.])
        """
        x, v = numbers("x", x), numbers("v", v)
        if x.ndim == 0 or x.shape[-1:] != v.shape[-1:]:
            raise ValueError(f"v: expected vectors as x is of shape {x.shape}, got shape {v.shape}")
        try:
            program = self._hvp.program_of(x.shape[-1:])
        except TraceError:
            return self.hessian(x) @ v
        points = np.concatenate(np.broadcast_arrays(x, v), axis=-1)
        return program.evaluate(points, threads)

    @property
    def listing(self) -> str:
        """The instructions of what was traced, for each shape of argument."""
        return "\n".join(
            f"# arguments of shapes {list(shapes)}\n{program.listing()}"
            for shapes, program in self.source.programs.items()
        )

    def __repr__(self) -> str:
        name = getattr(self.source.f, "__name__", "an expression")
        return f"<mlmath_rs.calculus.Program of {name}, traced for shapes {list(self.source.programs)}>"

    def __reduce__(self) -> Any:
        return Program, (self.source,)


def compile(f: Any, variables: Any = None, *, trace: str = "auto") -> Program:
    """Compile a function or an expression to instructions that run at the speed of Rust.

    Parameters
    ----------
    f : callable, Expression, or list or Matrix of expressions
        A function of one array, of one number, or of several numbers, written with arithmetic,
        indexing, loops of fixed length and NumPy's functions; or a symbolic expression.
    variables : sequence of Symbol, optional
        The order of an expression's variables.
    trace : {"auto", "require", "never"}
        What to do with a function that cannot be traced, because it asks ``if`` of a value or
        calls ``math.exp``: call it, and take derivatives by differences, or raise an error that
        says what to write instead. ``"never"`` does not try.

    Returns
    -------
    Program
        ``program(x)``, ``program.gradient(x)``, ``program.hessian(x)``, ``program.hvp(x, v)``;
        for one array of n variables leading axes are a batch: (..., n).

    Raises
    ------
    TypeError
        If `f` is neither.
    TraceError
        With ``trace="require"``, when it is called, if it cannot be traced.

    Notes
    -----
    The function is called once for each shape of argument, with arrays that record what is done
    to them; numbers from closures and globals are read then and never again. All is computed in
    float64, whatever the dtype of the argument.

    Examples
    --------
    >>> import numpy as np
    >>> from mlmath_rs import calculus
    >>> program = calculus.compile(lambda x, y: np.sin(x) * y)
    >>> program(0.0, 2.0), program.gradient(0.0, 2.0)
    (np.float64(0.0), (np.float64(2.0), np.float64(0.0)))
    >>> program.route
    'traced'
    """
    if isinstance(f, (_core.Expression, list, tuple)) or hasattr(f, "applyfunc"):
        # Imported late: expressions become programs by what is here.
        from mlmath_rs.calculus import symbolic

        return symbolic.program_of(f, variables)
    if isinstance(f, Derived):
        return Program(Source(f, trace)) if f.what != "value" else Program(f.source)
    if f is None:
        raise TypeError("f: expected a function or an expression, got None")
    return Program(Source(f, trace))
