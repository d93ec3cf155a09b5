"""Rules for the source that no run of the program shows."""

import ast
from functools import cache
from pathlib import Path

import pytest

import shebaoka

ROOT = Path(shebaoka.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
INVENTING = {"demo", "paper"}  # rooms that invent people and draw their pictures, reproducibly
SECRETS = ("mac", "tac", "auth", "proof", "passphrase", "secret")


@cache
def trees() -> list[tuple[Path, list[ast.AST]]]:
    """Every node of every module."""
    found = []
    for path in FILES:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        found.append((path.relative_to(ROOT), nodes))
    return found


def test_randomness_comes_from_the_operating_system() -> None:
    for path, nodes in trees():
        if path.parts[0] in INVENTING:
            continue
        for node in nodes:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"random", "numpy.random"} & set(names), path


def test_nothing_from_outside_is_evaluated_or_unpickled() -> None:
    for path, nodes in trees():
        for node in nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path
            if isinstance(node, ast.Import):
                assert not {"pickle", "marshal", "shelve"} & {alias.name for alias in node.names}, path
            if isinstance(node, ast.keyword) and node.arg == "shell":
                pytest.fail(f"{path}: a shell")


def test_secrets_are_compared_in_constant_time() -> None:
    """``==`` between two values one of which is called MAC, TAC, authentication data... is a mistake."""
    for path, nodes in trees():
        for node in nodes:
            if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
                continue
            sides = (node.left, *node.comparators)
            if any(isinstance(side, ast.Constant | ast.List | ast.Tuple) for side in sides):
                continue
            names = {name for side in sides if (name := _name(side))}
            assert not any(_secret(name) for name in names), f"{path}:{node.lineno}"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _secret(name: str) -> bool:
    if name.isupper():  # a constant, such as a role
        return False
    words = name.lower().strip("_").split("_")
    return any(word.rstrip("0123456789") in SECRETS for word in words)
