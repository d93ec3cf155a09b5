"""The acts of custody as people do them: one proposes, others check."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import msgspec

from office.country import Country
from office.custody.stocked import received_at_once
from shebaoka.office.custody.services import (
    Application,
    ArrivedCarrier,
    NewHsm,
    NewPlace,
    Numbering,
    Pairing,
    Receiving,
    Sending,
    SentCarrier,
    Storing,
    TakingOut,
)
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check, propose

P = TypeVar("P", bound=msgspec.Struct)
CUSTODIAN, OPERATOR = "organizations.key-custodian", "organizations.key-administrator"
OFFICER, LEADER = "organizations.security-officer", "organizations.leader"
MOTHER, TRANSMISSION, CONTROL = "9800000000000001", "9800000000000002", "9800000000000003"
REFERENCE = "0123456789ABCDEF"
ON_MOTHER = ("98:BK:1:SM4", "98:PUK:1:SM4")


def number(code: str, role: str, nth: int = 1) -> str:
    return f"{code}-{role.partition('.')[2]}-{nth}"


@dataclass(frozen=True)
class Steps:
    country: Country

    def actor(self, code: str, role: str, nth: int = 1) -> Actor:
        return self.country.actor(code, role, nth)

    def agree(self, act: str, payload: Any, maker: Actor, *checkers: Actor) -> TwoPersonAct:
        waiting = propose(maker, act, self.country.organizations[payload.organization], payload)
        for checker in checkers:
            waiting = check(checker, waiting.pk, digest=waiting.digest)
        return waiting

    def custodians(self, code: str, act: str, payload: msgspec.Struct) -> TwoPersonAct:
        """Custodians 1 and 2 sign."""
        return self.agree(act, payload, self.actor(code, CUSTODIAN), self.actor(code, CUSTODIAN, 2))

    def place(self, code: str, place: str) -> None:
        new = NewPlace(code, place, f"{place}柜", "safe", "示例路1号")
        self.agree("custody.place.add", new, self.actor(code, OPERATOR), self.actor(code, OFFICER))

    def hsm(self, code: str, **changes: Any) -> NewHsm:
        new = NewHsm(
            organization=code,
            maker="示例厂",
            model="SJJ-9",
            serial=f"HSM-{code}",
            place="S1",
            custodian=number(code, CUSTODIAN),
            deputy=number(code, CUSTODIAN, 2),
            certificate="GM-2024-1",
            certificate_kind="product",
            issued=date(2024, 1, 1),
            expires=date(2028, 12, 31),
            conformity="部信函1号",
            conformity_on=date(2024, 2, 1),
        )
        new = msgspec.structs.replace(new, **changes)
        self.agree("custody.hsm.add", new, self.actor(code, OPERATOR), self.actor(code, LEADER))
        return new

    def number(self, kind: str, *serials: str) -> None:
        new = Numbering("000000", kind, serials, "部发2026-1")
        self.agree(
            "custody.carrier.number", new, self.actor("000000", OPERATOR), self.actor("000000", CUSTODIAN)
        )

    def store(self, code: str, serial: str, place: str, custodian: int, deputy: int, seal: str) -> None:
        to = Storing(code, serial, place, "1", number(code, CUSTODIAN, custodian), seal)
        if deputy:
            to = replaced(to, deputy=number(code, CUSTODIAN, deputy))
        self.custodians(code, "custody.carrier.store", to)

    def pair(self, code: str) -> None:
        new = Pairing(code, MOTHER, TRANSMISSION, REFERENCE, "省级密钥 SM4 2个", ON_MOTHER)
        self.agree("custody.carrier.pair", new, self.actor(code, OPERATOR), self.actor(code, CUSTODIAN, 3))

    def filled_ministry(self) -> None:
        """The ministry's pair in two safes with two sets of custodians, and a control card; the province has
        a device and places."""
        for place in ("S1", "S2", "S3"):
            self.place("000000", place)
            self.place("980000", place)
        self.hsm("980000")
        self.number("mother", MOTHER)
        self.number("transmission", TRANSMISSION)
        self.number("master-control", CONTROL)
        self.store("000000", MOTHER, "S1", 1, 2, "F1")
        self.store("000000", TRANSMISSION, "S2", 3, 0, "F2")
        self.store("000000", CONTROL, "S1", 1, 2, "F3")
        self.pair("000000")

    def order(self) -> str:
        self.order_with("HSM-980000")
        return "980000-2026-0001-K"

    def order_with(self, serial: str) -> None:
        new = Application(
            organization="980000",
            approval="部批2026-8",
            hsm=serial,
            key_set="省级密钥 3DES、SM4",
            purpose="首次发卡",
            master_control=1,
            mother=1,
            transmission=1,
            custodian_a=number("980000", CUSTODIAN),
            custodian_b=number("980000", CUSTODIAN, 2),
            courier=number("980000", OFFICER),
            letter="介2026-3",
            planned_on=date(2026, 3, 10),
            place="部信息中心",
        )
        self.agree("custody.order.submit", new, self.actor("980000", OPERATOR), self.actor("980000", LEADER))

    def sending(self, order: str) -> Sending:
        couriers = number("980000", OFFICER), number("980000", OPERATOR)
        return Sending(
            organization="000000",
            receiver="980000",
            order=order,
            document="部发2026-15",
            transport="专车，两人押运",
            courier_a=couriers[0],
            courier_b=couriers[1],
            carriers=(
                SentCarrier(MOTHER, couriers[0]),
                SentCarrier(TRANSMISSION, couriers[1]),
                SentCarrier(CONTROL, couriers[0]),
            ),
            place="部信息中心密钥室",
        )

    def receiving(self, **changes: Any) -> Receiving:
        found = {
            MOTHER: ArrivedCarrier(MOTHER, True, "F1", number("980000", CUSTODIAN, 1)),
            TRANSMISSION: ArrivedCarrier(TRANSMISSION, True, "F2", number("980000", CUSTODIAN, 2)),
            CONTROL: ArrivedCarrier(CONTROL, True, "F3", number("980000", CUSTODIAN, 1)),
        }
        for serial, change in changes.items():
            found[serial.lstrip("_")] = change
        return Receiving("980000", "000000-2026-0001", tuple(found.values()))

    def sent(self) -> None:
        """The ministry has sent the pair and a control card to province 98."""
        self.filled_ministry()
        self.custodians("000000", "custody.dispatch.send", self.sending(self.order()))

    def received_by_services(self) -> None:
        """The province has received them and put each in its place."""
        self.sent()
        self.custodians("980000", "custody.dispatch.receive", self.receiving())
        self.store("980000", MOTHER, "S1", 1, 0, "F1")
        self.store("980000", TRANSMISSION, "S2", 2, 3, "F2")
        self.store("980000", CONTROL, "S3", 1, 3, "F3")

    def received(self) -> None:
        """The same world, written at once."""
        received_at_once(self.country)

    def taking(self, serial: str = MOTHER, seal: str = "F1", **changes: Any) -> TakingOut:
        return replaced(TakingOut("980000", serial, "导入省级密钥", "批2026-9", 8, seal), **changes)

    def take_out(self, out: TakingOut, first: int = 1, second: int = 2, operator: int = 1) -> TwoPersonAct:
        signers = self.actor("980000", CUSTODIAN, first), self.actor("980000", CUSTODIAN, second)
        return self.agree("custody.carrier.take-out", out, self.actor("980000", OPERATOR, operator), *signers)


def replaced(payload: P, **changes: Any) -> P:
    return msgspec.structs.replace(payload, **changes)
