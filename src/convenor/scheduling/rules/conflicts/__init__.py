"""What can be wrong with the schedule: pure detectors over frozen facts, one file per family."""
