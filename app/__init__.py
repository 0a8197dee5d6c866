"""Handrail: from silence to verified contact."""

import gc

# Starting makes some 400,000 objects that stay. Python's own pace looks them all through again and again, which took 0.3
# of a start's 2.2 s; nothing here leaves cycles that a slower pace could not find in time.
gc.set_threshold(20_000, 20, 100)
