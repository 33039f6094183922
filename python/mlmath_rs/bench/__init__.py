"""The comparison: every public function beside its reference, checked before it is timed."""
