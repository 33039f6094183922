"""What all tests share: a fixed seed for Hypothesis, and no deadline on a noisy machine."""

import hypothesis

hypothesis.settings.register_profile("mlmath", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.load_profile("mlmath")
