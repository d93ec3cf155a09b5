"""Key blocks of TR-31 (ANSI X9.143): a key, what it may be used for, and the proof that both belong together.

Version B protects with TDES, version D with AES; version 4, private to us, protects with SM4 after the
construction of version D (docs/reference/key-blocks.md)."""
