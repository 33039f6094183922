"""What is reported of a matrix, against NumPy and by matrices of which all is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlmath_rs import linalg


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 99))
def test_rank_and_condition_are_numpys(m, n, seed):
    a = np.random.default_rng(seed).integers(-2, 3, (m, n))
    report = linalg.report(a)
    assert report.rank == np.linalg.matrix_rank(a)
    if report.rank == min(m, n):
        np.testing.assert_allclose(report.condition, np.linalg.cond(a), rtol=1e-9)
    else:
        assert report.condition > 1e14
        assert any(f"rank {report.rank} of {min(m, n)}" in line for line in report.advice)


@pytest.mark.parametrize("n", [1, 2, 9, 40])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_definiteness_follows_the_signs_of_the_eigenvalues(n, dtype):
    rng = np.random.default_rng(n)
    q = np.linalg.qr(rng.standard_normal((n, n)) + 1j * rng.standard_normal((n, n)))[0]
    q = q if np.issubdtype(dtype, np.complexfloating) else np.linalg.qr(q.real)[0]
    up = np.linspace(1, 2, n)
    some = np.where(np.arange(n) == n - 1, 0, up)
    mixed = np.where(np.arange(n) % 2, -up, up)
    spectra = {"positive definite": up, "negative definite": -up, "zero": 0 * up}
    if n > 1:
        spectra |= {"positive semidefinite": some, "negative semidefinite": -some, "indefinite": mixed}
    for expected, values in spectra.items():
        a = ((q * values) @ q.conj().T).astype(dtype)
        assert linalg.report((a + a.conj().T) / 2).definiteness == expected


def test_definiteness_does_not_change_with_the_scaling():
    scales = np.logspace(0, -30, 6)
    a = scales[:, None] * (np.eye(6) + 0.1) * scales
    report = linalg.report(a)
    assert report.definiteness == "positive definite"
    assert report.condition > 1e50 or report.condition == np.inf
    assert report.scaled_condition < 10
    assert "badly scaled" in report.advice[0]


def test_what_is_almost_symmetric_is_told_how_far_it_is():
    a = np.array([[2.0, 1.0], [1.0 + 2e-16, 2.0]])
    report = linalg.report(a)
    assert report.definiteness is None
    assert 0 < report.asymmetry < 1e-15
    assert "symmetric but for rounding" in report.advice[0]
    assert linalg.report([[1.0, 2.0, 3.0]]).asymmetry == np.inf


def test_printed_it_has_a_line_for_each_thing():
    lines = str(linalg.report(np.diag([1.0, 2.0, 3.0]))).splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["rank", "condition", "spread", "symmetry"]
    assert "positive definite" in lines[3]
    assert lines[4].startswith("- use cholesky")


@pytest.mark.parametrize(
    ("a", "match"),
    [
        (np.ones((2, 2, 2)), "one matrix .* got shape"),
        (np.ones(3), "matrices"),
        (np.empty((0, 3)), "a matrix that has elements"),
        ([[np.nan, 1], [1, 1]], "NaN or infinity"),
    ],
)
def test_what_is_no_matrix_is_refused(a, match):
    with pytest.raises(np.linalg.LinAlgError, match=match):
        linalg.report(a)


def test_the_input_is_left_alone():
    a = np.asfortranarray(np.random.default_rng(0).standard_normal((5, 5)))
    before = a.copy()
    linalg.report(a)
    linalg.report(a[::-1, ::2])
    np.testing.assert_array_equal(a, before)
