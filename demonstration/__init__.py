"""The demonstration laboratory: made-up people, materials and figures, carried through the same acts the pages use."""
