"""The tree of the server's errors, and what HTTP makes of each."""

import inspect
import pickle
from typing import Any

import pytest

from server import errors
from server.web.problems import problem_of

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]
AT_START = {"CatalogError", "SettingsError", "UnsignableError", "UnsupportedSystemError"}
AFTER_ITS_BEGIN = {"ReaderTooSlowError"}
ARGUMENTS: dict[type[errors.ServerError], tuple[Any, ...]] = {
    errors.InvalidParametersError: ([{"field": "a", "message": "b"}],),
    errors.MalformedTextError: ([{"field": "a", "message": "b"}],),
    errors.ParameterError: ("a", "b"),
}


def test_every_error_stands_in_the_drawing() -> None:
    assert set(errors.__all__) == {kind.__name__ for kind in KINDS}
    for kind in KINDS:
        assert issubclass(kind, errors.ServerError)
        assert f" {kind.__name__} " in f"{errors.__doc__}".replace("\n", " "), kind


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.__subclasses__()], ids=lambda kind: kind.__name__)
def test_every_error_of_a_request_has_a_problem(kind: type[errors.ServerError]) -> None:
    error = kind(*ARGUMENTS.get(kind, ("a message",)))
    assert (problem_of(error).title == "Internal error") == (kind.__name__ in AT_START | AFTER_ITS_BEGIN)


def test_an_unknown_error_says_nothing() -> None:
    problem = problem_of(ZeroDivisionError("a secret"))
    assert problem.body("r-1") == {"title": "Internal error", "status": 500, "request_id": "r-1"}


def test_a_refused_parameter_is_readable() -> None:
    error = errors.ParameterError("width", "is too small")
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "width: is too small"
    assert (again.parameter, again.message) == ("width", "is too small")
    invalid = errors.InvalidParametersError([{"field": "a", "message": "is odd"}])
    assert str(invalid) == "invalid parameters\n  a: is odd"
