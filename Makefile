# Helder. `make` alone lists what there is to do; each does its own set-up.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test train check report watch chat bench bench-store bench-rewrap bench-nlu bench-masking bench-desk bench-queue stop lock clean

# A Python that works, the one of .venv first; scripts/bootstrap.py finds or fetches the right one.
PYTHON = $(shell .venv/bin/python -I -S -c '' 2>/dev/null && echo .venv/bin/python \
	|| command -v python3 || command -v python || echo python3)
RUNTIME = @$(PYTHON) scripts/bootstrap.py runtime
DEV = @$(PYTHON) scripts/bootstrap.py dev

help: ## list these commands
	@sed -n 's/^\([a-z-]*\): ## /\1 /p' Makefile | while read -r name what; do \
		printf '  make %-11s %s\n' "$$name" "$$what"; done

run: ## start everything and show the address to open
	$(RUNTIME)
	@exec .venv/bin/helder run

test: ## check and test everything, in a real browser too
	$(DEV)
	@$(PYTHON) scripts/bootstrap.py browser
	@$(PYTHON) scripts/bootstrap.py postgresql
	@.venv/bin/helder check
	@.venv/bin/helder train
	@exec .venv/bin/python -m pytest -n 2 --dist loadfile

train: ## train the model, if none fits what is written
	$(RUNTIME)
	@exec .venv/bin/helder train

check: ## formatting, types, import rules and content, in seconds
	$(DEV)
	@exec .venv/bin/helder check

report: ## how well messages are understood, as a page; DATA=file of your own
	$(RUNTIME)
	@exec .venv/bin/helder report $(if $(DATA),--data "$(DATA)")

watch: ## have the running assistant answer by what you save
	$(RUNTIME)
	@exec .venv/bin/helder watch

chat: ## talk with the running assistant in this terminal
	$(RUNTIME)
	@exec .venv/bin/helder chat

bench: ## measure Helder beside stock Rasa
	$(DEV)
	@exec .venv/bin/python -m bench

bench-store: ## measure the encrypted tracker store beside Rasa's own
	$(DEV)
	@exec .venv/bin/python -m bench.store

bench-rewrap: ## measure wrapping 100,000 conversations anew while people talk
	$(DEV)
	@exec .venv/bin/python -m bench.rewrap

bench-nlu: ## measure understanding beside stock Rasa's; DATA=file of your own
	$(DEV)
	@exec .venv/bin/python -m bench.nlu $(if $(DATA),"$(DATA)")

bench-masking: ## measure what is masked and what stays
	$(DEV)
	@exec .venv/bin/python -m bench.masking

bench-desk: ## measure how quickly customer and colleague reach each other, and what faults lose
	$(DEV)
	@exec .venv/bin/python -m bench.desk

bench-queue: ## simulate days of people who wait: who goes first, how long, is it told truly
	$(DEV)
	@exec .venv/bin/python -m bench.queue

stop: ## stop what `make run` started
	$(RUNTIME)
	@exec .venv/bin/helder stop

lock: ## pin the newest allowed packages, with hashes
	@$(PYTHON) scripts/bootstrap.py lock

clean: ## remove models and caches; conversations, keys and .venv stay
	@rm -rf models .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
