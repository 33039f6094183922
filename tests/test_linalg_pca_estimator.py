"""PCA among scikit-learn's estimators: its checks, clones, searches, pickles; and without scikit-learn."""

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import estimator_checks_generator

from mlmath_rs.linalg import PCA
from test_linalg_pca import samples

REPEATED = (
    "repeated rows allow more components than weighted ones where there are fewer rows than features, "
    "and those without variance are arbitrary"
)


def failing(estimator):
    """What cannot hold of an estimator, and why."""
    if estimator.svd_solver == "randomized":
        return {"check_fit_score_takes_y": "after a randomized fit, partial_fit refuses to go on"}
    if estimator.n_components is None:
        return {"check_sample_weight_equivalence_on_dense_data": REPEATED}
    return {}


ESTIMATORS = [
    PCA(),
    PCA(1),
    PCA(1, svd_solver="full", whiten=True),
    PCA(1, svd_solver="covariance_eigh"),
    PCA(1, svd_solver="randomized"),
    PCA(1, nan_policy="em"),
]


def checks():
    """Every check of every estimator, with a readable name."""
    with warnings.catch_warnings():
        # That it does not inherit from scikit-learn's base class is the point.
        warnings.simplefilter("ignore")
        for estimator in ESTIMATORS:
            for _, check in estimator_checks_generator(estimator):
                name = getattr(check, "func", check).__name__
                reason = failing(estimator).get(name)
                marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
                yield pytest.param(estimator, check, id=f"{estimator}-{name}", marks=marks)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("estimator", "check"), list(checks()))
def test_scikit_learns_checks_pass(estimator, check):
    check(estimator)


def test_it_is_cloned_pickled_and_printed():
    X = samples(40, 5)
    pca = PCA(2, whiten=True, random_state=3)
    assert repr(clone(pca)) == repr(pca) == "PCA(n_components=2, whiten=True, random_state=3)"
    fitted = pickle.loads(pickle.dumps(pca.fit(X)))
    assert (fitted.transform(X) == pca.transform(X)).all()
    assert clone(pca).get_params() == pca.get_params()


@pytest.mark.filterwarnings("ignore")
def test_it_is_searched_over_in_a_pipeline():
    X = samples(90, 6)
    y = X[:, 0] > np.median(X[:, 0])
    search = GridSearchCV(
        make_pipeline(PCA(), LogisticRegression()), {"pca__n_components": [1, 2, 0.9]}, cv=3
    )
    assert search.fit(X, y).best_score_ > 0.5


def test_scikit_learn_is_not_needed():
    program = (
        "import sys; sys.modules['sklearn'] = None; import numpy as np; from mlmath_rs.linalg import PCA;"
        "print(PCA(1).fit(np.arange(12.0).reshape(6, 2)).transform([[0, 1]]).round(3), PCA(3))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[[-7.071]] PCA(n_components=3)"
