"""Find a time: ranked slots with their reasons, or why nothing fits and the cheapest changes that open one.

`question` and `answer` are the two ends; `search.find_times` goes from one to the other. `grid` is the engine beneath: time cut into
cells, a set of cells in one integer. `prepared` brings a question onto the grid, `ranking` orders what works, `obstacles` and `blockers`
say why nothing does, `changes` and `proposals` find the way out.
"""
