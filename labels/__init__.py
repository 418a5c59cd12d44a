"""Codes, symbols and label sheets: knows paper, but not what a code stands for."""
