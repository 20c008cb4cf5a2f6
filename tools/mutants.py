# SPDX-License-Identifier: GPL-2.0-or-later
"""The mutants of a C source: small changes, each of which a test should notice.

They are made from the syntax tree (libclang) of the file as it is now. A mutant is known by its
title, which has the function and the text that changes, but no file and no line number.
"""

import bisect
import errno
import hashlib
import re
import subprocess

from clang.cindex import CursorKind as K
from clang.cindex import Index, TypeKind

# The class of error is another one: what is gone becomes forbidden, and so on.
ERRNO = {"ESRCH": "EPERM", "ESTALE": "ESRCH", "EPERM": "ESRCH", "EACCES": "ENOENT",
         "ENOENT": "EACCES", "EINTR": "EAGAIN", "EAGAIN": "EINTR", "EINVAL": "ERANGE",
         "ERANGE": "EINVAL", "ENOSYS": "EPERM", "EOPNOTSUPP": "EINVAL"}
CLOCK = {"CLOCK_MONOTONIC": "CLOCK_REALTIME", "CLOCK_REALTIME": "CLOCK_MONOTONIC",
         "CLOCK_BOOTTIME": "CLOCK_MONOTONIC"}
BOUND = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
NAME = re.compile(r"\b[A-Za-z_]\w*\b")
FLAG = re.compile(r"[A-Z][A-Z0-9_]+$")
CLOSES = re.compile(r"(^|_)(close|end|unlink|release)$")
VERIFIES = re.compile(r"verify|check|prove|confirm")
LEAVES = (K.RETURN_STMT, K.GOTO_STMT, K.CONTINUE_STMT, K.BREAK_STMT)
SKIPPED_CALLS = ("free", "regfree")  # a leak of memory is for ./dev valgrind


class Function:
    """What has a name at file scope: a function, or a table with its values."""

    def __init__(self, name, path, first, last, text):
        self.name, self.path, self.first, self.last = name, path, first, last
        self.hash = hashlib.sha1(text.encode()).hexdigest()[:12]


class Mutant:
    def __init__(self, function, kind, edit, line, old, new, context):
        self.function, self.kind, self.edit, self.lines = function, kind, edit, line
        squeeze = lambda text: " ".join(text.split())
        old, new, context = squeeze(old), squeeze(new), squeeze(context)
        self.title = f"{function.name}: {kind}: {context}"
        if old != context:
            self.title += f": {old} -> {new}" if new else f": without {old}"
        elif new:
            self.title += f" -> {new}"
        self.path = function.path

    @property
    def id(self):
        return hashlib.sha1(self.title.encode()).hexdigest()[:10]

    def apply(self, text):
        start, end, new = self.edit
        return text[:start] + new.encode() + text[end:]


