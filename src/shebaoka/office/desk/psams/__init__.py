"""Pages of the desk: PSAMs from order to destruction."""
