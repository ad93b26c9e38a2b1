"""`helder watch`: what a designer saves is checked, and the running assistant answers by it.

files notices what was saved, trainer makes models of it, house brings them to the processes, and
watcher does one after the other. Only on a machine of one's own: where customers are served,
answers change by `make train` and a new start.
"""
