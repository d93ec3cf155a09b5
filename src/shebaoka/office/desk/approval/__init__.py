"""Pages of the desk: approval of an issuing region."""
