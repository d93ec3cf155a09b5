"""A vault in a cryptographic device behind the C interface of GM/T 0018 (SDF), SM4 only.

``codes``: numbers of the standard; ``library``: the functions by ctypes; ``device``: one session;
``store``: the sidecar file; ``vault``: the back end."""
