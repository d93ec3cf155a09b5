"""The papers of ends: carriers that were destroyed, a custodian who hands over."""

from shebaoka.office.custody.models import Destruction, KeeperChange
from shebaoka.office.custody.paper_parts import KINDS, day, name, paper, person, time
from shebaoka.paper.form import Section
from shebaoka.paper.transcript import Grid

_AFTERWARDS = "移交人离岗后继续保守所接触的密钥、载体和相关秘密，不留存任何副本。"


def destruction_pdf(made: Destruction) -> bytes:
    """The record of destruction (销毁记录)."""
    carriers = made.carriers.order_by("kind", "serial")
    rows = tuple((KINDS[carrier.kind], carrier.serial, carrier.document) for carrier in carriers)
    kept = tuple((each.shows, each.name, each.sha256) for each in made.files.order_by("added_at"))
    sections = (
        Section(
            "销毁",
            (
                ("单位", made.organization.name),
                ("日期", day(made.day)),
                ("原因", made.reason),
                ("方式", made.method),
                ("地点", made.place),
                ("销毁证明或照片编号", made.certificate),
            ),
        ),
        Section("清单", grid=Grid(("载体", "编号", "来源文号"), rows, (26, 40, 34))),
        Section(
            "照片和证明文件", grid=Grid(("内容", "文件", "SHA-256"), kept, (30, 24, 46)) if kept else None
        ),
    )
    signatures = (
        ("销毁人甲", name(made.destroyer_a)),
        ("销毁人乙", name(made.destroyer_b)),
        ("监销人", name(made.supervisor)),
        ("批准人", name(made.approver)),
    )
    return paper("密钥载体销毁记录", made.number, made.organization.name, "F14", sections, signatures)


def keeper_change_pdf(change: KeeperChange) -> bytes:
    """The protocol of a change of custodians (保管人变更交接书), signed by both before the leader."""
    kinds = {**KINDS, "hsm": "加密机"}
    rows = tuple((kinds[line["kind"]], line["serial"], line["seal"]) for line in change.lines)
    sections = (
        Section(
            "交接",
            (
                ("单位", change.organization.name),
                ("交接时间", time(change.at)),
                ("移交人", person(change.leaving)),
                ("接任人", person(change.successor)),
                ("监交人", person(change.supervisor)),
                ("变更原因", change.reason),
                ("已更换的口令、密码", change.renewed),
                ("离岗保密承诺书", change.secrecy_after),
            ),
        ),
        Section("当日清点清单", grid=Grid(("种类", "编号", "封签号"), rows, (26, 44, 30))),
        Section("承诺", text=(_AFTERWARDS,)),
    )
    signatures = (
        ("移交人", name(change.leaving)),
        ("接任人", name(change.successor)),
        ("监交人", name(change.supervisor)),
    )
    return paper("保管人变更交接书", change.number, change.organization.name, "F15", sections, signatures)
