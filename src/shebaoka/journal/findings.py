"""What a verifier of many chains found, one finding for each chain or checkpoint concerned."""

from dataclasses import dataclass

from shebaoka.journal.classify import Tampering


@dataclass(frozen=True, slots=True)
class Finding:
    """``where``: the chain, ``checkpoint`` or ``export``; ``number``: of the first record or checkpoint
    concerned; ``text``: how it is known."""

    where: str
    number: int
    kind: Tampering
    text: str

    def __str__(self) -> str:
        if self.where == "checkpoint":
            return f"checkpoint {self.number}: {self.kind}: {self.text}"
        place = f", record {self.number}" if self.number else ""
        return f"{self.where}{place}: {self.kind}: {self.text}"
