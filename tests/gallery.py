"""Matrices that are hard for algorithms, by name, of any size and element type."""

import numpy as np
from scipy.linalg import hilbert


def random(n):
    return np.random.default_rng(n).standard_normal((n, n))


def orthogonal(n, seed=1):
    """Return an orthogonal matrix of no structure."""
    return np.linalg.qr(np.random.default_rng([n, seed]).standard_normal((n, n)))[0]


def symmetric(values):
    """Return a symmetric matrix with the given eigenvalues."""
    q = orthogonal(len(values))
    a = (q * values) @ q.T
    return (a + a.T) / 2


def general(values):
    """Return a matrix with the given singular values."""
    return (orthogonal(len(values)) * values) @ orthogonal(len(values), 2)


def kahan(n, angle=1.2):
    """Return Kahan's triangular matrix, whose smallest singular value no diagonal entry shows."""
    sine, cosine = np.sin(angle), np.cos(angle)
    return sine ** np.arange(n)[:, None] * (np.eye(n) - cosine * np.triu(np.ones((n, n)), 1))


def rotations(n):
    """Return rotations of planes by different angles, in no order."""
    a = np.eye(n)
    for k in range(0, n - 1, 2):
        sine, cosine = np.sin(k + 1), np.cos(k + 1)
        a[k : k + 2, k : k + 2] = [[cosine, -sine], [sine, cosine]]
    order = np.random.default_rng(n).permutation(n)
    return a[order][:, order]


def graded(n):
    """Return a matrix without symmetry, whose entries fall to 1e-16."""
    scale = np.logspace(0, -8, n)
    return random(n) * scale[:, None] * scale


def scaled(n, digits):
    """Return a matrix with rows and columns of sizes from 1 to ``10**-digits``, in no order."""
    scale = np.logspace(0, -digits, n)[np.random.default_rng(n).permutation(n)]
    c = np.eye(n) + 0.5 / n * np.cos(np.add.outer(np.arange(n), np.arange(n)))
    return c * scale[:, None] * scale


GALLERY = {
    "zero": lambda n: np.zeros((n, n)),
    "identity": np.eye,
    "rank one": lambda n: np.outer(np.arange(1, n + 1), np.linspace(1, 2, n)),
    "random": random,
    "Hilbert": hilbert,
    "Wilkinson": lambda n: np.diag(np.abs(np.arange(n) - n // 2) * 1.0) + np.eye(n, k=1) + np.eye(n, k=-1),
    "Wilkinson, growth": lambda n: np.where(np.arange(n) == n - 1, 1.0, np.eye(n) - np.tri(n, k=-1)),
    "Kahan": kahan,
    "graded": graded,
    "graded upwards": lambda n: graded(n)[::-1, ::-1],
    "scaled": lambda n: scaled(n, 6),
    "Jordan": lambda n: 2 * np.eye(n) + np.eye(n, k=1),
    "nilpotent": lambda n: np.eye(n, k=1),
    "defective": lambda n: orthogonal(n) @ (np.eye(n) + np.triu(np.ones((n, n)), 1)) @ orthogonal(n).T,
    "rotations": rotations,
    "permutation": lambda n: np.roll(np.eye(n), 1, axis=0),
    "small integers": lambda n: np.random.default_rng(n).integers(-1, 2, (n, n)).astype(float),
    "geometric": lambda n: general(np.logspace(0, -6, n)),
    "one small": lambda n: general(np.where(np.arange(n) < n - 1, 1.0, 1e-6)),
    "clustered": lambda n: symmetric(1 + np.arange(n) * 1e-9),
    "two clusters": lambda n: symmetric(np.where(np.arange(n) < n // 2, 1.0, -1.0)),
    "definite": lambda n: symmetric(np.logspace(0, -4, n)),
}

# Powers of two that take numbers near the ends of the range, and into the denormal ones.
SIZES = {"huge": 0.95, "tiny": -0.95, "denormal": -1.02}


def matrix(name, n, dtype, size=""):
    """Return a matrix of the gallery; a complex one is a unitary diagonal similarity of the real one."""
    dtype = np.dtype(dtype)
    a = np.asarray(GALLERY[name](n), dtype=np.float64)
    if size:
        a = np.ldexp(a, int(SIZES[size] * np.finfo(dtype).maxexp))
    if dtype.kind == "c":
        phase = np.exp(1j * np.arange(n))
        a = a * np.outer(phase, phase.conj())
    return a.astype(dtype)
