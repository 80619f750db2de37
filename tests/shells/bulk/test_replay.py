"""The same file gives the same bytes under any hash seed, locale, time zone and working folder."""

from tests.support.command import ran

ELSEWHERE = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Kathmandu", "PYTHONIOENCODING": "latin-1"},
    {"PYTHONHASHSEED": "4294967295", "LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "COLUMNS": "40"},
]


def test_replays_are_byte_identical(messy, tmp_path):
    outputs = []
    for number, env in enumerate(ELSEWHERE):
        folder = tmp_path / str(number)
        folder.mkdir()
        out = folder / "out.csv"
        done = ran("-q", "--plain", "screen", messy, "-o", out, "--json", env=env, cwd=folder)
        assert (done.code, done.messages) == (0, "")
        done.data.decode("utf-8")
        outputs.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert outputs[0] == outputs[1]
    assert set(outputs[0]) == {"out.csv", "out.csv.rejected-rows.csv"}
