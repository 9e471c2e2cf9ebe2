"""Training of the anonymizer's model: own sentences with invented people in them, and two public sets where present."""
