"""`make mutants`: removes the guards that mutants.yaml names one by one, in a copy of the tree, and sees a test fall.

`make mutants ONLY=csp` tries those in which the word stands. All of them take some minutes.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent


class Mutant(NamedTuple):
    file: str  # or a pattern, since migrations are squashed
    guard: str
    becomes: str
    tests: str

    def __str__(self) -> str:
        return f"{self.file}: {' '.join(self.guard.split())}"


def mutants() -> list[Mutant]:
    sections = yaml.safe_load((ROOT / "tests" / "mutants.yaml").read_text())
    return [Mutant(**fields) for section in sections.values() for fields in section]


def places(mutant: Mutant, tree: Path = ROOT) -> list[Path]:
    """The files in which its text stands, as often as it stands there."""
    return [
        path for path in sorted(tree.glob(mutant.file)) for _ in range(path.read_text().count(mutant.guard))
    ]


def missing_tests(names: str) -> Iterator[str]:
    """Which of these files, folders and tests there are not."""
    for name in names.split():
        file, _, test = name.partition("::")
        path, last = ROOT / file, test.split("[")[0].split("::")[-1]
        defined = rf"^ *(?:def {last}\(|class {last}:)"
        if not path.exists() or (test and not re.search(defined, path.read_text(), re.MULTILINE)):
            yield name


def fails(tree: Path, tests: str) -> bool:
    """Whether one of these tests fails there. All pass as they stand: `make test` sees to it."""
    command = [sys.executable, "-m", "pytest", "-x", "-n", "0", "-p", "no:cacheprovider", *tests.split()]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    if run.returncode > 1:  # neither passed nor failed
        raise SystemExit(f"These tests could not be run: {tests}\n{run.stdout}{run.stderr}")
    return run.returncode == 1


def copy_to(tree: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def main(word: str) -> None:
    chosen = [mutant for mutant in mutants() if word in " ".join(mutant).lower()]
    survivors = []
    with TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        tree.chmod(0o755)  # as root, PostgreSQL's programs run as another user
        copy_to(tree)
        for mutant in chosen:
            found = places(mutant, tree)
            if len(found) != 1:
                raise SystemExit(
                    f"{mutant}\nstands there {len(found)} times. Bring tests/mutants.yaml up to date."
                )
            whole = found[0].read_text()
            found[0].write_text(whole.replace(mutant.guard, mutant.becomes))
            dead = fails(tree, mutant.tests)
            found[0].write_text(whole)
            print("dies    " if dead else "SURVIVES", mutant, flush=True)
            survivors += [] if dead else [mutant]
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} guards are missed when they are gone.")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main(os.environ.get("ONLY", "").lower())
