"""Technical integration: a partner connects a product of ours, by a checklist of both sides.

Nothing secret is kept: what looks like a password or a key is refused wherever it is typed.
"""
