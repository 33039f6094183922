"""Principal components as an estimator: fit, transform, and what follows."""

import warnings
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from mlmath_rs import _core
from mlmath_rs.errors import ConvergenceWarning, LinAlgError
from mlmath_rs.linalg import _components
from mlmath_rs.linalg._components import Found, Options
from mlmath_rs.linalg._estimator import Transformer, finite, samples, weights_of

__all__ = ["PCA"]


class PCA(Transformer):
    """Principal component analysis: the orthogonal directions in which samples vary most.

    scikit-learn's parameters, attributes and signs, with weights, missing values and exact batches
    (:meth:`partial_fit`) besides. It can be cloned, searched over and put into pipelines there.

    Parameters
    ----------
    n_components : int, float, "mle" or None
        How many components are kept: a number; the share of the variance that they must exceed, in
        (0, 1); the most probable number (Minka 2000), for no fewer samples than features; all.
    copy : bool
        Accepted as scikit-learn's: the input is never changed.
    whiten : bool
        Whether scores are divided by their standard deviations; scores along components without any
        variance are 0 then.
    svd_solver : {"auto", "full", "covariance_eigh", "randomized"}
        Not with ``nan_policy="em"``, which has none.
        ``"full"``: the singular value decomposition of the centred data, to full precision.
        ``"covariance_eigh"``: the eigenvectors of the covariance, faster for many samples, but
        squares lose digits: a variance has a relative error of about ``eps`` times the ratio of the
        largest to it, and singular values below ``sqrt(eps)`` times the largest (1e-8; 3e-4 in
        float32) have no digit. ``"randomized"``: a few components of large data, approximately.
        ``"auto"``: the covariance for at most 1000 features and ten times as many samples;
        randomized where more than 500 samples or features meet fewer than 80 % of the components;
        full else.
    tol : float
        Of ``nan_policy="em"``: the change at which it ends, of a loading, relative to the largest.
    iterated_power : int or "auto"
        Power iterations of the randomized solver; 4, or 7 for less than a tenth of all components.
    n_oversamples : int
        Random vectors of the randomized solver above the number of components.
    power_iteration_normalizer : {"auto", "QR", "LU", "none"}
        What keeps vectors apart in the randomized solver; ``"auto"`` is QR on the shorter side only,
        which leaves no digit of singular values below ``sqrt(eps)`` times the largest.
    random_state : None, int, Generator or RandomState
        Where the randomized solver's vectors come from. `None` is a fixed seed: the same data give
        the same components.
    nan_policy : {"raise", "em", "pairwise"}
        What NaN means: an error; a missing value that is integrated out (expectation and
        maximisation under probabilistic PCA, for an integer `n_components`); a missing value that
        leaves its row out of covariances with that column, as pandas' ``cov``. With the last two,
        :meth:`transform` completes rows by what the model expects of them.
    max_iter : int
        The most iterations of ``nan_policy="em"``.

    Attributes
    ----------
    components_ : (n_components_, n_features) ndarray
        Unit vectors, by descending variance. The largest element of each by magnitude, the first one
        of equal ones, is positive (scikit-learn's rule since 1.5).
    explained_variance_, explained_variance_ratio_, singular_values_ : (n_components_,) ndarray
        Variances along the components, with divisor ``n - 1``; their shares of the total; singular
        values of the centred data.
    mean_ : (n_features,) ndarray
        The mean of the samples.
    noise_variance_ : float
        The mean variance along the directions left out.
    n_components_, n_features_in_, n_samples_, n_iter_ : int
        Components kept; features; rows, of all batches and whatever their weights; iterations of EM (1
        where there were none).

    See Also
    --------
    svd : The decomposition alone.

    Notes
    -----
    Pearson 1901; randomized: Halko, Martinsson and Tropp 2011; batches: Ross et al. 2008, with
    nothing left out; EM: Tipping and Bishop 1999, Ilin and Raiko 2010. A weight says how often a
    sample counts, so integers are repeated rows; variances are divided by the sum of weights less 1.

    Examples
    --------
    >>> import mlmath_rs as np
    >>> from mlmath_rs.linalg import PCA
    >>> X = np.array([[-1, -1], [-2, -1], [-3, -2], [1, 1], [2, 1], [3, 2]])
    >>> pca = PCA(n_components=1).fit(X)
    >>> pca.components_.round(4), pca.explained_variance_ratio_.round(4)
    (array([[0.8385, 0.5449]]), array([0.9924]))
    >>> pca.inverse_transform(pca.transform(X[:1])).round(2)
    array([[-1.16, -0.75]])
    """

    components_: np.ndarray
    explained_variance_: np.ndarray
    explained_variance_ratio_: np.ndarray
    singular_values_: np.ndarray
    mean_: np.ndarray
    noise_variance_: Any
    n_components_: int
    n_samples_: int
    n_iter_: int

    def __init__(
        self,
        n_components: int | float | str | None = None,
        *,
        copy: bool = True,
        whiten: bool = False,
        svd_solver: str = "auto",
        tol: float = 1e-6,
        iterated_power: int | str = "auto",
        n_oversamples: int = 10,
        power_iteration_normalizer: str = "auto",
        random_state: Any = None,
        nan_policy: str = "raise",
        max_iter: int = 1000,
    ) -> None:
        self.n_components = n_components
        self.copy = copy
        self.whiten = whiten
        self.svd_solver = svd_solver
        self.tol = tol
        self.iterated_power = iterated_power
        self.n_oversamples = n_oversamples
        self.power_iteration_normalizer = power_iteration_normalizer
        self.random_state = random_state
        self.nan_policy = nan_policy
        self.max_iter = max_iter

    def _allows_gaps(self) -> bool:
        return self.nan_policy != "raise"

    def fit(self, X: ArrayLike, y: Any = None, *, sample_weight: ArrayLike | None = None) -> Self:
        """Find the components of samples; what was fitted before is forgotten.

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            Real; float32 stays float32.
        y : object
            Ignored.
        sample_weight : (n_samples,) array_like, optional
            How often each sample counts: not negative, with a sum above 1.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            For parameters, shapes and weights that do not fit, NaN that is not allowed, infinity, and
            a single sample.
        TypeError
            For weights, `whiten` or `random_state` of another kind.
        """
        x = samples(X)
        options = Options(**self.get_params())
        weights = weights_of(sample_weight, x)
        self._publish(_components.find(x, weights, options), x.shape, options)
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None, *, sample_weight: ArrayLike | None = None) -> Self:
        """Add a batch to the samples so far; batches give what the whole gives, to rounding.

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            Complete: missing values cannot be merged. Unlike :meth:`fit`, a first batch may be a single
            row: its variance is 0 until more come.
        y : object
            Ignored.
        sample_weight : (n_samples,) array_like, optional
            As of :meth:`fit`.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            As :meth:`fit`; if the first batches have fewer samples than `n_components`; after a fit
            that kept only a part: randomized, or of missing values.
        """
        x = samples(X)
        options = Options(**self.get_params())
        weights = weights_of(sample_weight, x)
        before: Found | None = None
        if hasattr(self, "n_features_in_"):
            x = self._as_fitted(x)
            before = self._whole
            if before is None:
                raise ValueError(
                    "partial_fit: the fit before kept only a part of the decomposition; begin with "
                    "partial_fit, or with svd_solver='full' and no missing values"
                )
            x = x.astype(before.mean.dtype, copy=False)
            weights = None if weights is None else weights.astype(x.dtype, copy=False)
        rows = len(x) + (self.n_samples_ if before else 0)
        found = _components.merge(before, rows - len(x), x, weights)
        self._publish(found, (rows, x.shape[1]), options)
        return self

    def _publish(self, found: Found, shape: tuple[int, ...], options: Options) -> None:
        """Set the attributes from all components found of samples of this shape."""
        dtype = found.mean.dtype
        values = found.values.astype(np.float64)
        with np.errstate(over="ignore"):
            variances = values**2 / max(found.weight - 1, np.finfo(float).tiny)
        if found.norm > 0:
            ratio = (values / found.norm) ** 2
        else:
            ratio = np.zeros_like(values)
            if shape[0] > 1:
                message = "PCA: the samples are all equal: the ratios of variances are set to zero"
                warnings.warn(message, RuntimeWarning, stacklevel=3)
        kept = _components.kept(options, variances, ratio, shape)
        self.n_features_in_ = shape[1]
        self.n_samples_ = shape[0]
        self.n_components_ = kept
        self.n_iter_ = max(found.iterations, 1)
        self.mean_ = found.mean
        self.components_ = found.vectors[:kept].copy()
        self.explained_variance_ = variances[:kept].astype(dtype)
        self.explained_variance_ratio_ = ratio[:kept].astype(dtype)
        self.singular_values_ = found.values[:kept].copy()
        self.noise_variance_ = dtype.type(_components.noise(found, variances, kept, shape))
        self._whole = found if found.whole else None
        if not found.converged:
            message = f"PCA: nan_policy='em' did not reach tol={self.tol} in {found.iterations} iterations"
            warnings.warn(message, ConvergenceWarning, stacklevel=3)

    def _scales(self) -> np.ndarray | None:
        """Return the standard deviations that scores are divided by, if they are; 0 for what is rounding."""
        if not self.whiten:
            return None
        scales = np.sqrt(self.explained_variance_)
        side = max(self.n_samples_, self.n_features_in_)
        least = side * np.finfo(scales.dtype).eps * scales.max(initial=0)
        return np.where(scales > least, scales, 0).astype(scales.dtype)

    def _model(self, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return `x`, mean and components in one type."""
        dtype = np.result_type(x, self.components_)
        return x.astype(dtype, copy=False), [
            part.astype(dtype, copy=False) for part in (self.mean_, self.components_)
        ]

    def transform(self, X: ArrayLike) -> np.ndarray:
        """Return the scores of samples: their distances from the mean along each component.

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            With ``nan_policy="em"`` or ``"pairwise"``, NaN is what the model expects, given the rest of
            the row.

        Returns
        -------
        (n_samples, n_components_) ndarray
            Scores.

        Raises
        ------
        ValueError
            If `X` has another number of features, NaN that is not allowed, or infinity.
        """
        x, (mean, components) = self._model(self._as_fitted(X))
        scales = self._scales()
        scales = None if scales is None else scales.astype(x.dtype, copy=False)
        with finite(x, _components.ALLOW):
            if self._allows_gaps() and np.isnan(x).any():
                variances = self.explained_variance_.astype(x.dtype, copy=False)
                x = _core.expected_values(x, mean, components, variances, float(self.noise_variance_))
            return _core.scores_of_components(x, mean, components, scales)

    def fit_transform(
        self, X: ArrayLike, y: Any = None, *, sample_weight: ArrayLike | None = None
    ) -> np.ndarray:
        """Find the components of samples, and return their scores.

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            As of :meth:`fit`.
        y : object
            Ignored.
        sample_weight : (n_samples,) array_like, optional
            As of :meth:`fit`.

        Returns
        -------
        (n_samples, n_components_) ndarray
            As of :meth:`transform`.
        """
        return self.fit(X, y, sample_weight=sample_weight).transform(X)

    def inverse_transform(self, X: ArrayLike) -> np.ndarray:
        """Return the samples that have these scores, in the space of the components.

        Parameters
        ----------
        X : (n_samples, n_components_) array_like
            Scores, whitened if `whiten` says so.

        Returns
        -------
        (n_samples, n_features) ndarray
            Samples.
        """
        self._fitted()
        z, (mean, components) = self._model(samples(X))
        scales = self._scales()
        scales = None if scales is None else scales.astype(z.dtype, copy=False)
        return _core.scores_of_components(z, mean, components, scales, True)

    def get_covariance(self) -> np.ndarray:
        """Return the covariance of the model: components, and noise in all other directions.

        Returns
        -------
        (n_features, n_features) ndarray
            ``C.T @ diag(explained_variance_ - noise_variance_) @ C + noise_variance_ * I``.
        """
        self._fitted()
        noise = self.noise_variance_
        above = np.maximum(self.explained_variance_ - noise, 0).astype(self.components_.dtype)
        return _core.spectral_sum(self.components_, above, float(noise))

    def get_precision(self) -> np.ndarray:
        """Return the inverse of the covariance of the model, from its spectrum.

        Returns
        -------
        (n_features, n_features) ndarray
            The precision.

        Raises
        ------
        numpy.linalg.LinAlgError
            If a direction has no variance, or none is left for the noise.
        """
        self._refuse_flat()
        rest = 1 / self.noise_variance_ if self.n_components_ < self.n_features_in_ else 0
        above = (1 / self.explained_variance_ - rest).astype(self.components_.dtype)
        return _core.spectral_sum(self.components_, above, float(rest))

    def score_samples(self, X: ArrayLike) -> np.ndarray:
        """Return the logarithm of each sample's density under the model (Tipping and Bishop 1999).

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            Complete.

        Returns
        -------
        (n_samples,) ndarray
            Log-likelihoods.

        Raises
        ------
        numpy.linalg.LinAlgError
            As :meth:`get_precision`.
        ValueError
            As :meth:`transform`, and for NaN.
        """
        x, (mean, components) = self._model(self._as_fitted(X))
        self._refuse_flat()
        variances = self.explained_variance_.astype(x.dtype, copy=False)
        noise = float(self.noise_variance_)
        with finite(x, "missing values cannot be scored"):
            return _core.log_likelihood_of_components(x, mean, components, variances, noise)

    def score(self, X: ArrayLike, y: Any = None) -> float:
        """Return the mean of :meth:`score_samples`.

        Parameters
        ----------
        X : (n_samples, n_features) array_like
            Complete.
        y : object
            Ignored.

        Returns
        -------
        float
            The mean log-likelihood.
        """
        return float(np.mean(self.score_samples(X)))

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return names for the scores: pca0, pca1, and so on.

        Parameters
        ----------
        input_features : object
            Ignored.

        Returns
        -------
        (n_components_,) ndarray of object
            Names.
        """
        self._fitted()
        return np.array([f"pca{k}" for k in range(self.n_components_)], dtype=object)

    def _refuse_flat(self) -> None:
        """Refuse a model whose covariance is singular."""
        self._fitted()
        flat = self.n_components_ < self.n_features_in_ and not self.noise_variance_ > 0
        if flat or not (self.explained_variance_ > 0).all():
            raise LinAlgError(
                "PCA: the covariance of the model is singular: expected variance in all directions, got "
                f"noise_variance_={self.noise_variance_} beside {self.n_components_} components of "
                f"{self.n_features_in_} features"
            )
