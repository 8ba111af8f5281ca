"""What a tally means: verdicts per rule and account, and the gate."""
