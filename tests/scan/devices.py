"""Keys in a PKCS#11 token and in an SDF device, on the command line; and the gate before them."""

from itertools import pairwise
from pathlib import Path

from scan.keys import CITY_KEYS, Keys
from scan.known import (
    AUTHORIZATION,
    CITY,
    DEVICE_WORD,
    EXAMPLES,
    OTHER_CITY,
    OTHER_PROVINCE,
    PROVINCE,
    SM4,
    TDES,
    TOKEN,
    WRONG_WORD,
    sub_key_of,
)
from scan.people import Answers
from shebaoka.crypto.ciphers import xor
from shebaoka.crypto.factors import city_factor, province_factor


class Devices(Keys):
    """Chapters, called in order."""

    def tokens(self, softhsm: str, sdf: Path) -> None:
        """A province whose keys are in a PKCS#11 token, a city whose keys are in an SDF device."""
        house = self.house
        word = house.given / "sdf.secret"
        word.write_text(DEVICE_WORD, "utf-8")
        word.chmod(0o600)
        settings = [
            f'[vaults.hsm]\nbackend = "pkcs11"\npath = "hsm.register"\nlibrary = "{softhsm}"',
            f'token = "{TOKEN}"\nmechanisms = "softhsm"\nsecret = "env:SCAN_TOKEN_PIN"',
            f'[vaults.sdf]\nbackend = "sdf"\npath = "city.sdf"\nlibrary = "{sdf}"',
            f'secret = "file:{word}"',
        ]
        (house.work / "shebaoka.toml").write_text("\n".join(settings) + "\n", "utf-8")
        for name, body in (("hsm", OTHER_PROVINCE), ("sdf", OTHER_CITY)):
            where = ("--level", body.level, "--code", body.code, "--name", body.name)
            house.ok("vault", "create", name, "--empty", *where)
        for above, below, body, suite, factor in (
            ("ministry.vault", "hsm", OTHER_PROVINCE, TDES, province_factor("990000")),
            ("province.vault", "sdf", OTHER_CITY, SM4, city_factor("980200")),
        ):
            names = ["UK3DF01", "STK", "IRK"] if suite is TDES else ["RK1DF01", "UK4DF01"]
            own = self.vault(above)
            for handle in own.handles():
                self.secrets.key(f"{below} {handle.id}", sub_key_of(own, handle, factor))
            self.keys_travel(above, below, body, suite.label, *names, kill=11)
        self._ceremonies_in_devices()
        for below in ("hsm", "sdf"):
            house.ok("vault", "show", below, "--json")
        house.refused("vault", "show", "hsm", SCAN_TOKEN_PIN=WRONG_WORD, because="wrong PIN")

    def _ceremonies_in_devices(self) -> None:
        """Typed components go into the token; the device's key is split into letters."""
        house = self.house
        text = (EXAMPLES / "ceremonies" / "province-keys.toml").read_text("utf-8")
        for old, new in (
            ('code = "98"', 'code = "99"'),
            (PROVINCE.name, OTHER_PROVINCE.name),
            ("SM4", "3DES"),
        ):
            text = text.replace(old, new)
        script = house.given / "hsm.toml"
        script.write_text(text, "utf-8")
        people = Answers(self, text, "typed for the token")
        told = ("--transcript", "hsm.jsonl")
        held = house.at_terminal(people, "keys", "ceremony", script, "--vault", "hsm", *told)
        assert held.code == 0, held.out
        text = (EXAMPLES / "ceremonies" / "city-keys.toml").read_text("utf-8")
        for old, new in ((CITY.code, OTHER_CITY.code), (CITY.name, OTHER_CITY.name)):
            text = text.replace(old, new)
        text = text.replace(f'extensions = ["../extensions/{OTHER_CITY.code}-resident.toml"]\n', "")
        script.write_text(text.rstrip() + f"\nnames = {CITY_KEYS}\n", "utf-8")
        made = ("--transcript", "sdf.jsonl", "--letters", "letters-sdf")
        answers = ("--answers", EXAMPLES / "ceremonies" / "rehearsal.toml")
        house.ok("keys", "ceremony", script, "--vault", "sdf", *made, *answers)
        self.learn_letters()
        for places in ("typed for the token", "work/letters-sdf"):
            found = [place for place in self.components if place.startswith(places)]
            assert len(found) == 2 * len(CITY_KEYS), (places, found)
            for one, other in pairwise(sorted(found)):
                if one[:-1] == other[:-1]:
                    self.secrets.key(one[:-2], xor(self.components[one], self.components[other]))

    def gate(self) -> None:
        """A deployment marked production, with the authorization of its device: a simulator is refused."""
        house = self.house
        authorization = house.given / "authorization.toml"
        authorization.write_text(AUTHORIZATION, "utf-8")
        text = (house.work / "shebaoka.toml").read_text("utf-8")
        place = house.given / "production.toml"
        place.write_text(f'mode = "production"\nauthorization = "{authorization}"\n{text}', "utf-8")
        production = {"SHEBAOKA_SETTINGS": str(place)}
        for name in ("hsm", "sdf"):
            house.refused("vault", "show", name, because="refused in production", **production)
        house.refused("vault", "show", "city.vault", because="no such vault", **production)
        assert "示例核字1号" not in house.run("doctor", "--json", **production).err
