"""The operator's levers: rerun, dry run, settling files, migration, the look at all shops."""
