"""Rasa without TensorFlow: `python -m helder.brain.lightly train|run|…` in place of `rasa …`.

`import rasa.core.agent` imports TensorFlow, keras and jax: two thirds of its time and memory
(10 s and 530 MB; without, 3.6 s and 180 MB), for classifiers and policies that are not in our
pipeline. `install()` puts placeholders in their place before Rasa is imported. A placeholder can be
named, subclassed, used in a type annotation and as a decorator, which is all that Rasa does with
TensorFlow while it is imported. Whatever would compute with it raises `LeftOutError`.

Nothing of Rasa is changed. A config that does need TensorFlow (DIETClassifier, TEDPolicy …) is
trained and served with plain `rasa`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

LEFT_OUT = frozenset(
    {"tensorflow", "tensorflow_addons", "tensorflow_hub", "tensorflow_text", "keras", "jax"}
)


class LeftOutError(RuntimeError):
    """Something tried to compute with a library that was left out."""


class AlreadyImportedError(RuntimeError):
    """`install` came too late: the real library is there."""


class _Placeholder(type):
    """The type of every stand-in; a stand-in is a class, so that it can be subclassed."""

    def __getattr__(cls, name: str) -> Any:
        return _stand_in(cls, f"{cls.__module__}.{cls.__name__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], FunctionType):
            return args[0]  # @tf.function
        raise LeftOutError(
            f"{cls.__module__}.{cls.__name__} is needed, but TensorFlow is left out of this "
            "process (helder.brain.lightly). Take the component that needs it out of config.yml, "
            "or use plain `rasa`."
        )


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return _stand_in(self, self.__name__, name)


class _Finder(MetaPathFinder, Loader):
    """Answers imports of the libraries left out, and of whatever is in them."""

    def find_spec(
        self,
        fullname: str,
        path: object,  # noqa: ARG002 - importlib's interface
        target: object = None,  # noqa: ARG002 - the same
    ) -> ModuleSpec | None:
        """Importlib's question, answered for LEFT_OUT only."""
        if fullname.partition(".")[0] not in LEFT_OUT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A placeholder has no code to run."""


def install() -> None:
    """Leave the libraries out of this process. Call it before anything imports rasa.

    Calling it again does nothing. Raises AlreadyImportedError when one of them is loaded already.
    """
    if installed():
        return
    loaded = sorted(LEFT_OUT & sys.modules.keys())
    if loaded:
        raise AlreadyImportedError(f"{', '.join(loaded)}: import helder.brain.lightly earlier.")
    sys.meta_path.insert(0, _Finder())


def installed() -> bool:
    """Whether this process leaves them out."""
    return any(isinstance(finder, _Finder) for finder in sys.meta_path)


def _stand_in(owner: ModuleType | type, path: str, name: str) -> Any:
    """A new stand-in for `path.name`, kept on its owner so that it is the same next time."""
    if name.startswith("__"):
        raise AttributeError(name)
    stand_in = _Placeholder(name, (), {"__module__": path})
    setattr(owner, name, stand_in)
    return stand_in


def main(arguments: Sequence[str] | None = None) -> None:
    """Rasa's own command line, in a process without TensorFlow."""
    install()
    sys.argv = ["rasa", *(sys.argv[1:] if arguments is None else arguments)]
    from rasa.__main__ import main as rasa_main

    rasa_main()


if __name__ == "__main__":
    main()
