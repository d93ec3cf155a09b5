"""Everything the command line does with keys, components, PINs and passphrases, once, with what goes wrong
too."""

from personalization.support import id_number
from scan.keys import Keys
from scan.known import (
    BAD_PINS,
    CARD_PINS,
    EXAMPLES,
    FIXED,
    FIXTURE_PIN,
    NEW_CARD_PIN,
    RESET_CARD_PIN,
    WORD,
    WRONG_PIN,
)
from shebaoka.chip.store import load_image
from shebaoka.chip.values import KEY, MASTER
from shebaoka.paper.letters import PinMailer, pin_mailers_pdf


class Story(Keys):
    """The chapters of PSAMs and cards."""

    def psam(self) -> None:
        """Made, loaded level by level, killed on the way, shown, sealed, wiped."""
        house = self.house
        house.ok("psam", "make", "one.psam", "--terminal", "980100000001", "--vault", "ministry.vault")
        self.learn("one.psam")
        where = ("--psam", "one.psam")
        load = ("psam", "load", "--vault", "ministry.vault", *where)
        house.killed(40, *load)
        house.ok(*load, "--trace")
        self.learn("one.psam")
        for name in ("province.vault", "city.vault"):
            house.ok("psam", "load", "--vault", name, *where, "--trace")
            self.learn("one.psam")
        house.ok("psam", "show", *where, "--json")
        sealed = ("psam", "make", "sealed.psam", "--terminal", "980100000002", "--vault", "ministry.vault")
        house.ok(*sealed, "--seal")
        house.ok("psam", "load", "--vault", "ministry.vault", "--psam", "sealed.psam")

    def cards(self) -> None:
        """A batch with PINs, one of them bad; killed and gone on with; sealed images too; PIN letters."""
        house = self.house
        people = house.given / "people.csv"
        header = "姓名,身份证号,性别,民族,出生日期,初始密码\n"
        rows = [
            f"示例{name},{id_number(number)},男,汉族,1990-01-01,{pin}\n"
            for number, (name, pin) in enumerate(zip("甲乙丙丁戊", (*CARD_PINS, *BAD_PINS), strict=True), 1)
            for number in (2 * number - 1,)
        ]
        people.write_text(header + "".join(rows), "utf-8")
        mapping = house.given / "mapping.toml"
        mapping.write_text(
            'title = "t"\n[columns]\n"姓名" = { to = "name", required = true }\n'
            '"身份证号" = { to = "SSSE.EF06.08", required = true }\n'
            '"性别" = { to = "SSSE.EF06.0A", codes = { "男" = "1" } }\n"民族" = "SSSE.EF06.0B"\n'
            '"出生日期" = { to = "SSSE.EF06.0D", dates = ["%Y-%m-%d"] }\n"初始密码" = "pin"\n',
            "utf-8",
        )
        make = (
            "cards", "make", people, "-m", mapping, "-p", EXAMPLES / "people" / "product-3.0-dual.toml",
            "--vault", "city.vault",
        )  # fmt: skip
        house.killed(8, *make, "-o", "batch")
        made = house.run(*make, "-o", "batch", "--json")
        assert made.code == 1, made
        assert '"refused": 2' in made.out
        assert house.run(*make, "-o", "sealed", "--seal", "--reissue").code == 1
        house.ok("cards", "faces", "batch", "-o", "faces.pdf", "--last", "2")
        images = sorted((house.work / "batch" / "cards").glob("*.card"))
        assert len(images) == 3
        for image, pin in zip(images, CARD_PINS, strict=True):
            self.learn(str(image.relative_to(house.work)), pin)
        letter = pin_mailers_pdf(
            PinMailer("示例甲", ("示例甲市一号街1号",), "示例甲市", f"P-{number}", "12345678X", pin)
            for number, pin in enumerate(CARD_PINS)
        )
        (house.work / "pin-letters.pdf").write_bytes(letter)
        self.allowed["pin-letters.pdf"] = {self.secrets.pin("", pin) for pin in CARD_PINS}

    def card_lives(self) -> None:
        """The card PIN verified, mistaken, changed, unblocked and set anew, everything traced."""
        house = self.house
        image = min((house.work / "batch" / "cards").glob("*.card")).relative_to(house.work)
        card, keys = ("--chip", image), ("--psam", "one.psam", "--vault", "city.vault")
        own, traced = {"SHEBAOKA_PIN": CARD_PINS[0]}, ("--trace", "--trace-file")
        house.ok("card", "read", *card, *keys, "--pin", *traced, "read.apdu", **own)
        house.ok("card", "check", *card, "--json")
        pin = ("card", "pin")
        house.ok(*pin, "verify", *card, *traced, "verify.apdu", **own)
        house.refused(
            *pin, "verify", *card, *traced, "wrong.apdu", SHEBAOKA_PIN=WRONG_PIN, because="tries left"
        )
        house.ok(*pin, "change", *card, *traced, "change.apdu", **own, SHEBAOKA_NEW_PIN=NEW_CARD_PIN)
        for _ in range(6):
            house.run(*pin, "verify", *card, SHEBAOKA_PIN=WRONG_PIN)
        house.ok(*pin, "unblock", *card, *keys, *traced, "unblock.apdu", SHEBAOKA_PIN=NEW_CARD_PIN)
        house.ok(*pin, "reset", *card, *keys, *traced, "reset.apdu", SHEBAOKA_NEW_PIN=RESET_CARD_PIN)
        self.learn(str(image), NEW_CARD_PIN, RESET_CARD_PIN)
        house.ok(
            "shell", *card, *keys, *traced, "shell.apdu", text="ls\npin\nread EF06\nshow\n",
            SHEBAOKA_PIN=RESET_CARD_PIN,
        )  # fmt: skip

    def fixture(self) -> None:
        """A card from a fixture that says its PIN, and a PSAM; one with a mistake."""
        house = self.house
        text = (EXAMPLES / "fixtures" / "card-2.0-sm4.toml").read_text("utf-8")
        fixture = house.given / "card.toml"
        fixture.write_text(text.replace('value = "123456"', f'value = "{FIXTURE_PIN}"'), "utf-8")
        house.ok("chip", "build", fixture, "-o", "fixture.card")
        self.learn("fixture.card", FIXTURE_PIN)
        bad = house.given / "bad.toml"
        bad.write_text(text.replace('value = "123456"', f'value = "{BAD_PINS[1]}"'), "utf-8")
        house.refused("chip", "build", bad, "-o", "bad.card", because="4 to 16 digits")
        bad.write_text(text.replace('value = "123456"', f'valeu = "{BAD_PINS[0]}"'), "utf-8")
        house.refused("chip", "build", bad, "-o", "bad.card", because="valeu")

    def the_end(self) -> None:
        """What a vault shows, the doctor says, and the end of the PSAM."""
        house = self.house
        for name in ("ministry.vault", "province.vault", "city.vault"):
            house.ok("vault", "show", name, "--json")
        house.run("doctor")
        house.ok("psam", "wipe", "--vault", "city.vault", "--psam", "one.psam", "--yes", "--trace")
        city = self.vault("city.vault")
        for image in sorted((house.work / "sealed" / "cards").glob("*.card")):
            state = load_image(image, WORD).state
            for address, value in state.items():
                if isinstance(value, bytes) and address[0] in (KEY, MASTER) and value[-16:] not in FIXED:
                    self.secrets.key(f"sealed {image.name} {address}", value[-16:])
        assert city.handles()
