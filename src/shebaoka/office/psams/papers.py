"""PSAMs on paper: the application (F7), the hand-over list (F8), the destruction list with its certificate.

The official forms of P20 are not public: each has an empty place for its official attachment number."""

from django.db.models import QuerySet

from shebaoka.office.base import clock
from shebaoka.office.psams.choices import KeyLevel, Wipe
from shebaoka.office.psams.models import Destruction, Order, Psam
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

_ATTACHMENT = "官方附件编号"
_LEVELS = {KeyLevel.NATION: "国家级", KeyLevel.PROVINCE: "省级", KeyLevel.CITY: "地市级"}
_PURPOSES = {"read": "只读", "write": "读写", "purchase": "医疗消费", "unblock": "解锁个人密码"}
_KEPT = {"photo": "影像", "record": "见证记录"}
_WIPES = {Wipe.CHIP.value: "已在芯片上擦除", Wipe.SILENT.value: "芯片无应答", "": "未擦除"}


def application_pdf(order: Order) -> bytes:
    """F7, an application for PSAMs (社会保障PSAM卡申领表)."""
    body = order.organization
    asked = (
        ("申领机构", f"{body.name}（{body.code}）"),
        ("申领数量", f"{order.quantity}张"),
        ("密钥级别", "、".join(_LEVELS[KeyLevel(each)] for each in order.levels)),
        ("算法", "、".join(order.algorithms)),
        ("用途", _PURPOSES[order.purpose]),
        ("使用场所", order.use),
        ("空白卡供应商", f"{order.vendor.name}，备案号{order.vendor.filing}"),
        ("送达方式", order.delivery),
        ("保管员", f"{order.keeper.name}（{order.keeper.number}）"),
        ("申领日期", _day(order.submitted_at)),
    )
    answer = (("审批意见", order.opinion or "　"), ("审批日期", _day(order.decided_at)))
    paper = FormPaper(
        title="社会保障PSAM卡申领表",
        number=order.number,
        body=f"F7　{body.name}",
        attachment=_ATTACHMENT,
        sections=(
            Section("申领内容", facts=asked, signatures=(("申领经办人", ""), ("申领单位负责人", ""))),
            Section("部级信息中心意见", facts=answer, signatures=(("经办人", ""), ("负责人", ""))),
        ),
    )
    return form_pdf(paper)


def hand_over_pdf(order: Order) -> bytes:
    """F8, the list PSAMs are handed over with (社会保障PSAM卡交接清单)."""
    psams = list(order.psams.order_by("serial"))
    facts = (
        ("申领单号", order.number),
        ("发送单位", "人力资源和社会保障部信息中心"),
        ("接收单位", order.organization.name),
        ("数量", f"{len(psams)}张"),
        ("序列号", f"{psams[0].serial} 至 {psams[-1].serial}" if psams else "　"),
        ("终端机编号", f"{psams[0].terminal} 至 {psams[-1].terminal}" if psams else "　"),
        ("发送日期", _day(order.sent_at)),
        ("接收日期", _day(order.received_at)),
    )
    paper = FormPaper(
        title="社会保障PSAM卡交接清单",
        number=order.document,
        body=f"F8　{order.organization.name}",
        attachment=_ATTACHMENT,
        sections=(
            Section("交接内容", facts=facts),
            Section("清单", grid=_grid(order.psams.order_by("serial"))),
            Section("签字", signatures=(("发送人", ""), ("监交人", ""), ("接收人", ""), ("清点人", ""))),
        ),
    )
    return form_pdf(paper)


def destruction_pdf(found: Destruction) -> bytes:
    """The destruction list, and once it is done the certificate (社会保障PSAM卡销毁证明)."""
    done = found.done_at is not None
    witnesses = (found.destroyer_a, found.destroyer_b, found.supervisor)
    names = [f"{each.name}（{each.number}）" if each else "" for each in witnesses]
    facts = (
        ("销毁清单", found.number),
        ("销毁原因", found.reason),
        ("批准日期", _day(found.approved_at)),
        ("销毁方式", found.method or "　"),
        ("销毁地点", found.site or "　"),
        ("销毁日期", _day(found.done_at)),
        ("影像资料原件", found.photos or "　"),
    )
    kept = tuple((_KEPT[each.kind], each.name, each.sha256[:32]) for each in found.files.all())
    pictures = Section("影像和见证材料", grid=Grid(("类别", "文件", "校验值（前32位）"), kept, (34, 66, 66)))
    lines = found.lines.select_related("psam").order_by("psam__serial")
    rows = tuple(
        (str(number), line.psam.serial, line.psam.terminal, _WIPES[line.wiped_how])
        for number, line in enumerate(lines, 1)
    )
    text = ("以上PSAM卡的密钥已擦除，芯片已销毁，号码不再使用。",) if done else ()
    paper = FormPaper(
        title="社会保障PSAM卡销毁证明" if done else "社会保障PSAM卡销毁清单",
        number=found.certificate or found.number,
        body=found.organization.name,
        attachment=_ATTACHMENT,
        sections=(
            Section("销毁内容", facts=facts),
            Section("清单", grid=Grid(("序号", "序列号", "终端机编号", "密钥"), rows, (14, 62, 44, 46))),
            *([pictures] if kept else ()),
            Section(
                "见证",
                text=text,
                signatures=(("销毁人", names[0]), ("销毁人", names[1]), ("监销人", names[2])),
            ),
        ),
    )
    return form_pdf(paper)


def _grid(psams: QuerySet[Psam]) -> Grid:
    rows = tuple(
        (str(number), each.serial, each.terminal, f"{each.expires_on:%Y-%m-%d}")
        for number, each in enumerate(psams, 1)
    )
    return Grid(("序号", "序列号", "终端机编号", "有效期至"), rows, (14, 66, 48, 38))


def _day(time: object) -> str:
    return f"{time.astimezone(clock.CHINA):%Y-%m-%d}" if hasattr(time, "astimezone") else "　"
