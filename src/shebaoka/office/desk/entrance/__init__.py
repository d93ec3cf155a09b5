"""Pages of the desk: signing in and out, the second factor, the staff session, the own account."""
