"""Card faces, photos, fonts: what is printed."""
