"""JMESPath conditions: parse, check, evaluate within a budget, and the functions that extend them."""
