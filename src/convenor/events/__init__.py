"""Events: their classes, functions, programme, tasks, readiness and papers."""
