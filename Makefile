# Redress — 投诉处理。需要的只有 Python 3.11+ 和 make。 / All that is needed: Python 3.11+ and make.
.DEFAULT_GOAL := help
.PHONY: run setup dev test check bench lock clean help
SHELL := /bin/sh

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input --quiet
PACKAGES := complaints workflows activities notifications records api deploy benchmarks
TESTS ?= tests
# -n 3: the suite mostly waits for processes it started, so three workers pay even on two cores. The order: tests/conftest.py.
PYTEST_ARGS ?= -n 3 --dist loadfile --no-loadscope-reorder
UV_COMPILE = UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/uv pip compile --quiet --no-config --universal \
	--generate-hashes --python-version 3.11 --no-emit-index-url --no-emit-find-links

# POLICY, when given, is what REDRESS_POLICY names: default, trial, or the path of a YAML file.
ifdef POLICY
export REDRESS_POLICY := $(POLICY)
endif

run: $(VENV)/.run-installed ## 启动 Redress（POLICY=trial：分钟变成秒） / start Redress (POLICY=trial: minutes become seconds)
	@exec $(VENV)/bin/redress up

setup dev: $(VENV)/.dev-installed ## 建立开发环境 .venv / make the development environment .venv

test: $(VENV)/.dev-installed ## 运行测试（TESTS=路径） / run the tests (TESTS=path)
	@exec $(PY) -m pytest $(PYTEST_ARGS) $(TESTS)

check: $(VENV)/.dev-installed ## 格式、规则、类型、分层 / format, rules, types, layers
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy $(addprefix -p ,$(PACKAGES))
	$(VENV)/bin/lint-imports

bench: $(VENV)/.dev-installed ## 性能测量 / measure
	$(PY) -m benchmarks.twin
	$(PY) -m benchmarks.open
	$(PY) -m benchmarks.burst
	$(PY) -m benchmarks.deciding
	$(PY) -m benchmarks.backtest

lock: $(VENV)/.dev-installed ## 更新两个锁文件 / renew both lock files
	$(UV_COMPILE) --upgrade pyproject.toml --group build --output-file requirements.lock
	$(UV_COMPILE) --upgrade pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock

clean: ## 删除 .venv 与缓存（var/ 里的数据保留） / remove .venv and caches (the data in var/ stays)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## 显示这份说明 / show this help
	@awk -F ':.*## ' '/^[a-z ]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A stamp is newer than its lock only after a whole installation, so an interrupted one is simply done again.
$(VENV)/.made:
	@for candidate in "$$PYTHON" python3 python3.14 python3.13 python3.12 python3.11 python; do \
		[ -n "$$candidate" ] || continue; \
		"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		"$$candidate" -c 'import ensurepip, venv' 2>/dev/null || { unfit="$$candidate"; continue; }; \
		"$$candidate" -m venv --clear $(VENV) && touch $@ && exit 0; \
		echo "无法建立 $(VENV)。 / Could not make $(VENV)." >&2; exit 1; \
	done; \
	if [ -n "$$unfit" ]; then \
		echo "$$unfit 缺少 venv 模块（Debian/Ubuntu：安装 python3-venv）。 / $$unfit lacks the venv module (Debian/Ubuntu: install python3-venv)." >&2; \
	else \
		echo "找不到 Python 3.11 或更新的版本；请安装，或用 PYTHON=路径 指明。 / No Python 3.11 or newer was found; install one, or name it with PYTHON=path." >&2; \
	fi; exit 1

$(VENV)/.run-installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "正在安装依赖…… / Installing what Redress needs…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.made requirements-dev.lock pyproject.toml
	@echo "正在安装开发依赖…… / Installing what development needs…"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
