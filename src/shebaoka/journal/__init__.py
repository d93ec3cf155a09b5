"""Hash-chained records and their verifier: ceremony transcripts, audit trails.

The room knows no keys, no database and no clock: times come in with the record. What is hashed is fixed by
:mod:`canonical` and :mod:`record`; :mod:`verify` needs nothing but the file, and the head hash on paper."""
