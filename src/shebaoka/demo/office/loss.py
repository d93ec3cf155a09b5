"""A PSAM is lost: hosts refuse it by the next signed list, an incident is open, the city has told its leader
and the province, and what it touches is computed from the registers."""

from datetime import timedelta

from shebaoka.demo.office.psams import CITY, HOSPITAL, serial
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.incidents.choices import DutyKind, EntryKind, Means
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services import duty_done, entry_add
from shebaoka.office.psams.models import BlockList
from shebaoka.office.psams.services import loss_report

NUMBER = 2


def fill(stage: OfficeStage) -> None:
    """Reported by its keeper; the ministry has not been told yet, and its clock runs."""
    lost = serial(NUMBER)
    loss_report(
        stage.by(HOSPITAL, "psam-keeper", 1),
        serial=lost,
        missing_since=clock.now() - timedelta(hours=2),
        circumstances="门诊二号窗口终端检修后，PSAM卡不在卡槽内",
    )
    incident = Incident.objects.get(organization__code=CITY)
    officer = stage.by(CITY, "security-officer")
    entry_add(
        officer,
        incident=incident.pk,
        kind=EntryKind.CONTAINMENT,
        text="已更新停用名单并通知定点医院，相关终端停止联机交易",
    )
    for kind, told in ((DutyKind.SUPERVISOR, "分管领导"), (DutyKind.SUPERIOR, "省厅值班室")):
        for duty in incident.duties.filter(kind=kind, done_at=None):
            duty_done(officer, duty=duty.pk, means=Means.PHONE, told=told)
    listed = BlockList.objects.filter(organization__code=CITY).latest("version")
    refused = f"list {listed.version} refuses {listed.entries}"
    stage.say(f"PSAM {lost} is lost: {refused}, incident {incident.number} is open")
