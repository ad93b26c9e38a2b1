"""Charts as SVG, made here: no library, no network. Colours are those of widget/tokens.css.

A chart is a picture of the table beside it, so that it carries a title and no more for whoever
cannot see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from helder.report.measures import Bin
from helder.report.results import Matrix, Outcome

_SIDE = 260  # of the area of a square chart
_LEFT, _TOP, _RIGHT, _BOTTOM = 44, 34, 14, 44
_CELL = 34
_LETTER = 6.6  # how wide a letter of a name is
_PARTS = (
    ("right", "right", "Answered, and rightly"),
    ("right_asked", "asked", "Asked back, though it was read rightly"),
    ("wrong_asked", "caught", "Asked back, and it was misread"),
    ("wrong", "wrong", "Answered wrongly"),
)


def percent(share: float | None, digits: int = 1) -> str:
    """`92.4%`; a dash when there is nothing to take a share of."""
    return "–" if share is None else f"{100 * share:.{digits}f}%"


def outcomes(outcome: Outcome) -> Markup:
    """One bar: what becomes of a hundred messages."""
    at, drawn = 0.0, []
    for name, style, label in _PARTS:
        share = getattr(outcome, name)
        drawn.append(
            f'<rect class="{style}" x="{at:.1f}" y="0" width="{1000 * share:.1f}" height="36">'
            f"<title>{label}: {percent(share)}</title></rect>"
        )
        at += 1000 * share
    return _svg("0 0 1000 36", "What customers get", drawn, "bar", stretch=True)


def parts(outcome: Outcome) -> Iterable[tuple[str, str, float]]:
    """The parts of the bar: how each is drawn, what it is, and its share."""
    return [(style, label, getattr(outcome, name)) for name, style, label in _PARTS]


def calibration(bins: Sequence[Bin]) -> Markup:
    """Confidence against accuracy; on the diagonal both agree. The more messages, the larger."""
    most = max((each.messages for each in bins), default=1)
    drawn = [*_frame("confidence", "read rightly"), _line("even", [(0.0, 0.0), (1.0, 1.0)])]
    drawn.append(_line("curve", [(each.confidence, each.accuracy) for each in bins]))
    for each in bins:
        size = 3 + 9 * (each.messages / most) ** 0.5
        title = (
            f"{each.messages} messages: confidence {percent(each.confidence)}, "
            f"read rightly {percent(each.accuracy)}"
        )
        drawn.append(_dot(each.confidence, each.accuracy, size, title))
    return _square("Confidence and how often it is right", drawn)


def thresholds(at: Sequence[tuple[float, Outcome]], now: float) -> Markup:
    """What another threshold would do; the dashed line is the one that is set."""
    drawn = [*_frame("threshold", "of all messages", top=_ceiling(at))]
    top = _ceiling(at)
    drawn.append(_line("now", [(now, 0.0), (now, 1.0)]))
    for style, name in (("curve", "asked"), ("curve wrong", "wrong")):
        points = [(threshold, getattr(each, name) / top) for threshold, each in at]
        drawn.append(_line(style, points))
        drawn += [
            _dot(x, y, 4, f"{label}: {percent(y * top)} at {x:.1f}", style)
            for (x, y), label in zip(points, [_label(name)] * len(points), strict=True)
        ]
    return _square("Asked back and answered wrongly, by threshold", drawn)


def confusion(matrix: Matrix) -> Markup:
    """A row per intent, a column per intent that it was read as; the diagonal is right."""
    count = len(matrix.intents)
    longest = _LETTER * max(len(intent) for intent in matrix.intents)
    left, top = round(longest) + 12, round(longest * 0.87) + 16
    # The last name leans out of the last column.
    width, height = left + (count + 1) * _CELL + 30, top + count * _CELL + 4
    drawn = []
    for n, intent in enumerate((*matrix.intents, "another")):
        x = left + n * _CELL + _CELL / 2
        drawn.append(
            f'<text class="name" transform="translate({x + 4:.0f} {top - 8}) rotate(-60)">'
            f"{escape(intent)}</text>"
        )
    for row, (intent, cells) in enumerate(zip(matrix.intents, matrix.counts, strict=True)):
        y = top + row * _CELL
        drawn.append(
            f'<text class="name" x="{left - 8}" y="{y + 22}" text-anchor="end">'
            f"{escape(intent)}</text>"
        )
        for column, cell in enumerate(cells):
            drawn.append(_cell(matrix, row, column, cell, left + column * _CELL, y))
    title = "Which intents are taken for which"
    return _svg(f"0 0 {width} {height}", title, drawn, "matrix", width=width)


def bar(share: float) -> Markup:
    """A bar in a cell of a table."""
    drawn = [f'<rect class="right" width="{100 * share:.1f}" height="10" rx="2"/>']
    return _svg("0 0 100 10", "", drawn, "inline", stretch=True)


def _cell(matrix: Matrix, row: int, column: int, count: int, x: float, y: float) -> str:
    own = row == column
    share = count / matrix.totals[row] if matrix.totals[row] else 0.0
    # What is wrong is rare: a tenth of an intent's messages is as dark as it gets.
    strength = share if own else min(1.0, share * 10)
    style = "own" if own else "off"
    others = (*matrix.intents, "another intent")
    title = f"{matrix.intents[row]} read as {others[column]}: {count} of {matrix.totals[row]}"
    fill = f'style="--share:{100 * strength:.0f}%"'
    text = f'<text x="{x + _CELL / 2:.0f}" y="{y + 22}">{count}</text>' if count else ""
    return (
        f'<g class="{style}"><rect x="{x:.0f}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" '
        f'rx="4" {fill}><title>{escape(title)}</title></rect>{text}</g>'
    )


def _ceiling(at: Sequence[tuple[float, Outcome]]) -> float:
    """The top of an axis of shares: a whole tenth."""
    most = max((max(each.asked, each.wrong) for _, each in at), default=0.1)
    return max(0.1, -(-most * 10 // 1) / 10)


def _label(name: str) -> str:
    return {"asked": "Asked back", "wrong": "Answered wrongly"}[name]


def _frame(below: str, beside: str, top: float = 1.0) -> Iterable[str]:
    for n in range(0, 6):
        share = n / 5
        x, y = _place(share, share)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_LEFT + _SIDE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text class="tick" x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">'
        yield f"{percent(share * top, 0)}</text>"
        yield f'<text class="tick" x="{x:.1f}" y="{_TOP + _SIDE + 18}" text-anchor="middle">'
        yield f"{share:.1f}</text>"
    middle = _LEFT + _SIDE / 2
    yield f'<text class="axis" x="{middle}" y="{_TOP + _SIDE + 38}" text-anchor="middle">'
    yield f"{below}</text>"
    yield f'<text class="axis" x="0" y="{_TOP - 20}">{beside}</text>'


def _place(x: float, y: float) -> tuple[float, float]:
    return _LEFT + x * _SIDE, _TOP + (1 - y) * _SIDE


def _line(style: str, points: Sequence[tuple[float, float]]) -> str:
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_place(*point) for point in points))
    return f'<polyline class="{style}" points="{drawn}"/>'


def _dot(x: float, y: float, size: float, title: str, style: str = "curve") -> str:
    across, down = _place(x, y)
    return (
        f'<circle class="{style}" cx="{across:.1f}" cy="{down:.1f}" r="{size:.1f}">'
        f"<title>{escape(title)}</title></circle>"
    )


def _square(title: str, drawn: Iterable[str]) -> Markup:
    return _svg(f"0 0 {_LEFT + _SIDE + _RIGHT} {_TOP + _SIDE + _BOTTOM}", title, drawn, "square")


def _svg(
    box: str,
    title: str,
    drawn: Iterable[str],
    style: str,
    *,
    stretch: bool = False,
    width: int | None = None,
) -> Markup:
    named = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    more = ' preserveAspectRatio="none"' if stretch else ""
    more += f' width="{width}"' if width else ""
    inside = "".join(drawn)
    # What is drawn is ours, and every name in it was escaped above.
    return Markup(f'<svg class="{style}" viewBox="{box}" {named}{more}>{inside}</svg>')  # noqa: S704 - it was
