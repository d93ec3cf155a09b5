"""What keeps the office's data: backups sealed under a passphrase, their restoration and rehearsal, upgrades.

A backup is one file: the database as one snapshot, the office's folder (documents, its own keys), the vaults
and settings of the deployment, and a manifest with the ends of all audit chains."""
