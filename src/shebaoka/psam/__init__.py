"""The application on a PSAM (Part 9)."""
