#!/usr/bin/env python3
"""Runs a command on a terminal of its own and writes what it drew as SVG.

usage: terminal-svg.py FIRST LAST COMMAND... > picture.svg     (lines FIRST to LAST of the output, counted from 1)
"""
import html
import os
import pty
import re
import sys

COLOURS = {31: "#e06c75", 32: "#7fc77f", 33: "#d7ba6a", 36: "#6cc3d5"}
WIDTH = 118


def record(command):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS=str(WIDTH))
        os.execvp(command[0], command)
    output = b""
    while True:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        output += chunk
    os.waitpid(pid, 0)
    return output.decode(errors="replace").replace("\r\n", "\n")


def spans(line):
    """(text, colour, bold, dim) of one line; only the SGR sequences that decant writes."""
    colour, bold, dim = None, False, False
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        match = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if not match:
            if part:
                yield part, colour, bold, dim
            continue
        for code in (int(c or 0) for c in match[1].split(";")):
            if code == 0:
                colour, bold, dim = None, False, False
            elif code == 1:
                bold = True
            elif code == 2:
                dim = True
            elif code == 22:
                bold = dim = False
            elif code == 39:
                colour = None
            else:
                colour = COLOURS.get(code, colour)


def main():
    first, last, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    lines = record(command).split("\n")[first - 1:last]
    height = 18 * len(lines) + 56
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH * 8 + 32}" height="{height}" role="img" aria-label="{html.escape(" ".join(command))}">')
    print('<rect width="100%" height="100%" rx="8" fill="#1b1f27"/>')
    for i, fill in enumerate(("#e06c75", "#d7ba6a", "#7fc77f")):
        print(f'<circle cx="{20 + 18 * i}" cy="18" r="5" fill="{fill}"/>')
    print('<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="#d5d9e0" xml:space="preserve">')
    for number, line in enumerate(lines):
        text = ""
        room = WIDTH
        for part, colour, bold, dim in spans(line):
            part = part if len(part) <= room else part[:max(0, room - 1)] + "…"
            room -= len(part)
            style = f' fill="{colour}"' if colour else ""
            style += ' font-weight="bold"' if bold else ""
            style += ' opacity="0.6"' if dim else ""
            text += f"<tspan{style}>{html.escape(part)}</tspan>"
            if room <= 0:
                break
        print(f'<text x="16" y="{48 + 18 * number}">{text}</text>')
    print("</g>\n</svg>")


main()
