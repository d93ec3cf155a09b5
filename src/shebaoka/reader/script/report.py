"""The result of a run in words: the first difference, decoded."""

from shebaoka.reader.script.runner import Difference, ScriptResult
from shebaoka.reader.trace.render import Language, headline, notes, pick
from shebaoka.spec.model import Text
from shebaoka.spec.status_words import describe

_OK = Text("全部一致", "all match")
_EXPECTED = Text("期望", "expected")
_GOT = Text("实际", "got")
_NOTHING = Text("无应答", "no answer")
_ANY = Text("任意应答", "any answer")


def report(result: ScriptResult, language: Language = "en") -> list[str]:
    """Lines for a person: one when all matched, else the first difference with its meaning."""
    if result.difference is not None:
        first = f"{result.name}, line {result.difference.line}:"
        return [first, *_difference(result.difference, language), *result.notes]
    counts = Text(
        f"{result.commands} 条命令，比较 {result.compared} 个应答",
        f"{result.commands} commands, {result.compared} answers compared",
    )
    return [f"{result.name}: {pick(_OK, language)} ({pick(counts, language)})", *result.notes]


def _difference(difference: Difference, language: Language) -> list[str]:
    exchanges = difference.exchanges
    lines = [f"  {headline(exchanges[0], language)}"] if exchanges else []
    if difference.command:
        lines.append(f"  {'psam' if difference.slot.value == 'psam' else ''}> {difference.command}")
    expected = difference.expected or pick(_ANY, language)
    lines.append(f"  {pick(_EXPECTED, language)}: {expected}{_meanings(difference, language)}")
    lines.append(f"  {pick(_GOT, language)}: {difference.got or pick(_NOTHING, language)}")
    if exchanges:
        lines += [f"    {note}" for note in notes(exchanges[-1], language)]
    elif difference.problem:
        lines.append(f"    {difference.problem}")
    return lines


def _meanings(difference: Difference, language: Language) -> str:
    """The meaning of the status words that were expected."""
    if difference.pattern is None or not difference.command:
        return ""
    ins = int(difference.command[2:4], 16) if len(difference.command) >= 4 else None
    words = dict.fromkeys(difference.pattern.status_words)
    return "".join(f" ({word:04X} {pick(describe(word, ins).meaning, language)})" for word in words)
