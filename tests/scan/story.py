"""Everything the command line does with keys, components, PINs and passphrases, once, with what goes wrong
too."""

from personalization.support import id_number
from scan.devices import Devices
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


class Story(Devices):
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
        """A batch with PINs, two of them bad; killed and gone on with; faces; PIN letters."""
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
        house.ok("cards", "faces", "batch", "-o", "faces.pdf", "--last", "2")
        images = sorted((house.work / "batch" / "cards").glob("*.card"))
        assert len(images) == 3
        for image, pin in zip(images, CARD_PINS, strict=True):
            self.learn(str(image.relative_to(house.work)), pin)
        letters = ("cards", "pin-mailers", "batch", "-o", "pin-letters.pdf")
        house.refused(*letters, "--vault", "province.vault", because="the vault")
        house.ok(*letters, "--vault", "city.vault")
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

    def lives(self) -> None:
        """Keys of the province get a next version, which is killed, made, put into use; the first ends."""
        house = self.house
        who = (
            "--requester",
            "示例一",
            "--approver",
            "示例二",
            "--approver",
            "示例三",
            "--reason",
            "年度轮换",
        )
        own = ("--vault", "province.vault", "-k", "BK", "--journal", "lives.jsonl", *who)
        house.killed(4, "keys", "rotate", *own)
        house.ok("keys", "rotate", *own)
        self.vault("province.vault")
        house.ok("keys", "activate", "-v", "2", *own)
        house.refused("keys", "destroy", "-v", "1", "--yes", *own, because="is active; after that comes")
        house.ok("keys", "retire", "-v", "1", *own)
        house.ok("keys", "minimum", "-v", "2", *own)
        house.ok("keys", "destroy", "-v", "1", "--yes", *own)
        house.ok("keys", "list", "--vault", "province.vault", "--json")

    def losses(self) -> None:
        """What lost carriers, PSAMs, vaults and keys expose."""
        told = [word for level in ("ministry", "province") for word in ("--vault", f"{level}.vault")]
        told += ["--records", "ministry.carried", "--records", "province.carried", "--cards", "batch"]
        for lost in (
            ("--carrier", "9900009800000001", "--carrier", "9900009800000002", "--pins-lost"),
            ("--psam", "980100000001", "-o", "affected.csv"),
            ("--hsm", "nation", "--json"),
        ):
            self.house.ok("keys", "exposure", *lost, *told)

    def the_end(self) -> None:
        """What a vault shows, the doctor says, and the end of the PSAM."""
        house = self.house
        for name in ("ministry.vault", "province.vault", "city.vault"):
            house.ok("vault", "show", name, "--json")
        house.run("doctor")
        house.ok("psam", "wipe", "--vault", "city.vault", "--psam", "one.psam", "--yes", "--trace")
        for address, value in load_image(house.work / "sealed.psam", WORD).state.items():
            if isinstance(value, bytes) and address[0] in (KEY, MASTER) and value[-16:] not in FIXED:
                self.secrets.key(f"sealed {address}", value[-16:])
