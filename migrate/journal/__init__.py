"""What a run meant, sent and was answered: one SQLite file per run, the base of everything after planning."""
