"""What somebody wrote, told from the history it quotes and from the signature, so that these can be folded.

Line by line and in time linear to the text: the pattern libraries for this take half a minute for a
few thousand empty lines, and a page must not wait for a mail that wants it to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

WORDS, QUOTE, SIGNATURE = "words", "quote", "signature"
LONGEST_INTRODUCTION = 300  # letters
SIGNATURE_AMONG_LAST = 15  # lines

# how mail programs introduce what they quote, by language
_WROTE = [
    ("On ", " wrote:"),
    ("Am ", " schrieb"),
    ("Le ", " a écrit"),
    ("Op ", " schreef"),
    ("El ", " escribió"),
    ("Il ", " ha scritto"),
    ("Den ", " skrev"),
    ("Em ", " escreveu"),
]
_RULED = re.compile(
    r"^[-_ ]{2,}(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|"
    r"message d'origine|oorspronkelijk bericht|mensaje original|messaggio originale)",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\*?(From|Von|De|Van|Da|Från):\*? ?\S")
_SENT = re.compile(r"^\*?(Sent|Date|Gesendet|Datum|Envoyé|Verzonden|Enviado|Inviato|Data|Skickat):\*? ?\S")
_PHONE = re.compile(
    r"^(sent from my |get outlook for |von meinem .{1,40} gesendet|gesendet von |envoyé de mon )",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(best|kind|warm)?\s?(regards|wishes)\b|^(best|cheers|sincerely)\W*$|^(all the best)\b|"
    r"^(mit )?(freundlichen?|besten?|herzlichen?|vielen?|liebe|beste|viele) grüße?n?\b|"
    r"^(cordialement|bien à vous)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Piece:
    """Some lines of a mail: the writer's words, a quotation, or the signature."""

    kind: str
    text: str

    @property
    def is_folded(self) -> bool:
        return self.kind != WORDS


def fold(body: str) -> list[Piece]:
    """The pieces of a mail in order. A mail that only quotes stands open, as one piece of words."""
    lines = body.strip().splitlines()
    cut = next((n for n in range(len(lines)) if _introduces(lines, n)), len(lines))
    if _answers_within(lines[cut:]):
        pieces = _runs(lines)
    else:
        own = _runs(lines[:cut])
        pieces = [*own[:-1], *_signed(own[-1])] if own and own[-1].kind == WORDS else own
        if cut < len(lines):
            pieces.append(Piece(QUOTE, "\n".join(lines[cut:]).strip()))
    if not any(piece.kind == WORDS for piece in pieces):
        return [Piece(WORDS, body.strip())]
    return pieces


def _introduces(lines: list[str], n: int) -> bool:
    """Whether the history begins at this line."""
    line = lines[n].strip()
    if _RULED.match(line):
        return True
    if _FROM.match(line):
        return any(_SENT.match(after.strip()) for after in lines[n + 1 : n + 4])
    begun = [wrote for start, wrote in _WROTE if line.startswith(start)]
    if not begun or len(line) > LONGEST_INTRODUCTION:
        return False
    said = " ".join(each.strip() for each in lines[n : n + 3])  # it may be wrapped
    return any(_ends_introduction(said[:LONGEST_INTRODUCTION], wrote) for wrote in begun)


def _ends_introduction(said: str, wrote: str) -> bool:
    """Whether a line that begins like an introduction is one: it names who wrote, and a day or address."""
    before, found, after = said.partition(wrote)
    return bool(found) and (":" in found + after[:120]) and bool(re.search(r"\d|@", before))


def _answers_within(lines: list[str]) -> bool:
    """Whether words stand between the quoted lines: then it is answered point by point."""
    quoted = [n for n, line in enumerate(lines) if line.lstrip().startswith(">")]
    if not quoted:
        return False
    return any(line.strip() and not line.lstrip().startswith(">") for line in lines[quoted[0] :])


def _runs(lines: list[str]) -> list[Piece]:
    """Quoted lines and others in turn."""
    pieces = []
    for quoted, run in groupby(lines, key=lambda line: line.lstrip().startswith(">")):
        if text := "\n".join(run).strip("\n"):
            pieces.append(Piece(QUOTE if quoted else WORDS, text))
    return pieces


def _signed(piece: Piece) -> list[Piece]:
    """The words and the signature under them."""
    lines = piece.text.splitlines()
    at = _signature(lines)
    own, signature = "\n".join(lines[:at]).strip("\n"), "\n".join(lines[at:]).strip("\n")
    if not own.strip() or not signature.strip():
        return [piece]
    return [Piece(WORDS, own), Piece(SIGNATURE, signature)]


def _signature(lines: list[str]) -> int:
    """The line it begins at: the usual dashes, a phone's line, or what follows greeting and name."""
    for n, line in enumerate(lines):
        if line.rstrip() == "--" or _PHONE.match(line.strip()):
            return n
    for n in range(max(0, len(lines) - SIGNATURE_AMONG_LAST), len(lines)):
        if _CLOSING.match(lines[n].strip()):
            named = next((m for m in range(n + 1, len(lines)) if lines[m].strip()), len(lines))
            return named + 1
    return len(lines)
