"""The secrets of the story, and which output may hold which: a simulated chip its own keys and PIN, a
letter its own component or PIN, and nothing else any."""

import re
from pathlib import Path

from scan.house import House
from scan.secrets import Secrets, pdf_text
from shebaoka.chip.store import load_image
from shebaoka.chip.values import KEY, MASTER
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import diversification_input
from shebaoka.psam.carrier.state import CONTROL_KEY
from shebaoka.psam.carrier.state import TRANSPORT_KEY as CARRIED_KEY
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyHandle, Level
from shebaoka.vault.software import SoftwareVault

EXAMPLES = Path(__file__).parents[2] / "examples"
AUTHORIZATION = """maker = "Example Cipher Works"
model = "EX-HSM 9"
serial = "EX00000000000007"
owner = { level = "province", code = "99", name = "示例乙省" }
certificate = { number = "GM000000000", kind = "product", issued = 2024-01-01, expires = 2099-12-31 }
conformity = { reference = "示例核字1号", date = 2024-03-01 }
"""
TOKEN, TOKEN_PIN, DEVICE_WORD = "story", "the PIN of the token", "the password of the device"
WORD, WRONG_WORD = "open sesame of the whole story", "not the word of this story"
PINS = {"master-control": "314159265358", "mother": "271828182845", "transmission": "141421356237"}
WRONG_PIN, NEW_PIN = "161803398874", "577215664901"
CARD_PINS = ("860753091284", "735910284467", "409187263355")
BAD_PINS = ("91827364554637281905", "7o3591o28446")
NEW_CARD_PIN, RESET_CARD_PIN, FIXTURE_PIN = "928374650192", "556677889900", "240913576802"
PROVINCE, CITY = Body(Level.PROVINCE, "98", "示例甲省"), Body(Level.CITY, "980100", "示例甲市")
OTHER_PROVINCE = Body(Level.PROVINCE, "99", "示例乙省")
OTHER_CITY = Body(Level.CITY, "980200", "示例丙市")
SM4, TDES = Algorithm.SM4, Algorithm.TDES
KINDS = ("master-control", "mother", "transmission")
FIXED = {b"TEST_ONLY-CARR-T", b"TEST_ONLY-PSAM-T", b"TEST_ONLY-CARD-T"}


class Known:
    """``allowed``: which secrets a file of that name may hold; ``letters``: the same for a letter."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.secrets = Secrets()
        self.allowed: dict[str, set[str]] = {}
        self.components: dict[str, bytes] = {}
        self.letters: dict[str, set[str]] = {}
        words = {"": WORD, "wrong ": WRONG_WORD, "token's ": TOKEN_PIN, "device's ": DEVICE_WORD}
        for name, word in words.items():
            self.secrets.word(f"{name}passphrase", word)
        for name, pin in {**PINS, "wrong": WRONG_PIN, "new": NEW_PIN}.items():
            self.secrets.pin(f"PIN {name}", pin)
        for pin in (*CARD_PINS, *BAD_PINS, NEW_CARD_PIN, RESET_CARD_PIN, FIXTURE_PIN):
            self.secrets.pin(f"card PIN {pin[:2]}", pin)

    # what is known

    def vault(self, name: str) -> SoftwareVault:
        """A vault file as it is now, its keys known from here on."""
        opened = SoftwareVault.open(self.house.work / name, WORD)
        for handle in opened.handles():
            self.secrets.key(f"{name} {handle.id}", key_of(opened, handle))
        return opened

    def learn(self, image: str, *pins: str) -> None:
        """A chip's own keys and PINs: they may stand in its TEST_ONLY image."""
        learn_chip(self.secrets, self.allowed, self.house.work / image)
        own = self.allowed[Path(image).name]
        own.update(self.secrets.pin(f"PIN of {image}", pin) for pin in pins)

    def learn_letters(self) -> None:
        """The components in letters that exist, or were removed again: each may stand in its own."""
        for name, content in self.house.outputs():
            if re.search(r"custodian-\w+\.pdf$", name) and content:  # killed before it was written
                found = re.findall(
                    r"(\w\S*?)v(\d)SM4第(\d)分量（共2个）([0-9A-F]{32})分量校验值KCV", pdf_text(content)
                )
                assert found, name
                self.letters[name] = {
                    self.secrets.key(f"component {digits[:4]}", bytes.fromhex(digits)) for *_, digits in found
                }
                for key, version, number, digits in found:
                    self.components[f"{Path(name).parent} {key[-12:]} {version} {number}"] = bytes.fromhex(
                        digits
                    )

    def may_hold(self, name: str, content: bytes) -> set[str]:
        """The secrets that an output may show: a simulated chip's own, a letter's own, and no other's."""
        if name in self.letters:
            return self.letters[name]
        return chip_may_hold(self.allowed, name, content)


def learn_chip(secrets: Secrets, allowed: dict[str, set[str]], image: Path) -> None:
    """The keys in an image, which may stand in it."""
    keys = {
        value[-16:]: f"{image.name} {address}"
        for address, value in load_image(image).state.items()
        if isinstance(value, bytes)
        and (address[0] in (KEY, MASTER) or address in (CONTROL_KEY, CARRIED_KEY, (3, 0, 0, 0)))
        and len(value) >= 16
        and value[-16:] not in FIXED
    }
    for key, name in keys.items():
        secrets.key(name, key)
    own = secrets.found(b"".join(keys))  # a DES key stands there twice
    allowed.setdefault(image.name, set()).update(own)


def chip_may_hold(allowed: dict[str, set[str]], name: str, content: bytes) -> set[str]:
    """What an image marked TEST_ONLY may show; ``name`` may be that of a temporary or a kept file."""
    image = re.sub(r"^(\d+-\d+-)?\.?|\.(tmp|new)$", "", Path(name).name)
    if content.startswith(b"SHEBAOKA-CHIP 1 ") and b" TEST_ONLY\n" not in content[:64]:
        return set()
    return allowed.get(image, set())


def key_of(vault: SoftwareVault, handle: KeyHandle) -> bytes:
    """The bytes of a key of a software vault."""
    return vault._secret(handle).reveal()


def sub_key_of(vault: SoftwareVault, handle: KeyHandle, factor: bytes) -> bytes:
    """The bytes of its sub-key."""
    key = SoftwareCipher(handle.algorithm, key_of(vault, handle))
    return key.encrypt(diversification_input(factor, handle.algorithm))
