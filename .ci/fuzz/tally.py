"""What was answered, by operation: written when the run ends, so that a run that only met refusals cannot pass for a proof."""

import atexit
import collections
import json
import os
import threading

_lock = threading.Lock()
_answers = collections.defaultdict(collections.Counter)


def count(label, status):
    with _lock:
        _answers[label][status] += 1


def operation(label):
    """Named even when nothing is ever asked of it."""
    with _lock:
        _answers[label]  # noqa: B018


@atexit.register
def _write():
    with open(os.environ["FUZZ_TALLY"], "w", encoding="utf-8") as file:
        json.dump(_answers, file)
