"""Dialects: where cards in the field differ from the letter of the text, as switches."""

import msgspec


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one chip behaves where the text is silent or practice differs.

    ``select_ef_p1_00``: SELECT of an EF of the current DF also with P1 = 00 when no DF matches (K31).
    ``lenient_le``: a wrong or missing Le is tolerated, a superfluous one ignored.
    ``partial_record_read``: READ RECORD with a short Le gives the start of the record (Part 5 §6.10.1)
    instead of 6Cxx (decision K35).
    ``any_key_version``: EXTERNAL AUTHENTICATION without version byte tries every version (decision K14).
    ``transaction_type_ascii``: transaction types are ``31``/``32`` in MACs and parameters, else ``01``/``02``
    (decision K43).
    ``t0_case4_61xx``: a command with data and answer but without Le gets 61xx (T=0), else the data at once.
    ``partial_name``: SELECT by the beginning of a DF name, next with P2 = 02 (Part 5 §6.11.5).
    """

    name: str = "strict"
    select_ef_p1_00: bool = True
    lenient_le: bool = False
    partial_record_read: bool = False
    any_key_version: bool = False
    transaction_type_ascii: bool = True
    t0_case4_61xx: bool = True
    partial_name: bool = True


STRICT = Profile()
FIELD = Profile(name="field", lenient_le=True, partial_record_read=True, any_key_version=True)
