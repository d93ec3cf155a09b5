"""Hash-chained records and their verifier: ceremony transcripts, audit trails."""
