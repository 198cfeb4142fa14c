"""What bin/run and bin/test are made of. No part of the portal imports it."""
