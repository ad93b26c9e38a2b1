"""Documentation is under test: what it names is there, and what is there is in it."""

from __future__ import annotations

import inspect
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from ruamel.yaml import YAML

from helder.audit.acts import Act
from helder.brain import events
from helder.cli import app
from helder.conversation import errors
from helder.conversation.cipher import ENTRIES_PER_KEY, FORMAT
from helder.conversation.log import WINDOW_TURNS
from helder.gateway.intake import MAX_BODY_BYTES, MAX_TEXT
from helder.gateway.limits import STREAMS_PER_ADDRESS, STREAMS_PER_CONVERSATION
from helder.gateway.stream import HEARTBEAT_SECONDS
from helder.migrate import all_tables
from helder.settings import PROJECT, SETTINGS, load
from helder.supervisor import Pace, helder_processes
from tests.vectors.decoder import FORMULAS

IMAGE_LIMIT = 300_000  # bytes
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _tracked() -> list[Path]:
    """Every page that is, or is about to be, in the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    found = [PROJECT / name for name in done.stdout.splitlines()]
    pages = [path for path in found if path.exists()]
    return pages or [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]


PAGES = _tracked()
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(PROJECT)))


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def rows(name: str, first: str) -> list[list[str]]:
    """The cells of the table rows of a page whose first cell matches."""
    cells = [line.strip("|").split("|") for line in text_of(name).splitlines() if line[:1] == "|"]
    trimmed = [[cell.strip() for cell in row] for row in cells]
    return [row for row in trimmed if re.fullmatch(first, row[0])]


def anchors(page: Path) -> set[str]:
    """What a link into a page may point at, as GitHub makes it of headings."""
    plain = CODE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", plain, re.MULTILINE)
    lowered = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in lowered}


def links(page: Path) -> Iterator[str]:
    """The addresses of a page's links and images, those of other sites apart."""
    plain = CODE.sub("", page.read_text(encoding="utf-8"))
    found = re.findall(r"\]\(([^)\s]+)\)", plain) + re.findall(r'(?:src|srcset)="([^"]+)"', plain)
    return (link for link in found if not re.match(r"[a-z]+:", link))


@each_page
def test_every_link_and_image_leads_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} is not there"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{link} has no such heading"


@each_page
def test_every_command_in_a_page_exists(page: Path) -> None:
    plain = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # a group, since the app has commands
    said = "\n".join(re.findall(r"`[^`\n]+`", plain) + CODE.findall(plain))
    assert set(re.findall(r"(?<![\w-])make ([a-z-]+)\b", said)) <= targets
    assert set(re.findall(r"(?:^|[`/] ?|bin/)helder ([a-z-]+)\b", said, re.MULTILINE)) <= commands


@each_page
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"\bHELDER_([A-Z_]+[A-Z])\b", page.read_text(encoding="utf-8")))
    assert named <= {setting.name.upper() for setting in SETTINGS}


def test_the_readme_begins_with_the_two_commands() -> None:
    first = CODE.findall(text_of("README.md"))[0]
    assert re.findall(r"^make ([a-z]+)", first, re.MULTILINE) == ["run", "test"]


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = {row[0].strip("`"): row[1:] for row in rows("docs/operators.md", "`HELDER_[A-Z_]+`")}
    assert set(table) == {f"HELDER_{setting.name.upper()}" for setting in SETTINGS}
    for setting in SETTINGS:
        default, meaning = table[f"HELDER_{setting.name.upper()}"]
        assert meaning
        if setting.default:
            assert default == f"`{setting.default}`", setting.name
        else:
            assert not default.startswith("`") or "HELDER_VAR" in default, setting.name


def test_every_process_is_in_the_table_with_its_port_and_health() -> None:
    table = {
        row[0].strip("`"): row for row in rows("docs/operators.md", "`[a-z]+`") if len(row) == 4
    }
    wanted = helder_processes(load({}))
    assert set(table) == {process.name for process in wanted}
    for process in wanted:
        assert table[process.name][2] == f"127.0.0.1:{process.port}"
        assert table[process.name][3] == f"`{process.health}`"


def test_the_supervisors_patience_is_as_written() -> None:
    pace = Pace()
    assert (pace.back_off, pace.longest_back_off, pace.restarts, pace.window) == (0.5, 8, 5, 60)


def test_the_paths_of_the_api_are_those_of_its_description() -> None:
    described = YAML(typ="safe").load(text_of("helder/gateway/openapi.yml"))
    verbs = {"get", "post", "put", "delete", "patch"}
    wanted = {
        f"{verb.upper()} {path}"
        for path, operations in described["paths"].items()
        for verb in verbs & set(operations)
    }
    table = {row[0].strip("`") for row in rows("docs/api.md", r"`[A-Z]+ /api/[^`]*`")}
    assert table == wanted


def test_every_refusal_of_the_api_is_in_the_table() -> None:
    texts = YAML(typ="safe").load(text_of("policies/texts.yml"))
    table = {row[1].strip("`") for row in rows("docs/api.md", r"[45]\d\d")}
    assert table == set(texts["errors"])


def test_the_limits_of_the_api_are_as_written() -> None:
    page = text_of("docs/api.md")
    assert f"at\nmost {MAX_TEXT:,} characters and a body {MAX_BODY_BYTES // 1024} KB" in page
    streams = (
        f"At most {STREAMS_PER_CONVERSATION} streams a conversation and {STREAMS_PER_ADDRESS} an"
    )
    assert streams in page
    assert f"every\n{HEARTBEAT_SECONDS:.0f} seconds a comment" in page


