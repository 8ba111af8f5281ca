"""What a rule author needs: the tests in the rules."""
