"""What authors, reviewers and readers of answers type: shapes and sentences only."""
