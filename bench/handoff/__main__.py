"""`python -m bench.handoff`: does the trained assistant see who asks for a person, or needs one?

By kind and language: recall, and false alarms among near misses, each with its 95 % interval
(Wilson). `--misses` lists what went wrong among the messages that are not kept back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table

from bench.handoff.lines import KINDS, LANGUAGES, Said, every_line
from bench.nlu.figures import Threshold
from bench.nlu.systems import Read, readings_of, threshold_of
from bench.report import last_line, out, run
from helder import model
from helder.report.measures import Reading
from helder.settings import PROJECT
from helder.stock.wilson import wilson

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
Seen = tuple[Said, Read]
# Half-recognised distress is answered with the help lines all the same (actions/clarify.py).
SAFE = 0.2
