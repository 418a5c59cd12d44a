"""Speeds as ratios against another build, or a ceiling, measured in the same run on one machine.

./run bench.
"""
