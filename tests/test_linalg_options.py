"""Options of a wrong type: the error names the option, what was expected, and what came."""

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import linalg

EYE = np.eye(3)
ONES = np.ones(3)
AXIS = "axis: expected None, an integer or a tuple of integers"

TAKE_THREADS = {
    "inv": (EYE,),
    "solve": (EYE, ONES),
    "det": (EYE,),
    "norm": (ONES,),
    "vector_norm": (ONES,),
    "matrix_norm": (EYE,),
    "cholesky": (EYE,),
    "qr": (EYE,),
    "lu": (EYE,),
    "lu_factor": (EYE,),
    "slogdet": (EYE,),
    "svd": (EYE,),
    "svdvals": (EYE,),
    "pinv": (EYE,),
    "matrix_rank": (EYE,),
    "cond": (EYE,),
    "null_space": (EYE,),
    "orth": (EYE,),
    "polar": (EYE,),
    "lstsq": (EYE, ONES),
    "eig": (EYE,),
    "eigh": (EYE,),
    "eigvals": (EYE,),
    "eigvalsh": (EYE,),
    "expm": (EYE,),
    "sqrtm": (EYE,),
    "logm": (EYE,),
    "schur": (EYE,),
    "normalize": (ONES,),
    "gram_schmidt": (EYE,),
    "solve_triangular": (EYE, ONES),
    "cho_solve": ((EYE, True), ONES),
    "lu_solve": ((EYE, np.arange(3)), ONES),
    "transpose_copy": (EYE,),
    "scale": (2.0, ONES),
    "axpy": (2.0, ONES, ONES),
    "matmul": (EYE, EYE),
}


@pytest.mark.parametrize("name", TAKE_THREADS)
def test_threads_are_a_positive_integer(name):
    function, arguments = getattr(linalg, name), TAKE_THREADS[name]
    function(*arguments, threads=1)
    for bad, shown in (("a", "'a'"), (1.5, "1.5"), (True, "True"), ([1], r"\[1\]")):
        with pytest.raises(TypeError, match=f"^threads: expected an integer >= 1 or None, got {shown}"):
            function(*arguments, threads=bad)
    for bad in (0, -2):
        with pytest.raises(ValueError, match=f"^threads: must be >= [01], got {bad}"):
            function(*arguments, threads=bad)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linalg.inv(EYE, errors=None), "errors: expected a string, got None"),
        (lambda: linalg.inv(EYE, return_info="x"), "return_info: expected True or False, got 'x'"),
        (lambda: linalg.solve(EYE, ONES, errors=1), "errors: expected a string, got 1"),
        (lambda: linalg.cholesky(EYE, upper="x"), "upper: expected True or False, got 'x'"),
        (lambda: linalg.cholesky(EYE, errors=3), "errors: expected a string, got 3"),
        (lambda: linalg.norm(ONES, [1]), r"ord: expected a number or a string, got \[1\]"),
        (
            lambda: linalg.norm(ONES, axis="x"),
            f"{AXIS}, got 'x'",
        ),
        (
            lambda: linalg.norm(ONES, axis=1.5),
            f"{AXIS}, got 1.5",
        ),
        (lambda: linalg.norm(ONES, keepdims=None), "keepdims: expected True or False, got None"),
        (lambda: linalg.vector_norm(ONES, ord=None), "ord: expected a number or a string, got None"),
        (lambda: linalg.normalize(ONES, "x"), "ord: expected a number, got 'x'"),
        (lambda: linalg.normalize(ONES, axis=None), "axis: expected an integer, got None"),
        (lambda: linalg.normalize(ONES, zero=0), "zero: expected a string, got 0"),
        (lambda: linalg.matrix_rank(EYE, hermitian="x"), "hermitian: expected True or False, got 'x'"),
        (lambda: linalg.lu(EYE, permute_l="x"), "permute_l: expected True or False, got 'x'"),
        (lambda: linalg.lu_factor(EYE, check_finite="x"), "check_finite: expected True or False, got 'x'"),
        (lambda: linalg.lstsq(EYE, ONES, "x"), "rcond: expected a number, got 'x'"),
        (lambda: linalg.power_iteration(EYE, tol="x"), "tol: expected a number, got 'x'"),
        (lambda: linalg.power_iteration(EYE, maxiter="x"), "maxiter: expected an integer, got 'x'"),
        (lambda: ml.matmul(EYE, EYE, overflow=1), "overflow: expected a string, got 1"),
        (lambda: ml.trace(EYE, "x"), "offset: expected an integer, got 'x'"),
        (lambda: ml.trace(EYE, axis1=None), "axis1: expected an integer, got None"),
    ],
)
def test_options_of_a_wrong_type_are_named(call, message):
    with pytest.raises(TypeError, match=f"^{message}"):
        call()


def test_integers_and_numpys_own_scalars_are_taken():
    assert linalg.cholesky(EYE, upper=1).shape == (3, 3)
    assert linalg.matrix_rank(EYE, hermitian=np.True_) == 3
    assert linalg.norm(ONES, np.float32(1)) == 3
    assert linalg.norm(EYE, axis=np.int64(0)).shape == (3,)
    assert linalg.inv(EYE, threads=np.int32(2)).shape == (3, 3)
