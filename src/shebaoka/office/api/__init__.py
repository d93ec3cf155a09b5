"""What programs of others ask the office: JSON, a token each, no cookies but those of staff at the desk."""
