"""Trained components on disk: JSON and numpy arrays, no pickle, every byte accounted for."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.shared.exceptions import RasaException

FORMAT = 2
Arrays = dict[str, npt.NDArray[Any]]


class DamagedModelError(RasaException):
    """A stored component that is incomplete, altered, or of another format."""


def save(folder: Path, meta: Mapping[str, Any], arrays: Arrays) -> None:
    """Write `arrays.npz` and `meta.json`, which carries the other's SHA-256 and its own."""
    np.savez(folder / "arrays.npz", **arrays)
    body = {**meta, "format": FORMAT, "arrays": _digest((folder / "arrays.npz").read_bytes())}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    stored = {"body": body, "sha256": _digest(text.encode())}
    (folder / "meta.json").write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> tuple[dict[str, Any], Arrays]:
    """Read what `save` wrote. Raises DamagedModelError when a byte of it has changed.

    The sums guard against accidents; a thief who can write the model can also write its sums.
    """
    try:
        stored = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        body, packed = stored["body"], (folder / "arrays.npz").read_bytes()
        text = json.dumps(body, ensure_ascii=False, sort_keys=True)
        if stored["sha256"] != _digest(text.encode()) or body["arrays"] != _digest(packed):
            raise DamagedModelError(_damaged(folder, "its checksum does not fit"))
        if body["format"] != FORMAT:
            raise DamagedModelError(_damaged(folder, f"it has format {body['format']}"))
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            return body, {key: arrays[key] for key in arrays.files}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedModelError(_damaged(folder, type(error).__name__)) from error


def pack(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    """Texts without line breaks as one array of UTF-8 bytes."""
    return np.frombuffer("\n".join(lines).encode("utf-8"), dtype=np.uint8)


def unpack(stored: npt.NDArray[Any]) -> list[str]:
    """The texts that `pack` packed."""
    text = stored.astype(np.uint8).tobytes().decode("utf-8")
    return text.split("\n") if text else []


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _damaged(folder: Path, why: str) -> str:
    return (
        f"The trained model's part '{folder.name}' cannot be used ({why}). "
        "Train again with `make train`."
    )
