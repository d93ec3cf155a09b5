"""P3: the batch in detail as an Excel workbook, for people and for platforms that take it."""

from collections.abc import Sequence
from io import BytesIO

import openpyxl

from shebaoka.office.cards.formats.records import Answer, Batch, FormatError, Outgoing, all_once

COLUMNS = (
    *("序号", "批次", "制卡版本", "卡类别", "社保卡号", "社会保障号码", "姓名", "联系电话", "单位编号"),
    *("单位名称", "申请时间", "导出预开户", "预开户回盘", "导出制卡", "制卡回盘", "省中心寄出", "市中心接收"),
    *("领卡时间", "所属城市", "所属银行", "所属卡商", "经办机构", "装箱位置", "银行卡号", "错误信息"),
)
_LARGEST = 20 << 20  # bytes of a workbook


def written(batch: Batch, records: Sequence[Outgoing]) -> bytes:
    """The workbook that goes out."""
    rows = [
        {
            "序号": each.sequence,
            "批次": batch.number,
            "制卡版本": batch.product,
            "社保卡号": each.card_number,
            "社会保障号码": each.document,
            "姓名": each.name,
            "联系电话": each.phone,
            "单位编号": each.employer_code,
            "单位名称": each.employer,
            "申请时间": each.applied,
            "所属城市": batch.region,
            "所属银行": batch.bank[1],
            "所属卡商": batch.maker[1],
            "经办机构": batch.agency,
            "银行卡号": each.bank_card,
            "错误信息": each.problem,
        }
        for each in records
    ]
    return _book(rows)


def answered(batch: Batch, answers: Sequence[Answer]) -> bytes:
    """A return: the same columns, the bank's card number or what went wrong."""
    return _book(
        [
            {
                "序号": each.sequence,
                "批次": batch.number,
                "社保卡号": each.card_number,
                "社会保障号码": each.document,
                "姓名": each.name,
                "银行卡号": each.bank_card,
                "错误信息": "" if each.good else each.reason or "失败",
            }
            for each in answers
        ]
    )


def read_answered(data: bytes, batch: Batch, expected: int) -> list[Answer]:
    """A return; a row without 错误信息 is good. Raises FormatError."""
    if len(data) > _LARGEST:
        raise FormatError("the workbook is too large")
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        rows = [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # whatever the readers of zip and XML stumble over
        raise FormatError(f"not an Excel workbook: {type(error).__name__}") from None
    if not rows or tuple(rows[0]) != COLUMNS:
        raise FormatError("row 1: not the columns of this format")
    answers = []
    for number, row in enumerate(rows[1:], 2):
        cells = {
            name: "" if cell is None else str(cell).strip() for name, cell in zip(COLUMNS, row, strict=True)
        }
        if cells["批次"] != batch.number or not cells["序号"].isdigit():
            raise FormatError(f"row {number}: another batch, or no 序号")
        problem = cells["错误信息"]
        answers.append(
            Answer(
                int(cells["序号"]),
                cells["姓名"],
                cells["社会保障号码"],
                good=not problem,
                reason=problem,
                card_number=cells["社保卡号"],
                bank_card=cells["银行卡号"],
            )
        )
    return all_once(answers, expected)


def _book(rows: Sequence[dict[str, object]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("批次明细")
    sheet.append(list(COLUMNS))
    for row in rows:
        cells = [row.get(name, "") for name in COLUMNS]
        sheet.append(
            [f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+@" and cell else cell for cell in cells]
        )
    content = BytesIO()
    book.save(content)
    return content.getvalue()
