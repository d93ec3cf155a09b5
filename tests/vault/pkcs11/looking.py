"""What python-pkcs11 sees of the secret keys in a token: ``looking.py LIBRARY LABEL PIN`` prints JSON."""

import json
import sys

import pkcs11
from pkcs11 import Attribute, ObjectClass

_SEEN = (
    Attribute.SENSITIVE,
    Attribute.PRIVATE,
    Attribute.ALWAYS_SENSITIVE,
    Attribute.EXTRACTABLE,
    Attribute.NEVER_EXTRACTABLE,
)


def main(library: str, label: str, pin: str) -> None:
    session = pkcs11.lib(library).get_token(token_label=label).open(user_pin=pin)
    found = {}
    for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY}):
        facts = {attribute.name: key[attribute] for attribute in _SEEN}
        try:
            facts["VALUE"] = key[Attribute.VALUE].hex()
        except pkcs11.AttributeSensitive as error:
            facts["VALUE"] = type(error).__name__
        found[str(key[Attribute.LABEL])] = facts
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
