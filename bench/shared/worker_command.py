"""The command line of a worker: a process of its own in which a bench calls one function, named first, with texts.

Without argparse, whose import would count as time and memory of what is measured.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any


def act(description: str, actions: Mapping[str, Callable[..., Any]]) -> None:
    """Calls the action that is named first with the texts after it, and prints what it returns as JSON."""
    name, *texts = sys.argv[1:] or ["--help"]
    if name in ("-h", "--help"):
        print(description)
    elif name not in actions:
        print(f"{name}: is none of {', '.join(actions)}: --help says what each takes", file=sys.stderr)
        sys.exit(2)
    else:
        print(json.dumps(actions[name](*texts)))
