"""Pages of the desk: incidents and their notifications."""
