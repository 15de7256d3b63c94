"""How well the radar groups cases whose outages are known."""

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from cases.queries.radar_reports import Report, reports_named
from cases.radar import THRESHOLD, Reading, groups

NONE = (None, "", "-", "none")
KEYS = ("label", "outage", "incident", "group", "cluster")
Pair = tuple[int, int]


class Command(BaseCommand):
    help = (
        "Print precision, recall and F1 of the radar over the pairs of imported cases. LABELS is JSON: Case IDs with"
        " their outage, or lists of Case IDs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("labels", metavar="LABELS.json", type=Path)
        parser.add_argument("--threshold", type=float, default=THRESHOLD, help=f"({THRESHOLD})")
        parser.add_argument("--errors", action="store_true", help="name the pairs that it got wrong")

    def handle(self, *args: Any, labels: Path, threshold: float, errors: bool, **options: Any) -> None:
        known = read_labels(labels)
        found = {report.reference.lower(): report for report in reports_named(known)}
        if not found:
            raise CommandError("None of these cases is here. Import them first.")
        true, said = _true(known, found), _said(list(found.values()), threshold)
        right = len(true & said)
        precision = right / len(said) if said else 1.0
        recall = right / len(true) if true else 1.0
        f1 = 2 * right / (len(true) + len(said)) if true or said else 1.0
        if missing := len(known) - len(found):
            self.stderr.write(f"{missing} of the {len(known)} cases are not here and left out.")
        self.stdout.write(
            f"{len(found)} cases, {len(true)} pairs of one outage, {len(said)} found, {right} of them right"
        )
        self.stdout.write(
            f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  threshold {threshold}"
        )
        if errors:
            references = {report.number: report.reference for report in found.values()}
            for words, pairs in (("not one outage", said - true), ("not found", true - said)):
                for pair in sorted(pairs):
                    self.stdout.write(f"{words}: {' '.join(references[number] for number in pair)}")


def read_labels(path: Path) -> dict[str, Any]:
    """The outage of each Case ID, None for a case of none. Takes the forms that such files usually have."""
    try:
        data = json.loads(path.read_text())
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror or error}") from None
    except ValueError:
        raise CommandError(f"{path} is not JSON.") from None
    if isinstance(data, dict) and isinstance(data.get("labels"), dict | list):
        data = data["labels"]
    known = {str(case): None if label in NONE else str(label) for case, label in _labels(data)}
    if not known:
        raise CommandError(f"{path} names no case.")
    return known


def _labels(data: Any) -> Iterator[tuple[Any, Any]]:
    items: Any = data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, list) else [])
    for key, value in items:
        if isinstance(value, list):  # an outage and its cases
            yield from ((case, key) for case in value)
        elif isinstance(value, dict) and isinstance(value.get("cases"), list):
            yield from ((case, key) for case in value["cases"])
        elif isinstance(value, dict):
            label = next((value[name] for name in KEYS if name in value), None)
            yield value.get("case_id") or value.get("id") or key, label
        else:
            yield key, value


def _true(known: dict[str, Any], found: dict[str, Report]) -> set[Pair]:
    outages = defaultdict(list)
    for case, label in known.items():
        if label is not None and case.lower() in found:
            outages[label].append(found[case.lower()].number)
    return {pair for numbers in outages.values() for pair in combinations(sorted(numbers), 2)}


def _said(reports: list[Report], threshold: float) -> set[Pair]:
    systems: dict[int, dict[int, Reading]] = defaultdict(dict)
    for report in reports:
        systems[report.system][report.number] = report.reading
    found = [group for readings in systems.values() for group in groups(readings, threshold)]
    return {pair for group in found for pair in combinations(sorted(group.members), 2)}
