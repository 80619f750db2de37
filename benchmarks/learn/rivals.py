"""What a scorecard is measured against: the same leads, as each library likes them, with its own defaults."""

import warnings

import numpy as np
import numpy.typing as npt
from interpret.glassbox import ExplainableBoostingClassifier
from lightgbm import LGBMClassifier
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from winnow.core.learning.study import Study

Matrix = npt.NDArray[np.float64]

#: A text that fewer leads have is not worth a column of its own to a logistic regression.
_LEAST_LEADS = 20


def matrices(old: Study, new: Study) -> tuple[Matrix, Matrix, list[int]]:
    """Both parts as numbers, NaN for the unknown, and the places of the texts, whose numbers are codes.

    Codes are those of the older part; a text that is new is unknown.
    """
    before, after, texts = [], [], []
    for place, signal in enumerate(old.signals):
        columns = old.columns[signal.name], new.columns[signal.name]
        if signal.kind is str:
            texts.append(place)
            codes = {value: float(code) for code, value in enumerate(dict.fromkeys(columns[0])) if value is not None}
            before.append(np.array([codes.get(value, np.nan) for value in columns[0]]))  # type: ignore[arg-type]  # None is no code, and so unknown
            after.append(np.array([codes.get(value, np.nan) for value in columns[1]]))  # type: ignore[arg-type]  # None is no code, and so unknown
        else:
            before.append(np.array(columns[0], dtype=np.float64))
            after.append(np.array(columns[1], dtype=np.float64))
    return np.column_stack(before), np.column_stack(after), texts


def logistic(old: Study, new: Study) -> list[float]:
    """Probabilities of the newer leads by a logistic regression on standardised numbers and one column a text."""
    before, after, texts = matrices(old, new)
    numbers = [place for place in range(before.shape[1]) if place not in texts]
    model = make_pipeline(
        make_column_transformer(
            (make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
            (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=_LEAST_LEADS), texts),
        ),
        LogisticRegression(max_iter=2000),
    )
    return _chances(model.fit(before, old.truth), after)


def boosted_trees(old: Study, new: Study) -> list[float]:
    """The same by LightGBM."""
    before, after, texts = matrices(old, new)
    model = LGBMClassifier(n_jobs=2, random_state=1, verbose=-1)
    return _chances(model.fit(before, old.truth, categorical_feature=texts), after)


def boosting_machine(old: Study, new: Study, *, interactions: int | str = "3x") -> list[float]:
    """The same by the explainable boosting machine; as it ships it has three pairs for every two columns or more."""
    before, after, texts = matrices(old, new)
    kinds = ["nominal" if place in texts else "continuous" for place in range(before.shape[1])]
    model = ExplainableBoostingClassifier(feature_types=kinds, interactions=interactions, n_jobs=2)
    return _chances(model.fit(before, np.asarray(old.truth, dtype=int)), after)


def _chances(model: object, leads: Matrix) -> list[float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # LightGBM gave the columns names, which scikit-learn then misses
        return model.predict_proba(leads)[:, 1].tolist()  # type: ignore[attr-defined,no-any-return]  # by contract of all three
