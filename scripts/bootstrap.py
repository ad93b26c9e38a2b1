"""Makes .venv: Python 3.10 with exactly what requirements/ pins. Run by make.

    bootstrap.py runtime|dev      what Helder runs on | and what its tests need
    bootstrap.py browser          a Chromium from the system, for the browser tests
    bootstrap.py postgresql       PostgreSQL's programs from the system, for the tests on it
    bootstrap.py lock             write requirements/*.txt anew from requirements/*.in

Needs only a Python from 3.8 on, with its standard library. When all is there already, it only
compares two hashes. It may be interrupted: the mark in .venv is written last, so the next run
repairs. Which registry packages come from is left to uv's and pip's own settings.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARK = VENV / ".helder.json"
TOOLS = ROOT / "var" / "tools"
WANTED = "3.10"
KINDS = ("runtime", "dev")  # dev holds all of runtime
POSTGRESQL = Path("/usr/lib/postgresql")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

HELDER = """#!{python}
import sys
from helder.cli import main
if __name__ == "__main__":  # a process that this one spawns imports the script again
    sys.exit(main())
"""


class Problem(Exception):
    """The set-up cannot go on; the message says in one sentence what to do."""


def main(arguments):
    """Do one task; 0 when it is done."""
    tasks = {"browser": browser, "postgresql": postgresql, "lock": lock}
    tasks.update({kind: lambda kind=kind: environment(kind) for kind in KINDS})
    if len(arguments) != 1 or arguments[0] not in tasks:
        return tell(__doc__) or 2
    try:
        tasks[arguments[0]]()
    except Problem as problem:
        return tell(str(problem)) or 1
    except KeyboardInterrupt:
        return tell("Interrupted; the same command goes on where this one stopped.") or 130
    return 0


def tell(line):
    """One line for the person who waits."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def environment(kind):
    """Make .venv fit requirements/<kind>.txt, or leave it if it does."""
    if is_fitting(kind):
        return
    if VENV.is_symlink():
        raise Problem(
            f".venv is a link to {VENV.resolve()}, which may belong to another project: remove the "
            "link (not what it leads to) and try again; an environment of its own is made here."
        )
    mark = marked()
    kind = "dev" if mark.get("kind") == "dev" else kind  # never take the tests' tools away
    moved = mark.get("root", str(ROOT)) != str(ROOT)  # its scripts name the old place
    if MARK.exists():
        MARK.unlink()
    uv = find_uv()
    if moved or not (PYTHON.exists() and version_of(PYTHON) == WANTED):
        make_venv(uv, find_python(uv))
    tell(f"Installing the pinned packages of requirements/{kind}.txt …")
    install(uv, ROOT / "requirements" / f"{kind}.txt")
    put_on_path()
    MARK.write_text(json.dumps({"kind": kind, "root": str(ROOT), **hashes()}))
    tell("The environment is ready.")


def is_fitting(kind):
    """Whether .venv was finished from the requirements as they are now."""
    mark = marked()
    made = mark.get("kind")
    if made not in KINDS or KINDS.index(made) < KINDS.index(kind) or not PYTHON.exists():
        return False
    return mark.get("root") == str(ROOT) and mark.get(made) == hashes()[made]


def marked():
    """What the mark says; nothing if there is none or it is damaged."""
    try:
        mark = json.loads(MARK.read_text())
    except (OSError, ValueError):
        return {}
    return mark if isinstance(mark, dict) else {}


def hashes():
    """A hash for each requirements file."""
    found = {}
    for kind in KINDS:
        content = (ROOT / "requirements" / f"{kind}.txt").read_bytes()
        found[kind] = hashlib.sha256(content).hexdigest()
    return found


def find_python(uv):
    """A Python 3.10; fetched by uv if there is none.

    Raises Problem when there is none and none can be fetched.
    """
    for candidate in candidates(uv):
        if version_of(candidate) == WANTED:
            return candidate
    if uv:
        tell(f"Fetching Python {WANTED} …")
        if quiet([*uv, "python", "install", WANTED])[0]:
            path = uv_python(uv)
            if path and version_of(path) == WANTED:
                return path
    raise Problem(
        f"Helder needs Python {WANTED}, which is not here and could not be fetched: install it "
        f"(for instance with `pyenv install {WANTED}` or your system's packages) and try again."
    )


