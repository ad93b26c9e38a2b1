"""Whoever sums conversations up, for tests: in the shipped words, in the settings' folders."""

from __future__ import annotations

from functools import cache

from helder import settings as settings_module
from helder.handoff.summary import Summaries
from helder.installation import summaries_of
from helder.settings import Settings


@cache
def summaries(settings: Settings | None = None) -> Summaries:
    """Those of an installation, or of one where nothing was ever decided."""
    return summaries_of(settings or settings_module.load({"HELDER_VAR": "/nowhere"}))
