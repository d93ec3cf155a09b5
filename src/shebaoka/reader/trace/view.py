"""A command taken apart without judging it: a trace must show malformed commands too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """``data`` and ``le`` as far as the bytes go; ``well_formed`` False when Lc and length disagree."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None
    well_formed: bool = True

    @classmethod
    def of(cls, apdu: bytes) -> "View":
        """Take ``apdu`` (any bytes) apart; missing header bytes count as zero."""
        cla, ins, p1, p2 = apdu[:4].ljust(4, b"\x00")
        body = apdu[4:]
        if len(apdu) < 4:
            return cls(cla, ins, p1, p2, well_formed=False)
        if len(body) < 2:
            return cls(cla, ins, p1, p2, le=(body[0] or 256) if body else None)
        data, rest = body[1 : 1 + body[0]], body[1 + body[0] :]
        fits = body[0] > 0 and len(data) == body[0] and len(rest) <= 1
        return cls(cla, ins, p1, p2, data, (rest[0] or 256) if rest else None, well_formed=fits)
