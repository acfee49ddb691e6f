"""In which language the terminal is spoken to: Chinese unless its settings say otherwise."""

import os
from typing import Literal

Tongue = Literal["zh", "en"]


def tongue() -> Tongue:
    """`REDRESS_LANG` if set, else the locale; what begins with zh is Chinese, another language English."""
    for name in ("REDRESS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").strip().lower()
        # C and POSIX are what a machine says that was never asked.
        if value and value.split(".")[0] not in ("c", "posix"):
            return "zh" if value.startswith("zh") else "en"
    return "zh"
