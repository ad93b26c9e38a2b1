"""What `helder check` says about formatting is said when formatting failed, and only then."""

from __future__ import annotations

from pathlib import Path

from helder.checks import run_all

HINT = "`ruff format` mends this."


def test_only_wrong_formatting_is_mended_by_ruff_format(tmp_path: Path) -> None:
    (tmp_path / "helder").mkdir()
    module = tmp_path / "helder" / "x.py"
    for text, failed, hint in (("x = y\n", "lint", False), ("x  =  1\n", "formatting", True)):
        module.write_text(text)
        checks = run_all(tmp_path)
        found = {o.name: o.findings for o in (next(checks), next(checks))}
        assert found[failed]
        assert (HINT in found["formatting"]) is hint
