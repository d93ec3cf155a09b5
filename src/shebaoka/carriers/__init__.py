"""Key carriers on the host's side: issuing them, exporting keys onto them, importing keys from them."""
