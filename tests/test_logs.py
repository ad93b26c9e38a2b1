"""Logs: nothing that a customer wrote, whoever logs it and however."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

CANARY = "Kanarie-Jansen-1234AB"
ROOT = Path(__file__).resolve().parent.parent

PRELUDE = f"""
import logging, os, sys, threading, warnings, asyncio
from helder import logs, settings
level, form = os.environ.pop("TEST_LEVEL"), os.environ.pop("TEST_FORM")
chosen = settings.load({{"HELDER_LOG_LEVEL": level, "HELDER_LOG_FORMAT": form}})
canary = {CANARY!r}
logs.configure(chosen, "probe")
"""


def run(body: str, *, level: str = "debug", form: str = "json") -> subprocess.CompletedProcess[str]:
    """Run a program that logs, in a process of its own; both its outputs count as logs."""
    environment = os.environ | {"TEST_LEVEL": level, "TEST_FORM": form}
    code = PRELUDE + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=60,
        check=False,
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stderr.splitlines()]


FOREIGN = """
names = ["rasa.core.processor", "rasa_sdk.executor", "sanic.root", "sanic.error", "uvicorn.error",
         "httpx", "sqlalchemy.engine", "tensorflow", "asyncio", "root", "__main__", "helderx"]
for name in names:
    logger = logging.getLogger(name)
    logger.setLevel(logging.DEBUG)
    for level in (10, 20, 30, 40, 50):
        logger.log(level, "said %s", canary, extra={"request": canary}, stack_info=True)
        logger.log(level, {"text": canary})
    try:
        try:
            raise KeyError(canary)
        except KeyError as error:
            raise ValueError(canary) from error
    except ValueError:
        logger.exception(canary)
