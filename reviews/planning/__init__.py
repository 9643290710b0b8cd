"""The joint plan with a partner: its goals first, objectives with yearly marks, targets per quarter."""
