"""NumPy's names that are ours as they are: constructors, types, constants, shapes, comparisons.

What a program of a tutorial's size uses, so that ``import mlmath_rs as np`` serves it. They are
NumPy's own objects and stay so. What we compute ourselves is not here but in our areas; what we
shall compute ourselves is in :mod:`mlmath_rs._standing_in`.
"""

from types import ModuleType

# ruff: noqa: I001, RUF022
# fmt: off
# Constants
from numpy import (
    e, euler_gamma, inf, nan, newaxis, pi,
)
# Types
from numpy import (
    bool, bool_, bytes_, complex128, complex64, complexfloating, datetime64, dtype, float16, float32,
    float64, floating, generic, inexact, int16, int32, int64, int8, int_, integer, intp, number, object_,
    signedinteger, str_, timedelta64, uint, uint16, uint32, uint64, uint8, unsignedinteger,
)
# What is known of types
from numpy import (
    can_cast, errstate, exceptions, finfo, get_printoptions, iinfo, isdtype, issubdtype, ndarray,
    printoptions, promote_types, result_type, set_printoptions, ufunc, vectorize,
)
# Constructors
from numpy import (
    arange, array, asanyarray, asarray, ascontiguousarray, asfortranarray, copy, diag, diagflat, empty,
    empty_like, eye, from_dlpack, frombuffer, fromfunction, fromiter, full, full_like, geomspace, identity,
    indices, linspace, logspace, meshgrid, mgrid, ogrid, ones, ones_like, tri, tril, triu, vander, zeros,
    zeros_like,
)
# Files
from numpy import (
    genfromtxt, load, loadtxt, save, savetxt, savez,
)
# Shapes
from numpy import (
    append, array_split, atleast_1d, atleast_2d, atleast_3d, block, broadcast_arrays, broadcast_shapes,
    broadcast_to, c_, column_stack, concat, concatenate, delete, diagonal, dsplit, dstack, expand_dims,
    flip, fliplr, flipud, hsplit, hstack, insert, ix_, matrix_transpose, moveaxis, ndim, pad, permute_dims,
    r_, ravel, repeat, reshape, resize, roll, rollaxis, rot90, s_, shape, size, split, squeeze, stack,
    swapaxes, tile, vsplit, vstack,
)
# Choosing and placing
from numpy import (
    argwhere, choose, clip, compress, copyto, diag_indices, extract, fill_diagonal, flatnonzero,
    ndenumerate, ndindex, nonzero, piecewise, place, put, put_along_axis, putmask, ravel_multi_index,
    select, take, take_along_axis, tril_indices, triu_indices, unravel_index, where,
)
# Comparing
from numpy import (
    all, allclose, any, array_equal, array_equiv, equal, greater, greater_equal, isclose, iscomplex,
    iscomplexobj, isfinite, isinf, isnan, isneginf, isposinf, isreal, isrealobj, isscalar, less, less_equal,
    logical_and, logical_not, logical_or, logical_xor, not_equal,
)
# Bits
from numpy import (
    bitwise_and, bitwise_left_shift, bitwise_or, bitwise_right_shift, bitwise_xor, invert, left_shift,
    right_shift,
)
# Order and sets
from numpy import (
    argmax, argmin, argpartition, argsort, count_nonzero, intersect1d, isin, lexsort, partition,
    searchsorted, setdiff1d, setxor1d, sort, union1d, unique, unique_counts, unique_inverse, unique_values,
)
# Showing
from numpy import (
    apply_along_axis, array2string, array_repr, array_str,
)

