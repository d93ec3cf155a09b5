"""Prompt and completion of the shell."""

from collections.abc import Iterable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from shebaoka.cli.shell_words import Shell


class CardCompleter(Completer):
    """Words first; then what the word takes: directories, files with their names, keys."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterable[Completion]:
        """Completions of the word before the cursor."""
        before = document.text_before_cursor.lstrip()
        last = document.get_word_before_cursor(WORD=True)
        for text, meta in self._candidates(before.split(" ")[0] if " " in before else None):
            if text.lower().startswith(last.lower()):
                yield Completion(text, start_position=-len(last), display_meta=meta)

    def _candidates(self, word: str | None) -> Iterator[tuple[str, str]]:
        layout = self._shell.session.layout
        match word:
            case None:
                for name, function in self._shell.words.items():
                    yield name, function.__doc__ or ""
                yield "quit", "leave"
            case "select":
                for directory in layout.directories:
                    yield directory.id, f"{directory.name.zh} {directory.name.en}"
            case "read":
                for file in self._shell.files():
                    yield file.id, self._items(file.name.zh, [item.name.zh for item in file.items])
                for directory in layout.directories:
                    for file in directory.files:
                        yield f"{directory.id}/{file.id}", file.name.zh
            case "auth":
                for key in self._shell.session.catalogue.values():
                    yield key.name, f"{key.use.zh} {key.use.en}"
            case _:
                return

    @staticmethod
    def _items(name: str, items: list[str]) -> str:
        return f"{name}: {'、'.join(items)}" if items else name


def prompts(shell: Shell) -> Iterator[str]:
    """Lines typed by the person, until Ctrl-D."""
    session: PromptSession[str] = PromptSession(completer=CardCompleter(shell), complete_while_typing=True)
    print("Talk to the card; `help` lists the words, Tab completes, Ctrl-D leaves.")
    while True:
        try:
            yield session.prompt(f"{shell.directory}> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
