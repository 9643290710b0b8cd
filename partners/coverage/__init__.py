"""Coverage: how many live partners and certified people are wanted, by type, region and vertical."""
