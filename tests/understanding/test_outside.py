from pathlib import Path

from bench.nlu.lines import out_of_scope
from helder.understanding import component, outside


def test_both_languages_are_alike_however_few_sentences_are_taken():
    chosen = outside.examples(200)
    english, dutch = (path.read_text(encoding="utf-8").splitlines() for path in outside._FILES)
    assert (chosen[::2], chosen[1::2]) == (english[:5], dutch[:5])


def test_a_small_assistant_is_not_outweighed():
    assert outside.examples(9) == []
    assert all(len(outside.examples(beside)) == beside // 20 for beside in (200, 2_000, 6_000))
    assert len(outside.examples(1_000_000)) > 400


def test_nothing_is_measured_with_what_was_learned():
    assert not {line.text for line in out_of_scope()} & set(outside.examples(1_000_000))


def test_a_changed_sentence_changes_the_fingerprint(tmp_path: Path, monkeypatch):
    before = component.fingerprint([outside], outside.digest())
    for path in outside._FILES:
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8") + "more\n")
    monkeypatch.setattr(outside, "_FILES", tuple(tmp_path / p.name for p in outside._FILES))
    assert component.fingerprint([outside], outside.digest()) != before
