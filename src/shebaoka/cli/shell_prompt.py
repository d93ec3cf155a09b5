"""Prompt and completion of the shell."""

from collections.abc import Iterable, Iterator, Sequence

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.places import parse_places
from shebaoka.cli.shell_words import Shell

Candidates = Iterator[tuple[str, str]]


class CardCompleter(Completer):
    """Words first; then what the word takes: directories, files and their items, keys."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterable[Completion]:
        """Completions of the word before the cursor."""
        *before, last = document.text_before_cursor.lstrip().split(" ")
        for text, meta in self._candidates([word for word in before if word]):
            if text.lower().startswith(last.lower()):
                yield Completion(text, start_position=-len(last), display_meta=meta)

    def _candidates(self, before: Sequence[str]) -> Candidates:
        match before:
            case []:
                yield from ((name, function.__doc__ or "") for name, function in self._shell.words.items())
                yield "quit", "leave"
            case ["select"]:
                for directory in self._shell.session.layout.directories:
                    yield directory.id, f"{directory.name.zh} {directory.name.en}"
            case ["read", *places]:
                yield from self._items(places)
                yield from self._files()
            case ["auth", *_]:
                for key in self._shell.session.catalogue.values():
                    yield key.name, f"{key.use.zh} {key.use.en}"

    def _items(self, places: Sequence[str]) -> Candidates:
        """The items of the file last named."""
        try:
            named = parse_places(places, self._shell.directory)
        except UsageProblem:
            return
        layout = self._shell.session.layout
        for directory in layout.directories if named else ():
            file = directory.file(named[-1].fid) if directory.id == named[-1].directory else None
            for item in file.items if file else ():
                if item.tag:
                    yield f"{item.tag:02X}", f"{item.name.zh} {item.name.en}"

    def _files(self) -> Candidates:
        for file in self._shell.files():
            yield file.id, f"{file.name.zh} {file.name.en}"
        for directory in self._shell.session.layout.directories:
            for file in directory.files:
                yield f"{directory.id}/{file.id}", f"{file.name.zh} {file.name.en}"


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
