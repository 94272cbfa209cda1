"""What is private in fonts, texts and formulas."""
