"""What scikit-learn asks of an estimator, without scikit-learn: parameters, tags, samples."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import numpy as np

from mlmath_rs.errors import LinAlgError, NotFittedError


class Transformer:
    """A class whose parameters are the keywords of its constructor, which only keeps them.

    scikit-learn is imported only where scikit-learn itself asks for tags.
    """

    n_features_in_: int

    @classmethod
    def _names(cls) -> list[str]:
        return [name for name in inspect.signature(cls).parameters if name != "self"]

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by their names.

        Parameters
        ----------
        deep : bool
            Of no meaning here, as no parameter is an estimator.

        Returns
        -------
        dict
            As they were given.
        """
        return {name: getattr(self, name) for name in self._names()}

    def set_params(self, **params: Any) -> Self:
        """Set parameters, which are checked by the next fit.

        Parameters
        ----------
        **params
            Of the constructor.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For a name that is none of a parameter.
        """
        for name, value in params.items():
            if name not in self._names():
                raise ValueError(
                    f"{name!r} is no parameter of {type(self).__name__}: expected one of {self._names()}"
                )
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults = {name: p.default for name, p in inspect.signature(type(self)).parameters.items()}
        shown = [
            f"{name}={value!r}" for name, value in self.get_params().items() if value is not defaults[name]
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def _allows_gaps(self) -> bool:
        return False

    def __sklearn_tags__(self) -> Any:
        from sklearn.utils import InputTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None,
            target_tags=TargetTags(required=False),
            transformer_tags=TransformerTags(preserves_dtype=["float64", "float32"]),
            input_tags=InputTags(allow_nan=self._allows_gaps()),
        )

    def _fitted(self) -> None:
        """Refuse to go on before a fit."""
        if not hasattr(self, "n_features_in_"):
            raise NotFittedError(f"{type(self).__name__} is not fitted yet: call fit first")

    def _as_fitted(self, value: Any) -> np.ndarray:
        """Return `value` as samples with as many features as were fitted."""
        self._fitted()
        x = samples(value)
        if x.shape[1] != self.n_features_in_:
            raise ValueError(
                f"X has {x.shape[1]} features, but {type(self).__name__} is expecting "
                f"{self.n_features_in_} features as input"
            )
        return x


def samples(value: Any) -> np.ndarray:
    """Return `value` as a matrix of floats in C order, a row for each sample."""
    if hasattr(value, "toarray") and "sparse" in type(value).__module__:
        raise TypeError(f"X: expected a dense array, got a sparse {type(value).__name__}: use X.toarray()")
    x = np.asarray(value)
    if x.dtype.kind == "c":
        raise ValueError(f"Complex data not supported: X has dtype {x.dtype}")
    if x.dtype.kind not in "biufO":
        raise TypeError(f"X: expected numbers, got dtype {x.dtype}")
    # Objects are what tables with mixed columns become; each must be a number.
    dtype = np.float32 if x.dtype in (np.float16, np.float32) else np.float64
    if x.ndim != 2:
        raise ValueError(
            f"X: expected a matrix with a row for each sample, got shape {x.shape}. Reshape your data: "
            "X.reshape(-1, 1) for one feature, X.reshape(1, -1) for one sample"
        )
    for axis, what in enumerate(("sample", "feature")):
        if x.shape[axis] == 0:
            raise ValueError(f"X: got 0 {what}(s) (shape={x.shape}) while a minimum of 1 is required.")
    x = np.require(x, dtype, ["C", "A"])
    return x if type(x) is np.ndarray else x.view(np.ndarray)


@contextmanager
def finite(x: np.ndarray, hint: str) -> Iterator[None]:
    """Say which of NaN and infinity a kernel refused in `x`, and of NaN what can be done."""
    try:
        yield
    except LinAlgError:
        for what, wrong in (("no infinity", np.isinf(x)), ("finite numbers", np.isnan(x))):
            if wrong.any():
                row, column = np.argwhere(wrong)[0]
                got, then = ("NaN", f": {hint}") if what == "finite numbers" else (x[row, column], "")
                raise LinAlgError(
                    f"X: expected {what}, got {got} in row {row}, column {column}{then}"
                ) from None
        raise


def weights_of(sample_weight: Any, x: np.ndarray) -> np.ndarray | None:
    """Return the weights of the rows of `x`, in its type, or `None` where all count once."""
    if sample_weight is None:
        return None
    given = np.asarray(sample_weight)
    try:
        if given.dtype.kind not in "biufO":
            raise TypeError
        weights = np.require(given, x.dtype, ["C", "A"])
    except (TypeError, ValueError):
        raise TypeError(
            f"sample_weight: expected numbers, got dtype {given.dtype} from {sample_weight!r:.60}"
        ) from None
    if weights.shape != x.shape[:1]:
        raise ValueError(
            f"sample_weight: expected shape {x.shape[:1]}, a weight for each row of X, got {weights.shape}"
        )
    if not weights.any():
        raise ValueError("sample_weight: expected weights that are not all zero")
    return weights.view(np.ndarray)
