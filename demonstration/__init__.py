"""The demonstration laboratory.

Made-up people, materials and figures, carried through the same acts the pages use.
"""
