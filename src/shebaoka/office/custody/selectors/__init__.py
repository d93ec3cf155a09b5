"""The readers of custody."""
