"""What a received mail says, worked out from its text and headers alone: no database, no clock."""
