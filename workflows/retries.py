"""How often and how long each effect is tried. The only place where these numbers live."""

from datetime import timedelta

from temporalio.common import RetryPolicy

SAVE_ATTEMPT = timedelta(seconds=10)
"""A worker that dies while saving is noticed after this long; the next attempt finds what was saved."""

SAVE_RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
)
"""Saving is tried until it succeeds: a case is never without its journal."""

SAVE_AGAIN = timedelta(minutes=5)
"""After an error that trying again at once cannot mend, somebody must look; saving goes on after this."""

DELIVERY_ATTEMPT = timedelta(seconds=25)
"""Longer than any one try of a channel takes, so that two tries never overlap."""

LEAST_PATIENCE = timedelta(seconds=60)
"""A channel is never given up sooner than this, however short the policy's minutes are."""

DELIVERY_RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""One channel is tried again until the policy's patience with it is over, or it refuses for good."""

COLLECT_ATTEMPT = timedelta(seconds=10)
"""A worker that dies while putting a message with the others is noticed after this long."""

SIFT_ATTEMPT = timedelta(seconds=10)
"""A worker that dies while looking up what must still be told is noticed after this long."""

SIFT_PATIENCE = timedelta(seconds=20)
"""Where the records do not answer for so long, everything that has waited is told."""

SIFT_RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=5),
)

COLLECT_RETRIES = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=10),
)
"""Putting a message with the others asks the engine only, without which nothing goes on; it is tried until done."""
