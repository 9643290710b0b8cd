"""The pages of the portal, and the one where passes are given."""
