"""What is wrong between us and a partner: raised by either side, owned, solved in the promised time."""
