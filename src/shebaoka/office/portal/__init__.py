"""The citizen's portal: do I need a password, signing in, and what a holder sees of herself."""
