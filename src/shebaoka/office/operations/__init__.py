"""How the office is watched: health, metrics, logs, request ids."""