def candidates(uv):
    """Where a Python 3.10 may be."""
    if shutil.which(f"python{WANTED}"):
        yield shutil.which(f"python{WANTED}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for folder in sorted(pyenv.glob(f"{WANTED}*"), reverse=True):
        yield str(folder / "bin" / "python")
    if uv and uv_python(uv):
        yield uv_python(uv)
    yield getattr(sys, "_base_executable", sys.executable)  # never the .venv that is replaced


def uv_python(uv):
    """The Python 3.10 that uv knows of, or None."""
    done, output = quiet([*uv, "python", "find", "--no-project", "--system", WANTED])
    return output.strip() if done else None


def version_of(python):
    """A Python's version such as 3.10, or None if it does not work."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done, output = quiet([str(python), "-I", "-S", "-c", code])
    return output.strip() if done else None


def find_uv():
    """The command for uv: the one on the PATH, or one of our own; None if it cannot be had."""
    own = TOOLS / "bin" / "uv"
    for command in ([shutil.which("uv") or "uv"], [str(own)]):
        if quiet([*command, "--version"])[0]:
            return command
    tell("Fetching uv, which installs the packages …")
    done = quiet([sys.executable, "-m", "venv", "--clear", str(TOOLS)])[0]
    if done and quiet([str(TOOLS / "bin" / "python"), "-m", "pip", "install", "-q", "uv"])[0]:
        return [str(own)]
    return None


def make_venv(uv, python):
    """A new, empty .venv."""
    tell(f"Making .venv with {python} …")
    if VENV.exists():
        shutil.rmtree(VENV)
    if uv:
        command = [*uv, "venv", "--quiet", "--no-project", "--python", python, str(VENV)]
    else:
        command = [python, "-m", "venv", str(VENV)]
    done, output = quiet(command)
    if not done:
        raise Problem(
            f"No environment could be made with {python}: install uv, or Python's venv module "
            f"(on Debian: apt-get install python3-venv), and try again. {last_line(output)}"
        )


def install(uv, requirements):
    """Exactly the pinned packages, each checked by its hash."""
    if uv:
        command = [*uv, "pip", "sync", "--require-hashes", "--python", str(PYTHON)]
        command += ([] if sys.stderr.isatty() else ["--quiet"]) + [str(requirements)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r"]
        command.append(str(requirements))
    if shown(command):
        raise Problem(
            "The packages could not be installed; see above, check the network, and try again."
        )


def put_on_path():
    """Make `import helder` and `.venv/bin/helder` work."""
    packages = next((VENV / "lib").glob("python*")) / "site-packages"
    (packages / "helder.pth").write_text(str(ROOT) + "\n")
    script = VENV / "bin" / "helder"
    script.write_text(HELDER.format(python=PYTHON))
    script.chmod(0o755)


def browser():
    """See that the system has a Chromium; install Debian's where we may."""
    if not has_browser():
        install_system("chromium", "Installing Chromium for the browser tests …")
    if not has_browser():
        raise Problem(
            "The browser tests need Chromium, which is not here: install it with your system's "
            "packages (on Debian, as root: apt-get install chromium) and try again."
        )


def has_browser():
    """Whether a Chromium is on the PATH."""
    return any(shutil.which(name) for name in BROWSERS)


def postgresql():
    """See that the system has PostgreSQL; install Debian's where we may. The tests do without."""
    if not has_postgresql():
        install_system("postgresql", "Installing PostgreSQL for the tests …")
    if not has_postgresql():
        tell(
            "PostgreSQL is not here, so nothing will be tested on it; to test that too, install "
            "it with your system's packages (on Debian, as root: apt-get install postgresql)."
        )


def has_postgresql():
    """Whether its programs are on the PATH, or where Debian keeps them."""
    return bool(shutil.which("initdb") or list(POSTGRESQL.glob("*/bin/initdb")))


def install_system(package, line):
    """Install a package of Debian's, if we are root there; else do nothing."""
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        tell(line)
        surroundings = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        quiet(["apt-get", "update"], surroundings)
        quiet(["apt-get", "install", "-y", "--no-install-recommends", package], surroundings)


def lock():
    """Resolve requirements/*.in into exact versions with hashes and without addresses."""
    uv = find_uv()
    if not uv:
        raise Problem("Locking needs uv; install it (pip install uv) and try again.")
    for kind in KINDS:
        tell(f"Locking requirements/{kind}.txt …")
        command = [*uv, "pip", "compile", "--quiet", "--generate-hashes", "--no-header"]
        command += ["--no-annotate", "--no-emit-index-url", "--python-version", WANTED]
        command += ["--upgrade", "-o", f"requirements/{kind}.txt", f"requirements/{kind}.in"]
        if shown(command):
            raise Problem(f"requirements/{kind}.in could not be resolved; see above.")


def shown(command):
    """Run a command in sight; its exit code."""
    return subprocess.run(command, cwd=str(ROOT)).returncode  # noqa: S603 - our own commands


def quiet(command, environ=None):
    """Run a command without showing it: (whether it worked, what it printed)."""
    try:
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            cwd=str(ROOT),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        return False, str(error)
    return done.returncode == 0, done.stdout.decode("utf-8", "replace")


def last_line(text):
    """The end of what a command printed: usually its reason."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
