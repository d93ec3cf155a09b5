"""Diversification factors of the three steps nation -> province -> city -> card (Part 9 §7.3)."""


def province_factor(city_code: str) -> bytes:
    """Step 1: two digits ‖ ``30 30 30 30 73 68``. ``city_code``: six digits (GB/T 2260)."""
    return _digits(city_code)[:2] + b"0000sh"


def city_factor(city_code: str) -> bytes:
    """Step 2: six digits ‖ ``73 78``."""
    return _digits(city_code) + b"sx"


def card_factor(historical: bytes) -> bytes:
    """Step 3: historical bytes 6-13 (T6...TD): maker 2, region 2, serial 4. ``historical``: 13 bytes."""
    if len(historical) != 13:
        raise ValueError(f"historical bytes are 13 bytes, not {len(historical)}")
    return historical[5:13]


def _digits(city_code: str) -> bytes:
    if len(city_code) != 6 or not (city_code.isascii() and city_code.isdigit()):
        raise ValueError(f"a city code has six digits, not {city_code!r}")
    return city_code.encode("ascii")
