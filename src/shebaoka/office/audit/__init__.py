"""What was done, by whom, when: a chain of records for each organization (``journal``)."""
