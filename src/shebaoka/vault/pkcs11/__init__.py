"""Keys in a PKCS#11 token: any library, standard mechanisms for 3DES, numbers from a table for SM4."""
