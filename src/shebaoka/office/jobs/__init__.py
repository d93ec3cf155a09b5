"""Background jobs on the same PostgreSQL."""
