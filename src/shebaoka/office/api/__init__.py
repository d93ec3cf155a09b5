"""What programs of others ask the office: hosts about PSAMs. JSON, a token for each host, no cookies."""