class Reader:
    def __init__(self, path, flags):
        with open(path, "rb") as file:
            self.bytes = file.read()
        self.path = path
        self.starts = [0] + [m.end() for m in re.finditer(rb"\n", self.bytes)]
        self.unit = Index.create().parse(path, args=flags)
        problems = [d for d in self.unit.diagnostics if d.severity >= 3]
        if problems:
            raise SystemExit(f"mutants: {path} cannot be read: {problems[0]}")
        self.functions, self.mutants = [], []

    def read(self):
        for cursor in self.unit.cursor.get_children():
            if cursor.location.file is None or cursor.location.file.name != self.path:
                continue
            if cursor.kind == K.FUNCTION_DECL and cursor.is_definition():
                self.enter(cursor)
                self.visit(list(cursor.get_children())[-1], None)
                self.visit_tokens()
            elif cursor.kind == K.VAR_DECL and list(cursor.get_children()):
                self.enter(cursor)
                self.visit(cursor, None)
                self.visit_tokens()
        return self

    def enter(self, cursor):
        self.span = self.range(cursor)
        start, end = self.span
        self.function = Function(cursor.spelling, self.path, self.line(start), self.line(end),
                                 self.text(start, end))
        self.function.is_table = cursor.kind == K.VAR_DECL
        self.labels = []  # of switch: another constant there would not compile
        self.functions.append(self.function)

    # ---- text ----

    @staticmethod
    def range(cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def text(self, start, end):
        return self.bytes[start:end].decode()

    def of(self, cursor):
        return self.text(*self.range(cursor))

    def line(self, offset):
        return bisect.bisect_right(self.starts, offset)

    def line_text(self, offset):
        number = self.line(offset)
        end = self.starts[number] if number < len(self.starts) else len(self.bytes)
        return self.text(self.starts[number - 1], end).strip()

    def add(self, kind, start, end, new, old=None, shown=None, where=None):
        """Replace what stands from start to end; shown as `old` -> `shown`."""
        where = start if where is None else where
        context = re.sub(r"\s*//.*", "", self.line_text(where))
        lines = (self.line(where), self.line(end))
        self.mutants.append(Mutant(
            self.function, kind, (start, end, new), lines,
            self.text(start, end) if old is None else old, new if shown is None else shown,
            context))

    # ---- the tree ----

    def visit(self, node, parent):
        children = list(node.get_children())
        handler = {
            K.IF_STMT: self.on_if,
            K.CONDITIONAL_OPERATOR: self.on_conditional,
            K.BINARY_OPERATOR: self.on_binary,
            K.CALL_EXPR: self.on_call,
            K.DECL_REF_EXPR: self.on_name,
            K.INTEGER_LITERAL: self.on_number,
        }.get(node.kind)
        if handler:
            handler(node, children, parent)
        for child in self.statements(node, children):
            self.on_statement(child)
        if node.kind == K.CASE_STMT:
            self.labels.append(self.range(children[0]))
            children = children[1:]
        elif node.kind == K.CXX_UNARY_EXPR:  # sizeof
            return
        elif node.kind == K.VAR_DECL and node.type.kind == TypeKind.CONSTANTARRAY:
            # the length of a buffer says nothing
            children = [c for c in children if c.kind == K.INIT_LIST_EXPR]
        for child in children:
            self.visit(child, node)

    @staticmethod
    def statements(node, children):
        """The children that are statements of their own: nothing needs their value."""
        if node.kind == K.COMPOUND_STMT:
            found = children
        elif node.kind == K.IF_STMT:
            found = children[1:]
        elif node.kind in (K.FOR_STMT, K.WHILE_STMT, K.CASE_STMT, K.DEFAULT_STMT):
            found = children[-1:]
        elif node.kind == K.DO_STMT:
            found = children[:1]
        else:
            found = []
        return [c for c in found if c.kind.is_expression()]

    @staticmethod
    def bare(node):
        while node.kind in (K.UNEXPOSED_EXPR, K.PAREN_EXPR, K.CSTYLE_CAST_EXPR):
            inner = [c for c in node.get_children() if c.kind.is_expression()]
            if not inner:
                break
            node = inner[-1]
        return node

    def on_statement(self, statement):
        start, end = self.range(statement)
        inner = self.bare(statement)
        if inner.kind == K.CALL_EXPR:
            if inner.spelling in SKIPPED_CALLS:
                return
            kind = "close" if CLOSES.search(inner.spelling or "") else "statement"
        else:
            kind = "statement"
        text = self.text(start, end)
        if not text or text.startswith("(void)0") or ";" in text:
            return
        self.add(kind, start, end, "(void)0", old=text, shown="")

    def on_if(self, node, children, parent):
        start, end = self.range(children[0])
        condition = self.text(start, end)
        self.add("not", start, end, f"!({condition})")
        if len(children) == 2 and self.leaves(children[1]):
            self.add("check", start, end, f"((void)({condition}), 0)", shown="false")

    @staticmethod
    def leaves(node):
        if node.kind == K.COMPOUND_STMT:
            inside = list(node.get_children())
            return bool(inside) and inside[-1].kind in LEAVES
        return node.kind in LEAVES

    def on_conditional(self, node, children, parent):
        start, end = self.range(children[0])
        self.add("not", start, end, f"!({self.text(start, end)})")

    def operator(self, children):
        start, end = children[0].extent.end.offset, children[1].extent.start.offset
        match = re.match(r"(\s*)(\S+)\s*$", self.text(start, end))
        if not match:
            return None, 0, 0
        start += match.end(1)
        return match.group(2), start, start + len(match.group(2))

    def on_binary(self, node, children, parent):
        if len(children) != 2:
            return
        sign, start, end = self.operator(children)
        left, right = self.of(children[0]), self.of(children[1])
        if sign in BOUND:
            self.add("bound", start, end, BOUND[sign], old=f"{left} {sign} {right}",
                     shown=f"{left} {BOUND[sign]} {right}")
        elif sign in ("&&", "||"):
            other = "||" if sign == "&&" else "&&"
            self.add("and", *self.range(node), f"(({left}) {other} ({right}))",
                     old=f"{left} {sign} {right}", shown=other, where=start)
        elif sign in ("==", "!="):
            if parent is not None and parent.kind in (K.BINARY_OPERATOR, K.RETURN_STMT):
                other = "!=" if sign == "==" else "=="
                self.add("not", start, end, other, old=f"{left} {sign} {right}", shown=other)
        elif sign in ("+", "-") and right == "1":
            self.add("bound", start, children[1].extent.end.offset, f"{sign} 0",
                     old=f"{left} {sign} 1", shown=left)
        elif sign == "|":
            if FLAG.match(right):
                self.add("constant", start, children[1].extent.end.offset, "",
                         old=f"{sign} {right}", shown="")
            if FLAG.match(left):
                self.add("constant", children[0].extent.start.offset, end, "",
                         old=f"{left} {sign}", shown="")

    def on_call(self, node, children, parent):
        callee = node.referenced
        if callee is None or callee.location.file is None or not node.spelling:
            return
        if parent is None or callee.kind != K.FUNCTION_DECL or \
                callee.type.kind != TypeKind.FUNCTIONPROTO or \
                "src/" not in callee.location.file.name:
            return
        kind = callee.type.get_result().get_canonical().kind
        pure = all(a.kind != TypeKind.POINTER or a.get_pointee().is_const_qualified()
                   for a in callee.type.argument_types())
        if kind == TypeKind.INT and (pure or VERIFIES.search(node.spelling)) and \
                not self.is_statement(node, parent):
            self.add("verify", *self.range(node), "0", shown="0")

    def is_statement(self, node, parent):
        return any(self.range(c) == self.range(node)
                   for c in self.statements(parent, list(parent.get_children())))

    def on_name(self, node, children, parent):
        constant = node.referenced
        if constant is None or constant.kind != K.ENUM_CONSTANT_DECL:
            return
        if self.of(node) != node.spelling:
            return
        names = [c.spelling for c in constant.semantic_parent.get_children()
                 if not c.spelling.endswith(("_COUNT", "_MAX"))]
        if len(names) < 2 or node.spelling not in names:
            return
        other = names[(names.index(node.spelling) + 1) % len(names)]
        self.add("constant", *self.range(node), other)

    def on_number(self, node, children, parent):
        text = self.of(node)
        if not re.fullmatch(r"\d+", text) or int(text) < 2 or \
                (text.startswith("0") and len(text) > 1):
            return
        other = text + "0" if re.fullmatch(r"100+", text) else str(int(text) + 1)
        self.add("constant", *self.range(node), other)

    # ---- macros, which are not in the tree ----

    def visit_tokens(self):
        start, end = self.span
        code = re.sub(r'"(\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/|\'(\\.|[^\'\\])+\'',
                      lambda m: " " * len(m.group().encode()), self.bytes[start:end].decode("latin-1"),
                      flags=re.S)
        for match in NAME.finditer(code):
            name, at = match.group(), start + match.start()
            if any(a <= at < b for a, b in self.labels):
                continue
            if name in errno.errorcode.values() or name == "EOPNOTSUPP":
                self.add("errno", at, at + len(name), ERRNO.get(name, "EINVAL" if name == "EIO" else "EIO"))
            elif name in CLOCK:
                self.add("constant", at, at + len(name), CLOCK[name])
            elif name in ("true", "false"):
                self.add("constant", at, at + len(name), "false" if name == "true" else "true")
            elif re.fullmatch(r"SIG[A-Z]{2,}", name) and not name.startswith("SIG_"):
                self.add("constant", at, at + len(name), "SIGWINCH" if name == "SIGURG" else "SIGURG")


def flags_of(top, config):
    """What libclang needs to read our sources; `config` is the folder of config.h."""
    resource = subprocess.run(["clang", "-print-resource-dir"], capture_output=True, text=True,
                              check=True).stdout.strip()
    return ["-std=gnu11", f"-resource-dir={resource}", f"-I{config}", "-iquote", f"{top}/src/common",
            "-iquote", f"{top}/src"]


def read(path, flags):
    """(functions, mutants) of a source, the mutants with titles that differ."""
    reader = Reader(path, flags).read()
    seen = {}
    for mutant in reader.mutants:
        seen[mutant.title] = seen.get(mutant.title, 0) + 1
        if seen[mutant.title] > 1:
            mutant.title += f" #{seen[mutant.title]}"
    return reader.functions, reader.mutants