__all__ = [
    # Constants
    "e", "euler_gamma", "inf", "nan", "newaxis", "pi",
    # Types
    "bool", "bool_", "bytes_", "complex128", "complex64", "complexfloating", "datetime64", "dtype",
    "float16", "float32", "float64", "floating", "generic", "inexact", "int16", "int32", "int64", "int8",
    "int_", "integer", "intp", "number", "object_", "signedinteger", "str_", "timedelta64", "uint",
    "uint16", "uint32", "uint64", "uint8", "unsignedinteger",
    # What is known of types
    "can_cast", "errstate", "exceptions", "finfo", "get_printoptions", "iinfo", "isdtype", "issubdtype",
    "ndarray", "printoptions", "promote_types", "result_type", "set_printoptions", "ufunc", "vectorize",
    # Constructors
    "arange", "array", "asanyarray", "asarray", "ascontiguousarray", "asfortranarray", "copy", "diag",
    "diagflat", "empty", "empty_like", "eye", "from_dlpack", "frombuffer", "fromfunction", "fromiter",
    "full", "full_like", "geomspace", "identity", "indices", "linspace", "logspace", "meshgrid", "mgrid",
    "ogrid", "ones", "ones_like", "tri", "tril", "triu", "vander", "zeros", "zeros_like",
    # Files
    "genfromtxt", "load", "loadtxt", "save", "savetxt", "savez",
    # Shapes
    "append", "array_split", "atleast_1d", "atleast_2d", "atleast_3d", "block", "broadcast_arrays",
    "broadcast_shapes", "broadcast_to", "c_", "column_stack", "concat", "concatenate", "delete", "diagonal",
    "dsplit", "dstack", "expand_dims", "flip", "fliplr", "flipud", "hsplit", "hstack", "insert", "ix_",
    "matrix_transpose", "moveaxis", "ndim", "pad", "permute_dims", "r_", "ravel", "repeat", "reshape",
    "resize", "roll", "rollaxis", "rot90", "s_", "shape", "size", "split", "squeeze", "stack", "swapaxes",
    "tile", "vsplit", "vstack",
    # Choosing and placing
    "argwhere", "choose", "clip", "compress", "copyto", "diag_indices", "extract", "fill_diagonal",
    "flatnonzero", "ndenumerate", "ndindex", "nonzero", "piecewise", "place", "put", "put_along_axis",
    "putmask", "ravel_multi_index", "select", "take", "take_along_axis", "tril_indices", "triu_indices",
    "unravel_index", "where",
    # Comparing
    "all", "allclose", "any", "array_equal", "array_equiv", "equal", "greater", "greater_equal", "isclose",
    "iscomplex", "iscomplexobj", "isfinite", "isinf", "isnan", "isneginf", "isposinf", "isreal",
    "isrealobj", "isscalar", "less", "less_equal", "logical_and", "logical_not", "logical_or",
    "logical_xor", "not_equal",
    # Bits
    "bitwise_and", "bitwise_left_shift", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "invert",
    "left_shift", "right_shift",
    # Order and sets
    "argmax", "argmin", "argpartition", "argsort", "count_nonzero", "intersect1d", "isin", "lexsort",
    "partition", "searchsorted", "setdiff1d", "setxor1d", "sort", "union1d", "unique", "unique_counts",
    "unique_inverse", "unique_values",
    # Showing
    "apply_along_axis", "array2string", "array_repr", "array_str",
]
# fmt: on


def no_such_name(module: str, name: str, there: ModuleType) -> AttributeError:
    """Return the error for a name that `module` lacks, which says so where NumPy's `there` has it.

    Parameters
    ----------
    module : str
        The name of the module that was asked.
    name : str
        What it was asked for.
    there : module
        NumPy's module of the same purpose.

    Examples
    --------
    >>> import numpy
    >>> from mlmath_rs._numpy import no_such_name
    >>> no_such_name("mlmath_rs", "fft", numpy)
    AttributeError("mlmath_rs has no 'fft'; use numpy.fft")
    """
    if name in there.__all__:
        message = f"{module} has no {name!r}; use {there.__name__}.{name}"
    else:
        message = f"module {module!r} has no attribute {name!r}"
    return AttributeError(message, name=name)
