"""Coverage: live partners and certified people beside the numbers wanted, by type, region and vertical."""
