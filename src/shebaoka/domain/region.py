"""Region codes (行政区划代码, GB/T 2260): six digits for province, city, county.

Sector codes outside the public table occur (639900, 519900), so digits are taken as they are (decision K17).
"""


def check_region(code: str) -> str:
    """``code`` itself. Raises ValueError when it is not six digits."""
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        raise ValueError(f"a region code has six digits, not {code!r}")
    return code


def province_of(code: str) -> str:
    """The code of the province: two digits and 0000."""
    return check_region(code)[:2] + "0000"


def city_of(code: str) -> str:
    """The code of the city: four digits and 00."""
    return check_region(code)[:4] + "00"
