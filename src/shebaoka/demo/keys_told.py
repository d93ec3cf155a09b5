"""The keys in the report: ceremonies, carriers, check values from the top down, what went into the PSAMs."""

from collections.abc import Iterable, Iterator

from shebaoka.carriers.keys import CONTROL, ISSUER, TRANSPORT
from shebaoka.demo.carriage import Card, Journey
from shebaoka.demo.ceremonies import HeldCeremony
from shebaoka.demo.report import Group, Table
from shebaoka.demo.stage import Stage
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyNotFoundError, Level, Vault

_CARDS = {
    MASTER_CONTROL: "主控密钥卡 master control card",
    MOTHER: "密钥母卡 mother card",
    TRANSMISSION: "传输密钥卡 transmission card",
}
_OF_CARRIERS = (CONTROL, TRANSPORT, ISSUER)
_MADE_AT = {
    Level.NATION: "National keys: made by the ministry, handed down",
    Level.PROVINCE: "Provincial keys: every province makes its own",
    Level.CITY: "City keys: masters of the cards, keys of own files",
}
_NOTHING = "–"


def key_tables(stage: Stage) -> tuple[Table, ...]:
    """Who made which keys, which carriers moved what, what went into the PSAMs."""
    return _ceremonies(stage.ceremonies), _carriers(stage.journeys), _psams(stage)


def check_value_table(stage: Stage) -> Table:
    """The check values of all bodies, one beside the other: of the keys that ceremonies made."""
    world = stage.the_world()
    columns = [world.ministry]
    for region in world.regions:
        columns += [region.province, region.city]
    groups = [
        Group(title, tuple(_rows(_made_at(level, stage.ceremonies), columns)))
        for level, title in _MADE_AT.items()
    ]
    carriers = "Keys of the carriers: the control key goes down, the others serve where they are made"
    groups.append(Group(carriers, tuple(_rows(_OF_CARRIERS, columns))))
    head = ("Key", "Ministry", *(vault.owner.name for vault in columns[1:]))
    caption = "SM4, version 1. A check value proves a key without telling it."
    return Table("Check values from the top down", head, tuple(groups), caption, grid=True)


def _ceremonies(ceremonies: Iterable[HeldCeremony]) -> Table:
    groups = []
    for ceremony in ceremonies:
        script = ceremony.script
        people = "; ".join(
            (
                f"custodians {', '.join(person.name for person in script.custodians)}",
                f"operator {script.operator.name}",
                f"witness {script.witness.name}",
            )
        )
        parts = ", ".join(ceremony.of_components)
        others = "the others in the vault" if parts else "all made in the vault"
        source = f"{parts} from the custodians' components, {others}" if parts else others
        told = f"{len(ceremony.told.records)} records, head hash {ceremony.head}"
        rows = (
            ("Keys", f"{ceremony.keys}: {source}"),
            ("In the room", people),
            ("Transcript", told),
            ("Files", f"ceremonies/{ceremony.transcript.name}, signed on ceremonies/{ceremony.pdf.name}"),
        )
        groups.append(Group(f"{ceremony.body}: {script.title} {script.number}", rows))
    caption = "Held without people, marked TEST. The head hash stands for every record of a transcript."
    return Table("Key ceremonies", ("What", "Recorded"), tuple(groups), caption)


def _carriers(journeys: Iterable[Journey]) -> Table:
    groups = []
    for journey in journeys:
        cards, arrived = journey.cards, journey.arrived.handles
        versions = sorted({handle.version for handle in arrived})
        rows = (
            _card(cards.control, f"control key, KCV {journey.control.kcv}"),
            _card(cards.mother, f"{len(arrived)} keys, versions {versions[0]} to {versions[-1]}"),
            _card(cards.transmission, "transport key of this export"),
        )
        reference = journey.export.reference.hex().upper()
        groups.append(Group(f"{journey.sender} → {journey.receiver}, export {reference}", rows))
    caption = "Check values were told apart from the cards; the receiver saw the same ones, for every key."
    head = ("Card", "Serial", "Seal", "Carried", "Uses left")
    return Table("Which carriers moved what", head, tuple(groups), caption, frozenset({4}))


def _card(card: Card, carried: str) -> tuple[str, ...]:
    identity, status = card.identity, card.status()
    uses = f"{status.uses_left} of {status.use_limit}"
    return _CARDS[identity.kind], identity.serial, identity.seal, carried, uses


def _made_at(level: Level, ceremonies: Iterable[HeldCeremony]) -> Iterable[str]:
    return dict.fromkeys(
        name
        for ceremony in ceremonies
        if ceremony.body.level is level
        for name in ceremony.names(Algorithm.SM4)
        if name not in _OF_CARRIERS
    )


def _rows(names: Iterable[str], columns: Iterable[Vault]) -> Iterator[tuple[str, ...]]:
    for name in names:
        yield name, *(_value(vault, name) for vault in columns)


def _value(vault: Vault, name: str) -> str:
    try:
        return vault.find(name, 1, Algorithm.SM4).kcv
    except KeyNotFoundError:
        return _NOTHING


def _psams(stage: Stage) -> Table:
    groups = []
    for psams in stage.psams.values():
        for psam in (psams.full, psams.local):
            rows = tuple(
                (str(loading.body), loading.loading_key, str(loading.keys)) for loading in psam.loadings
            )
            groups.append(Group(f"PSAM {psam.terminal}", rows))
    caption = "Each level proves its own loading key, then loads its own keys, the ministry first."
    head = ("Loaded by", "Under", "Keys")
    return Table("What went into the PSAMs", head, tuple(groups), caption, frozenset({2}))
