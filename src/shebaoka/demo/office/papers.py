"""Documents that people of the demonstration bring: a page of text each, marked TEST_ONLY."""


def paper(file: str, title: str, body: str, *lines: str) -> tuple[str, bytes]:
    """Name and content of a document of ``body``."""
    text = (title, body, "", *lines, "演示材料，TEST_ONLY：单位和人员均为虚构。", "")
    return f"{file.replace('.', '-')}.txt", "\n".join(text).encode()
