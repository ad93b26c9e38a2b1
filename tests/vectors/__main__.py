"""`python -m tests.vectors NAME.json` freezes what is written today; never over an older one."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.vectors.frozen import FOLDER
from tests.vectors.replay import replay

if __name__ == "__main__":
    name = sys.argv[1]
    if (FOLDER / name).exists():
        sys.exit(f"{name} is frozen already. A format that changed needs a new number and name.")
    with TemporaryDirectory() as folder:
        replay(Path(folder)).save(name)
