"""How long Hypothesis looks: seconds in the ordinary suite; for as long as one likes, when asked to look deeper:

HYPOTHESIS_PROFILE=deep python -m pytest --timeout 0 tests/complaints/test_laws.py
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("deep", settings.get_profile("suite"), max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
