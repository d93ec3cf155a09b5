"""A person's entry on paper: what she is asked to check and sign at the counter."""

from shebaoka.domain.names import chip_form, code_points
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people.choices import DocumentType, NumberKind, Relation, Sex, Source
from shebaoka.office.people.models import Person
from shebaoka.paper.fonts import missing_glyphs
from shebaoka.paper.form import FormPaper, Section, form_pdf

_CHINESE = {
    NumberKind.CITIZEN: "公民身份号码",
    NumberKind.RESIDENCE: "港澳台居民居住证号码",
    NumberKind.PERMANENT: "外国人永久居留证号码",
    NumberKind.FOREIGN: "外国人社会保障号码",
}
_DOCUMENTS = dict(
    zip(
        DocumentType.values,
        ("居民身份证（户口簿）", "军官证", "警官证", "香港通行证或居住证", "澳门通行证或居住证",
         "台湾通行证或居住证", "外国人永久居留证", "护照"),
        strict=True,
    )
)  # fmt: skip
_SEXES = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.NOT_STATED: "未说明"}
_SOURCES = dict(
    zip(
        Source.values,
        ("出示证件", "公安比对", "经办机构", "单位名册", "学校或社区名册", "原系统", "全国持卡库", "本人"),
        strict=True,
    )
)
_RELATIONS = dict(
    zip(
        Relation.values,
        ("父亲", "母亲", "祖父母", "配偶", "子女", "兄弟姐妹", "监护机构", "其他"),
        strict=True,
    )
)


def entry_pdf(person: Person) -> bytes:
    """The sheet (人员基本信息登记表). Raises Refusal ``people.no-glyph`` for a name no font here can write:
    the paper waits as the card's face does, and never shows an empty box or pinyin."""
    texts = (person.name, person.address, person.employer.name if person.employer else "")
    unseen = [character for text in texts for character in missing_glyphs(text)]
    if unseen:
        raise Refusal("people.no-glyph", points=code_points("".join(dict.fromkeys(unseen))))
    chip = chip_form(person.name, person.chip_name)
    facts = (
        ("姓名", person.name),
        ("芯片内姓名", chip.text or "待确定"),
        ("社会保障号码", f"{person.number}（{_CHINESE[NumberKind(person.number_kind)]}）"),
        ("证件", f"{_DOCUMENTS[person.document_type]} {person.document_number}"),
        ("性别", _SEXES[Sex(person.sex)]),
        ("出生日期", f"{person.birth:%Y年%m月%d日}"),
        ("国籍", person.nationality),
        ("联系电话", person.phone or "　"),
        ("常住地址", person.address or "　"),
        ("用人单位", person.employer.name if person.employer else "　"),
        ("参保机构", person.agency.name),
        ("信息来源", f"{_SOURCES[person.source]}，{person.source_on:%Y年%m月%d日}"),
    )
    guardian = person.guardians.filter(ended_at=None).first()
    sections = [Section("基本信息", facts=facts)]
    if guardian is not None:
        acts = (
            ("监护人", guardian.name),
            ("关系", _RELATIONS[guardian.relation]),
            ("证件号码", guardian.document_number),
        )
        sections.append(Section("监护人", facts=acts))
    sections.append(
        Section(
            "确认",
            text=("以上信息经本人（监护人）核对无误。",),
            signatures=(("本人（监护人）", ""), ("经办人", "")),
        )
    )
    paper = FormPaper(
        title="参保人员基本信息登记表",
        number=person.number,
        body=person.agency.name,
        sections=tuple(sections),
    )
    return form_pdf(paper)
