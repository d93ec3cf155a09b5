"""What CREATE FILE of the issuer dialect creates (docs/reference/issuer-dialect.md)."""

from shebaoka.codec import tlv
from shebaoka.reader.trace.model import Detail
from shebaoka.spec.model import Text

_DESCRIPTOR, _FID, _NAME = 0x82, 0x83, 0x84
_KINDS = {
    0x38: Text("目录", "directory"),
    0x01: Text("透明文件", "transparent file"),
    0x02: Text("定长记录文件", "linear fixed file"),
    0x04: Text("变长记录文件", "linear variable file"),
    0x06: Text("循环文件", "cyclic file"),
    0x08: Text("内部文件", "internal file"),
}
_PARAMETERS = {
    0x80: Text("字节数", "Size in bytes"),
    0x86: Text("记录长度与数目", "Record length, records"),
    0x8C: Text("读取规则", "Read rule"),
    0x8D: Text("更新规则", "Write rule"),
}


def file_parameters(data: bytes) -> dict[int, bytes]:
    """The parameters of CREATE FILE by tag; empty when malformed."""
    try:
        [(_, content)] = tlv.parse(data)
        return dict(tlv.parse(content))
    except ValueError:
        return {}


def created_directory(data: bytes) -> tuple[int, bytes] | None:
    """File identifier and name of the directory that CREATE FILE makes (and selects); None for a file."""
    parameters = file_parameters(data)
    if parameters.get(_DESCRIPTOR, b"")[:1] != b"\x38":
        return None
    return int.from_bytes(parameters.get(_FID, b"")), parameters.get(_NAME, b"")


def creation_details(data: bytes) -> tuple[Detail, ...]:
    """Kind, identifier, size and rules of the new file."""
    parameters = file_parameters(data)
    kind = _KINDS.get(int.from_bytes(parameters.get(_DESCRIPTOR, b"")[:1]))
    if kind is None:
        return ()
    created = Detail(
        Text("新建", "Creates"), f"{parameters.get(_FID, b'').hex().upper()} {kind.zh} {kind.en}"
    )
    rest = (
        Detail(name, parameters[tag].hex().upper()) for tag, name in _PARAMETERS.items() if tag in parameters
    )
    return (created, *rest)