def test_every_refusal_of_the_log_is_drawn_in_its_tree() -> None:
    drawn = re.findall(r"^[│├└─ ]*(\w+)(?: {2,}\S.*)?$", str(errors.__doc__), re.MULTILINE)
    classes = {
        name for name, each in vars(errors).items()
        if inspect.isclass(each) and issubclass(each, errors.ConversationError)
    }  # fmt: skip
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == classes


def test_the_tree_of_refusals_has_the_branches_that_the_classes_have() -> None:
    above: list[tuple[int, str]] = []
    for line in str(errors.__doc__).splitlines():
        match = re.fullmatch(r"([│├└─ ]*)(\w+)(?: {2,}\S.*)?", line)
        if match is None:
            continue
        depth = len(match[1])
        above = [each for each in above if each[0] < depth]
        if above:
            assert getattr(errors, match[2]).__base__.__name__ == above[-1][1]
        above.append((depth, match[2]))


def test_every_column_of_the_database_is_told() -> None:
    table = {row[0].strip("`"): row[1] for row in rows("docs/encryption.md", "`[a-z_]+`")}
    for each in all_tables().sorted_tables:
        told = set(re.findall(r"`([a-z_]+)`", table[each.name]))
        assert {column.name for column in each.columns} <= told, each.name


def test_what_is_sealed_is_sealed_under_the_names_that_are_told() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (PROJECT / "helder").rglob("*.py")
    )
    # What is bound under each of them is held by tests/vectors: its decoder reads it in the page.
    labels = set(re.findall(r'bind\(\s*(?:\*\()?"(helder [a-z ]+)"', code))
    assert len(labels) >= 11
    assert labels == set(FORMULAS)
    assert f"This is format {FORMAT}." in text_of("docs/encryption.md")


def test_a_data_key_seals_as_much_as_is_told() -> None:
    assert ENTRIES_PER_KEY == 2**20
    assert "A data key seals at most 2²⁰ entries." in text_of("docs/encryption.md")


def test_the_blind_indexes_are_those_that_are_told() -> None:
    files = (
        "handoff/messages.py",
        "conversation/erasure.py",
        "optout/remembered.py",
        "staff/employees.py",
    )
    code = "".join(text_of(f"helder/{each}") for each in files)
    used = set(re.findall(r'"((?:left|erased|opted out|employee) [a-z]+)"', code))
    told = {row[0].strip("`") for row in rows("docs/encryption.md", "`[a-z]+ [a-z ]+`")}
    assert told == used


def test_the_window_is_as_long_as_is_told() -> None:
    assert WINDOW_TURNS == 6
    page = text_of("docs/adr/0003-snapshot-and-six-turns.md")
    assert "**six turns**" in page
    assert "a story looks back\nsix turns at most" in page
    assert events.state_of.__name__ in page


def test_what_is_kept_and_how_long_is_as_told() -> None:
    kept = YAML(typ="safe").load(text_of("policies/retention.yml"))
    page = text_of("docs/operators.md")
    minutes, days = kept["conversation"]["minutes_after_last_message"], kept["left_message"]["days"]
    assert f"{minutes} minutes after its last message for a conversation, {days} days" in page
    with_consent = kept["conversation"]["days_with_consent"]
    assert f"agreed to have kept stays {with_consent} days after its last message" in page


def test_the_metrics_in_the_table_exist() -> None:
    code = text_of("helder/gateway/metrics.py")
    page = text_of("docs/operators.md")
    for name in re.findall(r"`(helder_[a-z_]+)(?:\{\w+\})?`", page):
        assert f'"{name.removesuffix("_total")}"' in code, name


def test_the_events_worth_an_alarm_are_logged() -> None:
    page = text_of("docs/operators.md")
    table = page[page.index("Worth an alarm") : page.index("## Health and metrics")]
    named = set(re.findall(r"`([a-z_.]+)`", "\n".join(re.findall(r"^\| (.*?) \|", table, re.M))))
    files = [*(PROJECT / "helder").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for name in named:
        assert f'"{name}"' in code, name


def test_every_decision_is_in_the_list() -> None:
    folder = PROJECT / "docs" / "adr"
    there = {path.name for path in folder.glob("[0-9]*.md")}
    listed = re.findall(r"\((\d{4}-[^)]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    assert there == set(listed)
    for name in there:
        decision = (folder / name).read_text(encoding="utf-8")
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in decision, name


def test_no_image_is_heavy() -> None:
    for path in (PROJECT / "docs" / "images").iterdir():
        assert path.stat().st_size <= IMAGE_LIMIT, path.name


def test_the_version_is_in_the_changelog() -> None:
    version = re.search(r'^version = "([^"]+)"', text_of("pyproject.toml"), re.MULTILINE)
    assert version is not None
    assert f"## [{version[1]}]" in text_of("CHANGELOG.md")


def test_every_event_that_is_logged_as_an_error_or_a_warning_is_told_to_operators() -> None:
    told = set(re.findall(r"`([a-z_.]+)`", (PROJECT / "docs" / "operators.md").read_text("utf-8")))
    logged: set[str] = set()
    for folder in ("helder", "actions"):
        for path in (PROJECT / folder).rglob("*.py"):
            found = re.findall(
                r'\blog(?:ger)?\.(?:error|warning)\(\s*"([\w.]+)"', path.read_text("utf-8")
            )
            logged |= set(found)
    assert "conversation_locked" in logged
    assert logged - told == set()


def test_every_act_that_is_recorded_is_told() -> None:
    told = {name for row in rows("docs/audit.md", "`.*") for name in re.findall(r"`(\w+)`", row[0])}
    assert told == {act.value for act in Act}
