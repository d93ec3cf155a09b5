"""Pages of the desk: tokens of programs that ask at the interface."""
