"""The reply templates a company begins with, in English and German.

A hard message has four parts, each a mark to be filled in: the fact, the reason, what the partner can do,
and by when.
"""

HELLO_EN, BYE_EN = "Hello {contact first name},", "Kind regards\n{me}\n{company}"
HELLO_DE, BYE_DE = "Guten Tag {contact},", "Freundliche Grüße\n{me}\n{company}"


def _letter(language: str, *parts: str) -> str:
    hello, bye = (HELLO_DE, BYE_DE) if language == "de" else (HELLO_EN, BYE_EN)
    return "\n\n".join([hello, *parts, bye])


LETTERS: list[tuple[str, str, tuple[str, ...]]] = [
    (
        "Received, answer by a day",
        "en",
        (
            "thank you for your message about “{subject}”. I have it, and I am looking into it.",
            "You have our answer by {due}.",
        ),
    ),
    (
        "Proposing a time to talk",
        "en",
        (
            "I would like to talk this through with you: ⟦what we should decide together⟧.",
            "Would ⟦day and time, in their zone⟧ suit you? If not, tell me when it does.",
        ),
    ),
    (
        "Hard: a no",
        "en",
        (
            "you asked about “{subject}”. The answer is no: ⟦the fact: what we will not do⟧.",
            "The reason: ⟦the reason, as it is⟧.",
            "What you can do: ⟦what the partner can do instead, or to have it looked at again⟧.",
            "Please tell me by ⟦by when⟧, so that it can still count.",
        ),
    ),
    (
        "Hard: we slip",
        "en",
        (
            "we will not keep what we promised: ⟦the fact: what is late, and the new day⟧.",
            "The reason: ⟦the reason, as it is⟧. I am sorry for the trouble it makes at {partner}.",
            "What you can do: ⟦what the partner can do meanwhile, and whom to call⟧.",
            "You hear from me again by ⟦by when⟧, also if nothing has changed.",
        ),
    ),
    (
        "Hard: a price rise",
        "en",
        (
            "our prices change: ⟦the fact: which price, from what to what, from which day⟧.",
            "The reason: ⟦the reason, as it is⟧.",
            "What you can do: ⟦what the partner can do: orders at today’s price, offers already made⟧.",
            "Today’s price holds for what reaches us by ⟦by when⟧.",
        ),
    ),
    (
        "Hard: a tier lost",
        "en",
        (
            "{partner} leaves its tier: ⟦the fact: from which tier to which, from which day⟧.",
            "The reason: ⟦the reason: which measure, what was reached, what was needed⟧.",
            "What you can do: ⟦what the partner can do to keep or regain it⟧.",
            "For that we need it by ⟦by when⟧. I would like to go through the figures with you before.",
        ),
    ),
    (
        "Hard: a farewell",
        "en",
        (
            "our partnership comes to its end: ⟦the fact: what ends, on which day⟧.",
            "The reason: ⟦the reason, as it is⟧.",
            "What you can do: ⟦what the partner can do: open deals, customers, data, people to talk to⟧.",
            "Please send us what is still open by ⟦by when⟧. Thank you for what we did together.",
        ),
    ),
    (
        "Erhalten, Antwort bis zu einem Tag",
        "de",
        (
            "vielen Dank für Ihre Nachricht zu „{subject}“. Sie ist da, und ich kümmere mich darum.",
            "Unsere Antwort haben Sie bis zum {due}.",
        ),
    ),
    (
        "Einen Termin vorschlagen",
        "de",
        (
            "ich möchte das gern mit Ihnen besprechen: ⟦was wir gemeinsam entscheiden sollten⟧.",
            "Passt Ihnen ⟦Tag und Uhrzeit, in deren Zeitzone⟧? Wenn nicht, nennen Sie mir bitte eine Zeit.",
        ),
    ),
    (
        "Schwer: ein Nein",
        "de",
        (
            "Sie haben wegen „{subject}“ gefragt. Die Antwort ist Nein: ⟦der Sachverhalt: was nicht geht⟧.",
            "Der Grund: ⟦der Grund, so wie er ist⟧.",
            "Was Sie tun können: ⟦was der Partner stattdessen tun kann, oder damit wir es neu ansehen⟧.",
            "Bitte melden Sie sich bis ⟦bis wann⟧, damit es noch zählt.",
        ),
    ),
    (
        "Schwer: wir verspäten uns",
        "de",
        (
            "wir halten eine Zusage nicht ein: ⟦der Sachverhalt: was sich verspätet, und der neue Tag⟧.",
            "Der Grund: ⟦der Grund, so wie er ist⟧. Es tut mir leid, dass es {partner} Mühe macht.",
            "Was Sie tun können: ⟦was der Partner inzwischen tun kann, und wen er anruft⟧.",
            "Sie hören bis ⟦bis wann⟧ wieder von mir, auch wenn sich nichts geändert hat.",
        ),
    ),
    (
        "Schwer: eine Preiserhöhung",
        "de",
        (
            "unsere Preise ändern sich: ⟦der Sachverhalt: welcher Preis, von was auf was, ab wann⟧.",
            "Der Grund: ⟦der Grund, so wie er ist⟧.",
            "Was Sie tun können: ⟦was der Partner tun kann: jetzt noch bestellen, laufende Angebote⟧.",
            "Der heutige Preis gilt für alles, was bis ⟦bis wann⟧ bei uns ist.",
        ),
    ),
    (
        "Schwer: eine Stufe verloren",
        "de",
        (
            "{partner} verlässt seine Stufe: ⟦der Sachverhalt: von welcher Stufe auf welche, ab wann⟧.",
            "Der Grund: ⟦der Grund: welches Maß, was erreicht wurde, was nötig war⟧.",
            "Was Sie tun können: ⟦was der Partner tun kann, um sie zu halten oder zurückzuholen⟧.",
            "Dafür brauchen wir es bis ⟦bis wann⟧. Vorher möchte ich die Zahlen gern mit Ihnen durchgehen.",
        ),
    ),
    (
        "Schwer: ein Abschied",
        "de",
        (
            "unsere Partnerschaft endet: ⟦der Sachverhalt: was endet, an welchem Tag⟧.",
            "Der Grund: ⟦der Grund, so wie er ist⟧.",
            "Was Sie tun können: ⟦was der Partner tun kann: offene Geschäfte, Kunden, Daten, wen er fragt⟧.",
            "Bitte senden Sie uns bis ⟦bis wann⟧, was noch offen ist. Danke für alles Gemeinsame.",
        ),
    ),
]

STARTERS = [(name, language, _letter(language, *parts)) for name, language, parts in LETTERS]
