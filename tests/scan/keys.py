"""Keys are born, travel and are exchanged on the command line, with what goes wrong too."""

import os

from scan.known import (
    EXAMPLES,
    KINDS,
    NEW_PIN,
    PINS,
    PROVINCE,
    SM4,
    TDES,
    WORD,
    WRONG_PIN,
    WRONG_WORD,
    Known,
)
from scan.people import Answers
from shebaoka.chip.store import MemoryStore, load_image
from shebaoka.crypto.ciphers import xor
from shebaoka.psam.carrier.state import CONTROL_KEY
from shebaoka.spec.model import Scope
from shebaoka.vault.block_usages import KEY_BLOCK_PROTECTION
from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import MINISTRY, Body, KeyDefinition
from shebaoka.vault.software import SoftwareVault

CITY_KEYS = ["MF-MK", "ISSUER-MAC"]
OTHER_CITY_KEYS = ["SSSE-MK", "DF01-MK", "DF02-MK", "DF03-MK", "DF04-MK", "DF07-MK"]


class Keys(Known):
    """Chapters, called in order."""

    def ministry_is_born(self) -> None:
        """A ceremony from letters of components, unattended: declined, then held and printed."""
        house = self.house
        SoftwareVault.create(house.work / "ministry.vault", WORD, MINISTRY, work=4)
        script = house.given / "nation.toml"
        text = (EXAMPLES / "ceremonies" / "national-keys.toml").read_text("utf-8")
        few = ["ADF-MK", "DDF-MK", "PSAM-MK", "KID-02", "KID-03", "IRK", "STK", "UK3DF01"]
        script.write_text(f"{text.rstrip()}\nnames = {few}\n", "utf-8")  # of the last selection, 3DES
        ceremony = ("keys", "ceremony", script, "--vault", "ministry.vault")
        answers = EXAMPLES / "ceremonies" / "rehearsal.toml"
        house.ok("keys", "plan", script)
        declined = house.given / "declined.toml"
        declined.write_text('decline = "minutes.witness"\n' + answers.read_text("utf-8"), "utf-8")
        house.refused(
            *ceremony, "--transcript", "declined.jsonl", "--answers", declined, because="aborted at step"
        )
        house.ok(*ceremony, "--transcript", "nation.jsonl", "--answers", answers)
        house.ok("keys", "verify", "nation.jsonl", "--pdf", "nation.pdf", "-l", "zh")
        house.refused(
            "vault", "show", "ministry.vault", SHEBAOKA_PASSPHRASE=WRONG_WORD, because="wrong passphrase"
        )
        own = SoftwareVault.open(house.work / "ministry.vault", WORD)
        parts = [bytes.fromhex(text) for text in self._protection()]
        definition = KeyDefinition(
            "KBPK-01", KEY_BLOCK_PROTECTION, TDES, scope=Scope.NATION, exportable=False
        )
        own.generate_from_components(definition, parts)
        own.save()
        house.ok("carriers", "keys", "--vault", "ministry.vault")
        house.ok("carriers", "keys", "--vault", "ministry.vault", "-a", "3DES")
        self.vault("ministry.vault")

    def province_is_born(self) -> None:
        """People at a terminal type components; other keys are drawn in the vault."""
        house = self.house
        script = house.given / "province.toml"
        text = (EXAMPLES / "ceremonies" / "province-keys.toml").read_text("utf-8")
        script.write_text(text + '\n[[keys]]\nsuite = "SM4"\nsource = "device"\n', "utf-8")
        SoftwareVault.create(house.work / "province.vault", WORD, PROVINCE, work=4)
        held = house.at_terminal(
            Answers(self, text), "keys", "ceremony", script, "--vault", "province.vault",
            "--transcript", "province.jsonl", "--pdf", "province.pdf",
        )  # fmt: skip
        assert held.code == 0, held.out
        own = self.vault("province.vault")
        for name in ("BK", "PUK"):
            parts = [part for place, part in self.components.items() if f" {name} " in place]
            assert check_value(SM4, xor(*parts)) == own.find(name, 1, SM4).kcv
        house.ok("carriers", "keys", "--vault", "province.vault")
        self.vault("province.vault")

    def keys_travel(self, above: str, below: str, body: Body, suite: str, *only: str, kill: int = 7) -> None:
        """Three carriers issued, exported, control key loaded, imported; wrong PIN, other region, killed."""
        house = self.house
        where = ("--level", body.level, "--code", body.code, "--name", body.name, "-a", suite)
        images = {kind: f"{body.code}-{kind}.chip" for kind in KINDS}
        for number, kind in enumerate(KINDS):
            serial = f"99{body.code:0>6}0000000{number}"
            own = ("--image", images[kind], "--serial", serial, "--seal", f"S-{number}", "--uses", "9")
            house.ok("carriers", "issue", kind, "--vault", above, *own, *where, SHEBAOKA_PIN=PINS[kind])
            self.learn(images[kind], PINS[kind])
        pair = ("--mother", images["mother"], "--transmission", images["transmission"])
        keys = [word for name in only for word in ("-k", name)]
        house.killed(9, "carriers", "export", "--vault", above, *pair, *keys)
        house.ok("carriers", "export", "--vault", above, *pair, *keys)
        for kind in KINDS:
            self.learn(images[kind])
        control = ("carriers", "control", "--vault", below, "--image", images["master-control"])
        pins = {"SHEBAOKA_MOTHER_PIN": PINS["mother"], "SHEBAOKA_TRANSMISSION_PIN": PINS["transmission"]}
        take = ("carriers", "import", "--vault", below, *pair)
        house.refused(*take, **pins, because="load it from the master control card first")
        house.refused(*control, SHEBAOKA_PIN=WRONG_PIN, because="wrong; 2 tries left")
        house.ok(*control, SHEBAOKA_PIN=PINS["master-control"])
        wrong = pins | {"SHEBAOKA_MOTHER_PIN": WRONG_PIN}
        house.refused(*take, **wrong, because="wrong; 2 tries left")
        house.killed(kill, *take, **pins, SHEBAOKA_DEBUG="1")
        house.ok(*take, **pins, SHEBAOKA_DEBUG="1")
        house.ok("carriers", "show", "--image", images["mother"], "--json")

    def damage(self) -> None:
        """Blocks of a mother card are altered, a vault and an image cut; PINs change; a card is erased."""
        house = self.house
        code = PROVINCE.code
        mother, transmission = f"{code}-mother.chip", f"{code}-transmission.chip"
        state = dict(load_image(house.work / mother).state)
        address = next(a for a, v in state.items() if a[0] == CONTROL_KEY[0] and a[2] == 0x101 and v)
        block = state[address]
        assert isinstance(block, bytes)
        state[address] = block[:-1] + bytes((block[-1] ^ 1,))
        MemoryStore(state).save(house.work / "damaged.chip")
        self.learn("damaged.chip", PINS["mother"])
        pins = {"SHEBAOKA_MOTHER_PIN": PINS["mother"], "SHEBAOKA_TRANSMISSION_PIN": PINS["transmission"]}
        pair = ("--mother", "damaged.chip", "--transmission", transmission)
        take = ("carriers", "import", "--vault", "province.vault", *pair)
        for debug in ("0", "1"):
            said = house.run(*take, **pins, SHEBAOKA_DEBUG=debug)
            assert said.code != 0, said
        raw = (house.work / "province.vault").read_bytes()
        (house.work / "cut.vault").write_bytes(raw[:-40])
        house.refused("vault", "show", "cut.vault", because="damaged")
        (house.work / "cut.chip").write_bytes((house.work / mother).read_bytes()[:60])
        house.refused("carriers", "show", "--image", "cut.chip", because="cut off or damaged")
        change = ("carriers", "pin", "--image", mother)
        house.refused(*change, SHEBAOKA_PIN=WRONG_PIN, SHEBAOKA_NEW_PIN=NEW_PIN, because="tries left")
        house.refused(*change, SHEBAOKA_PIN=PINS["mother"], SHEBAOKA_NEW_PIN="12", because="6 to 12 digits")
        house.ok(*change, SHEBAOKA_PIN=PINS["mother"], SHEBAOKA_NEW_PIN=NEW_PIN)
        self.learn(mother, NEW_PIN)
        house.ok("carriers", "erase", "--vault", "ministry.vault", "--image", mother)

    def city_is_born(self) -> None:
        """Keys with letters of components: killed and closed, then held."""
        house = self.house
        text = (EXAMPLES / "ceremonies" / "city-keys.toml").read_text("utf-8")
        text = text.replace("../extensions", str(EXAMPLES / "extensions"))
        few, others = house.given / "few.toml", house.given / "others.toml"
        few.write_text(text.rstrip() + f"\nnames = {CITY_KEYS}\n", "utf-8")
        text = text.replace("letters = true", "letters = false").rstrip()
        others.write_text(text + f"\nnames = {OTHER_CITY_KEYS}\n", "utf-8")
        ceremony = ("keys", "ceremony", "--vault", "city.vault")
        answers = ("--answers", EXAMPLES / "ceremonies" / "rehearsal.toml")
        house.killed(22, *ceremony, few, "--transcript", "one.jsonl", "--letters", "letters-one", *answers)
        self.learn_letters()
        assert self.letters
        house.ok("keys", "close", "one.jsonl", "--vault", "city.vault", "--letters", "letters-one")
        assert not list((house.work / "letters-one").iterdir())
        told = ("--transcript", "two.jsonl", "--letters", "letters-two", *answers)
        house.ok(*ceremony, few, *told, "--pdf", "city.pdf")
        self.learn_letters()
        house.ok(*ceremony, others, "--transcript", "three.jsonl", *answers)
        self.vault("city.vault")

    def blocks(self) -> None:
        """Key blocks under a key of the vault and under AES from components; damaged ones."""
        house = self.house
        parts = self._aes()
        house.ok(
            "keys", "export-block", "ministry.vault", "UK3DF01", "-a", "SM4", "-o", "aes.block",
            "--components", "2", "--to", "98", **parts,
        )  # fmt: skip
        house.ok(
            "keys", "export-block", "ministry.vault", "UK3DF01", "-o", "kbpk.block", "--protection", "KBPK-01"
        )
        block = (house.work / "aes.block").read_text("ascii")
        (house.work / "damaged.block").write_text(
            block[:-9] + ("0" if block[-9] != "0" else "1") + block[-8:]
        )
        take = ("keys", "import-block", "province.vault")
        house.refused(*take, "damaged.block", "--components", "2", **parts, because="block")
        makers = self._aes("maker's", 16)
        blanks = ("keys", "blanks", "carrier", "--vault", "province.vault")
        for debug in ("0", "1"):
            said = house.run(*blanks, "--kcv", "000000", **makers, SHEBAOKA_DEBUG=debug)
            assert said.code != 0, said
        house.ok(*blanks, **makers)
        self.vault("province.vault")
        swapped = {"SHEBAOKA_COMPONENT_1": parts["SHEBAOKA_COMPONENT_1"]} | {
            "SHEBAOKA_COMPONENT_2": parts["SHEBAOKA_COMPONENT_2"][:-1] + "x"
        }
        house.refused(*take, "aes.block", "--components", "2", **swapped, because="is not hex")
        assert house.run(*take, "damaged.block", "--components", "2", **parts, SHEBAOKA_DEBUG="1").code == 1
        house.ok(*take, "aes.block", "--components", "2", **parts)

    def _protection(self) -> list[str]:
        parts = [os.urandom(16) for _ in range(2)]
        for number, part in enumerate(parts):
            self.secrets.key(f"KBPK component {number}", part)
        return [part.hex() for part in parts]

    def _aes(self, name: str = "AES", size: int = 32) -> dict[str, str]:
        parts = [os.urandom(size) for _ in range(2)]
        for number, part in enumerate(parts):
            self.secrets.key(f"{name} component {number}", part)
        self.secrets.key(f"{name} key", xor(*parts))
        return {f"SHEBAOKA_COMPONENT_{number}": part.hex() for number, part in enumerate(parts, 1)}