"""


def test_no_text_of_a_foreign_logger_is_written_even_at_debug() -> None:
    done = run(FOREIGN)
    assert CANARY not in done.stdout + done.stderr
    assert len(lines(done)) == 12 * 11


def test_a_foreign_exception_is_named_with_its_causes_and_places() -> None:
    last = lines(run(FOREIGN))[-1]
    assert [part["type"] for part in last["exception"]] == [  # type: ignore[attr-defined]  # a log line is an object of any shape
        "builtins.ValueError",
        "builtins.KeyError",
    ]
    assert last["logger"] == "helderx"
    assert last["level"] == "error"


def test_handlers_that_libraries_install_have_no_text_to_write() -> None:
    done = run(
        """
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s %(exc_text)s %(stack_info)s"))
        for name in ("sanic.root", "rasa", "helder.here"):
            logging.getLogger(name).addHandler(handler)
            logging.getLogger(name).propagate = False
        try:
            raise ValueError(canary)
        except ValueError:
            logging.getLogger("sanic.root").exception("failed: %s", canary, stack_info=True)
            logging.getLogger("rasa.core").exception(canary)
            logging.getLogger("helder.here").exception("our_event")
        """
    )
    assert CANARY not in done.stdout + done.stderr
    assert "our_event" in done.stdout


def test_rasa_cannot_bring_its_own_logging_back() -> None:
    done = run(
        """
        import structlog
        import rasa.utils.common, rasa.utils.log_utils
        from rasa_sdk import utils as sdk
        rasa.utils.common.configure_logging_and_warnings(logging.DEBUG)
        rasa.utils.log_utils.configure_structlog(logging.DEBUG)
        rasa.utils.common.update_sanic_log_level()
        sdk.configure_colored_logging("DEBUG")
        talk = rasa.utils.log_utils.structlog.get_logger("rasa.core.agent")
        ours = structlog.get_logger("helder.brain")
        for logger in (talk, ours):
            try:
                local = canary
                raise ValueError(local)
            except ValueError:
                logger.exception("turn_failed", count=3)
        talk.debug("processor.message", text=canary, user_message=canary)
        talk.error(canary)
        """
    )
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stdout + done.stderr
    ours = [
        json.loads(line) for line in done.stderr.splitlines() if '"logger": "helder.brain"' in line
    ]
    assert ours[0]["event"] == "turn_failed"
    assert ours[0]["count"] == 3
    assert ours[0]["exception"][0]["type"] == "builtins.ValueError"


def test_our_own_events_are_written_in_full_with_their_fields() -> None:
    done = run(
        """
        import structlog
        structlog.contextvars.bind_contextvars(conversation="c1")
        structlog.get_logger("helder.gateway.app").info("turn_done", entries=4, level="mine")
        logging.getLogger("actions.orders").warning("shop_slow after %d s", 3)
        """,
        level="info",
    )
    first, second = lines(done)
    assert first["event"] == "turn_done"
    assert (first["conversation"], first["entries"]) == ("c1", 4)
    assert (first["level"], first["field_level"]) == ("info", "mine")
    assert (first["process"], first["logger"]) == ("probe", "helder.gateway.app")
    assert second["event"] == "shop_slow after 3 s"


def test_the_message_of_our_own_exception_is_left_out_too() -> None:
    done = run(
        """
        import structlog
        try:
            raise RuntimeError(f"could not save {canary}")
        except RuntimeError:
            structlog.get_logger("helder.x").exception("save_failed", conversation="c1")
        """
    )
    assert CANARY not in done.stderr
    assert lines(done)[0]["exception"][0]["frames"] == ["<string>:11:<module>"]  # type: ignore[index]  # the same


def test_uncaught_exceptions_and_warnings_lose_their_text() -> None:
    done = run(
        """
        class Fragile:
            def __del__(self):
                raise ValueError(canary)
        def fail():
            raise ValueError(canary)
        Fragile()
        thread = threading.Thread(target=fail, name=canary)
        thread.start()
        thread.join()
        warnings.warn(canary)
        async def forgotten():
            logs.quiet_loop(asyncio.get_running_loop())
            asyncio.get_running_loop().call_soon(fail)
            await asyncio.sleep(0)
        asyncio.run(forgotten())
        fail()
        """
    )
    assert CANARY not in done.stdout + done.stderr
    assert done.returncode == 1
    assert [line["event"] for line in lines(done)] == [
        "uncaught_exception",
        "uncaught_exception",
        "python_warning",
        "foreign",
        "asyncio_exception",
        "uncaught_exception",
    ]


def test_access_logs_are_off() -> None:
    done = run(
        """
        logging.getLogger("uvicorn.access").error("GET /x")
        logging.getLogger("sanic.access").error("GET /x")
        """
    )
    assert done.stderr == ""


def test_below_debug_the_chatter_of_libraries_is_left_out() -> None:
    done = run(
        """
        logging.getLogger("rasa.core").info("x")
        logging.getLogger("rasa.core").warning("x")
        """,
        level="info",
    )
    assert [line["level"] for line in lines(done)] == ["warning"]


def test_a_value_cannot_forge_a_line_on_the_console() -> None:
    done = run(
        """
        import structlog
        structlog.get_logger("helder.x").info("seen", path="a\\n2026 error helder.audit forged")
        """,
        form="console",
    )
    assert len(done.stderr.splitlines()) == 1


def test_training_may_show_what_rasa_says() -> None:
    done = run(
        """
        logs.configure(chosen, "train", foreign_text=True)
        logging.getLogger("rasa.train").warning("intent %s has one example", "goodbye")
        """
    )
    assert lines(done)[0]["event"] == "intent goodbye has one example"


NUMBERS = """
import structlog
card = "4111 1111 1111 1111"
texts = [card, "bsn 111222333", "jan@voorbeeld.nl", "06-12345678", "NL91ABNA0417164300"]
texts.append("1015 CJ 12")
ours = structlog.get_logger("helder.probe")
for text in texts:
    ours.info("told", text=text, again=[text], within={"text": text})
    ours.error(text)
    logging.getLogger("helder.probe").warning("told %s", text)
    logging.getLogger("rasa.core").error("told %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        ours.exception("failed", text=text)
        logging.getLogger("sqlalchemy.engine").exception(text)
conversation = "4111111111111111aaaa4111111111aa"
ours.info("counted", card=4111111111111111, conversation=conversation, n=12345)
"""
HIDDEN = ("4111 1111", "111222333", "voorbeeld", "12345678", "0417164300", "1015")


def test_not_even_our_own_lines_can_hold_a_card_an_address_or_a_number() -> None:
    for form in ("json", "console"):
        done = run(NUMBERS, form=form)
        for hidden in HIDDEN:
            assert hidden not in done.stdout + done.stderr
        assert '"n": 12345' in done.stderr or "n=12345" in done.stderr
    last = lines(run(NUMBERS))[-1]
    assert last["card"] == "•" * 16
    assert last["conversation"] == "4111111111111111aaaa4111111111aa"


def test_what_libraries_say_during_training_is_masked_as_well() -> None:
    code = NUMBERS.replace("import structlog", 'logs.configure(chosen, "probe", foreign_text=True)')
    done = run(code.replace("structlog.get_logger", "__import__('structlog').get_logger"))
    for hidden in HIDDEN:
        assert hidden not in done.stdout + done.stderr
    assert "told [email]" in done.stderr
