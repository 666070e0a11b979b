"""Names that want to be a path, SQL, a template or a command, and stay names."""

import json
import re
import shlex
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chartlake.charts import ChartsFileError, parse_charts
from extract_lambda import import_charts
from extract_lambda.chart_files import ChartFileError
from extract_lambda.config import SettingsError, read_settings
from extract_lambda.event import EventError, read_event
from extract_lambda.import_settings import ImportSettings
from extract_lambda.inbox import InboxError, import_arrivals
from glue_jobs.arguments import parse_arguments
from infra.settings import SettingsError as DeploymentError
from infra.settings import read_settings as read_deployment
from local.athena import ask as athena_prompt
from local.warehouse import WarehouseError, open_warehouse, prompt
from snowflake_ops.environments import FOLDER, EnvironmentFileError, read_environment
from snowflake_ops.reconcile import reconcile
from tests.lake_files import write_run
from tests.spotify_fixtures import GLOBAL

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY, RUN = date(2026, 11, 1), "20261101T060000Z"
ORDERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no terminal may be sent, a line break aside."""
TITLES = [
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    '"); DELETE FROM tracks; --',
    "{{ 7 * 7 }}{% raw %}",
    "[red]not a colour[/red] [link=x]",
    "../../etc/passwd",
    "\x1b[2J\x1b]0;owned\x07\x1b[31m",
    "\u202egnp.exe",
    "a\rb\x08\x08",
    "$(touch owned) `touch owned`",
    "夜明けの灯台",
]


def charts_file(chart_id: str, name: str = "Mine") -> str:
    entry = f'name = {json.dumps(name)}\nmarket = "us"\nsource = "charts_csv"\ncadence = "daily"\n'
    return f"[charts.{json.dumps(chart_id)}]\n{entry}expected_size = 1\ntolerance = 0\n"


@pytest.mark.parametrize(
    "chart_id",
    [
        *("../x", "a/b", "a=b", "a\\b", "%2e%2e", ".", "..", "", " ", "a b", "A", "ａ", "a\n"),
        *("a\0b", "a;b", "a'b", 'a"b', "{{a}}", "a$b", "a*", "x" * 65, "\x1b[2J", "-a--b"),
    ],
)
def test_a_chart_id_is_small_letters_digits_and_underscores(chart_id):
    with pytest.raises(
        ChartsFileError, match="the id may hold small letters, digits and _ alone"
    ) as e:
        parse_charts(charts_file(chart_id), "charts.toml")
    assert not ORDERS.search(str(e.value))


@pytest.mark.parametrize("name", TITLES)
def test_a_charts_name_is_any_text_that_can_be_printed(name):
    if ORDERS.search(name):
        with pytest.raises(ChartsFileError, match="allowed: some text that can be printed") as e:
            parse_charts(charts_file("mine", name), "charts.toml")
        assert not ORDERS.search(str(e.value))
    else:
        assert parse_charts(charts_file("mine", name), "charts.toml")[0].name == name


EVENTS: dict[str, list[Any]] = {
    "charts": [
        *([name] for name in ("../x", "a/b", "\0", "\x1b[2J", "x" * 9999)),
        [{}],
        [None],
        "x",
    ],
    "snapshot_date": [
        *("../..", "2026-11-20/../x", "2026-11-20\n", "dt=x", "\x1b[2J", "2026-02-30", ""),
        *(20261120, [], "٢٠٢٦-١١-٢٠"),
    ],
    "scheduled_at": [
        *("../x", "2026-11-20T06:00:00Z/../../x", "\0", 7, {}),
        *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"),
    ],
}


@pytest.mark.parametrize(
    "event", [{name: value} for name, values in EVENTS.items() for value in values], ids=repr
)
def test_an_event_names_days_instants_and_charts_that_there_are(event):
    with pytest.raises(EventError) as refused:
        read_event(event, [GLOBAL], NOW)
    assert not ORDERS.search(str(refused.value))


CHART_FILE = (
    "\ufeffrank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams\n"
    '1,spotify:track:0000000000000000000000,"A","B","C",1,1,1,10\n'
)


@pytest.mark.parametrize(
    "name",
    [
        *("regional-us-daily-2026-10-01.csv; touch owned", "$(touch owned).csv", "a 'b' \"c\".csv"),
        *("\x1b[2Jowned.csv", "regional-us-daily-2026-10-01\n.csv", "-rf", "--raw-root=x", "*.csv"),
        *("regional-us-daily-2026-10-01.csv\r", "{{ 7 }}.csv", "<script>.csv", "\u202evsc.exe"),
        *(
            "regional-us-daily-2026-02-30.csv",
            "regional-../x-daily-2026-10-01.csv".replace("/", "%2f"),
        ),
    ],
)
def test_a_chart_file_with_another_name_stays_outside(tmp_path, monkeypatch, capsys, name):
    downloads, raw = tmp_path / "downloads", tmp_path / "raw"
    downloads.mkdir()
    (downloads / name).write_text(CHART_FILE, encoding="utf-8")
    (tmp_path / "charts.toml").write_text(charts_file("mine"), encoding="utf-8")
    monkeypatch.setenv("CHARTLAKE_CHARTS_FILE", str(tmp_path / "charts.toml"))
    monkeypatch.chdir(tmp_path)
    assert import_charts.main(["--raw-root", str(raw), "--", str(downloads / name)]) == 1
    told = capsys.readouterr().out
    assert told.startswith("refused: ")
    assert told.count("\n") == 2
    assert not ORDERS.search(told)
    assert not raw.exists()
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("inbox/../raw/regional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/deeper/regional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/%2e%2e%2fregional-us-daily-2026-10-01.csv", ChartFileError),
        ("inbox/\x1b[2J.csv", ChartFileError),
        ("raw/manifests/dt=2026-10-01/x.json", InboxError),
        ("/inbox/regional-us-daily-2026-10-01.csv", InboxError),
        ("inbox", InboxError),
    ],
)
def test_an_object_with_another_name_is_not_imported(monkeypatch, key, error):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    charts = parse_charts(charts_file("mine"), "charts.toml")
    told = {"bucket": {"name": "lake"}, "object": {"key": key}}
    event = {"time": "2026-11-20T06:00:00Z", "detail": told}
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake")
        client.put_object(Bucket="lake", Key=key, Body=CHART_FILE.encode())
        with pytest.raises(error) as refused:
            import_arrivals(event, ImportSettings("s3://lake", charts), lambda: NOW)
        assert [item["Key"] for item in client.list_objects_v2(Bucket="lake")["Contents"]] == [key]
    assert not ORDERS.search(str(refused.value))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "x", "\0", 7])
def test_an_event_of_no_instant_is_refused(at):
    told = {"bucket": {"name": "lake"}, "object": {"key": "inbox/x"}}
    with pytest.raises(InboxError):
        import_arrivals({"time": at, "detail": told}, ImportSettings("s3://lake", ()), lambda: NOW)


@pytest.mark.parametrize(
    "name", ["../x", "../../x", "/etc/x", "a/../../x", ".", "", "x\0", "dev\n", "\x1b"]
)
def test_an_environment_is_a_name_and_no_path(tmp_path, name):
    inside = tmp_path / "one/two"
    inside.mkdir(parents=True)
    for folder in (tmp_path, inside.parent):
        shutil.copy(FOLDER / "local.toml", folder / "x.toml")
    with pytest.raises(EnvironmentFileError, match="There is no environment") as of_snowflake:
        read_environment(name, inside)
    with pytest.raises(DeploymentError, match="There is no ") as of_aws:
        read_deployment(name, inside)
    assert not ORDERS.search(str(of_snowflake.value) + str(of_aws.value))


def test_a_file_does_not_rename_its_environment(tmp_path):
    text = (ROOT / "infra/environments/dev.toml").read_text(encoding="utf-8")
    (tmp_path / "dev.toml").write_text(f'environment = "prod"\n{text}', encoding="utf-8")
    assert read_deployment("dev", tmp_path).environment == "dev"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("storage_role_arn", "arn:aws:iam::123456789012:role/x'; DROP DATABASE y; --"),
        ("alarm_topic_arn", 'arn:aws:sns:eu-west-1:123456789012:x" y'),
        ("alarm_role_arn", "arn:aws:iam::123456789012:role/{{ prefix }}"),
        ("storage_external_id", "x' OR '1' = '1"),
        ("database", "A; DROP DATABASE B"),
        ("prefix", '"A"'),
        ("prefix", "{{ database }}"),
        ("bucket", "a/../b"),
        ("warehouse_size", "XSMALL COMMENT = 'x'"),
        ("auto_suspend_seconds", "60 --"),
        ("credit_quota", "1\n2"),
        ("watch", "RESUME; SELECT 1"),
    ],
)
def test_a_variable_never_carries_sql(tmp_path, variable, value):
    text = (FOLDER / "local.toml").read_text(encoding="utf-8")
    kept = re.sub(rf"(?m)^{variable} = .*\n", "", text)
    (tmp_path / "mine.toml").write_text(f"{variable} = {json.dumps(value)}\n{kept}", "utf-8")
    with pytest.raises(EnvironmentFileError, match=f"{variable} = .* does not look like one"):
        read_environment("mine", tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        *("http://api.spotify.com/v1/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/", ""),
        *("https://me:hunter2@api.spotify.com/v1/", "//api.spotify.com/", "file:///etc/passwd"),
        *("http://127.0.0.1@example.com/", "http://[::1", "javascript:x", "HTTP://example.com"),
    ],
)
@pytest.mark.parametrize("name", ["SPOTIFY_API_URL", "SPOTIFY_TOKEN_URL"])
def test_credentials_go_over_tls_or_stay_on_this_machine(name, address):
    known = {"CHARTLAKE_RAW_ROOT": "x", "SPOTIFY_CLIENT_ID": "i", "SPOTIFY_CLIENT_SECRET": "s"}
    if not address:
        assert read_settings({**known, name: address}).api_url == "https://api.spotify.com/v1/"
        return
    with pytest.raises(SettingsError, match=f"^{name} is no address that credentials") as refused:
        read_settings({**known, name: address})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--start-date", ".."],
        ["--start-date", "2026-11-20/../x"],
        ["--start-date", "2026-11-20", "--end-date", "../.."],
        ["--start-date", "2026-11-20", "--end-date", "--charts-file=s3://elsewhere/charts.toml"],
        ["--start-date", "--raw-root"],
        ["--start-date", "2026-11-20", "--run-id", "../x"],
        ["--start-date", "2026-11-20\n"],
    ],
)
def test_a_job_takes_days_and_no_paths_for_days(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(["--raw-root", "r", "--curated-root", "c", *arguments], NOW)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A lake in a folder of an awkward name, whose titles are all of the above."""
    lake = tmp_path / 'a "lake"; -- $HOME {{ x }}'
    tracks = [{"track_id": f"t{place}", "name": title} for place, title in enumerate(TITLES)]
    write_run(lake / "chartlake-curated", DAY, RUN, {"tracks": tracks})
    with open_warehouse(
        lake / "warehouse", {"s3://chartlake-curated/": lake / "chartlake-curated"}
    ) as w:
        w.deploy()
        w.load()
    return lake


def test_titles_are_data_in_the_warehouse_and_at_its_prompt(lake, capsys):
    question = "SELECT NAME FROM CHARTLAKE.CORE.TRACKS ORDER BY TRACK_ID"
    with open_warehouse(lake / "warehouse") as warehouse:
        found = {row["name"] for row in warehouse.query(question)}
    assert found == set(TITLES)
    assert prompt.main(["--warehouse", str(lake / "warehouse"), question]) == 0
    told = capsys.readouterr().out
    assert not ORDERS.search(told)
    assert "[red]not a colour[/red]" in told
    assert r"\x1b[2J\x1b]0;owned\x07" in told


@pytest.mark.parametrize("name", ["it's", "all *", "why?", "[a]"])
def test_a_warehouse_in_a_folder_that_would_end_a_text_or_be_a_pattern_is_refused(tmp_path, name):
    for folder, mounts in ((tmp_path / name, {}), (tmp_path / "w", {"s3://b/": tmp_path / name})):
        with (
            pytest.raises(WarehouseError, match="A folder with . in its name cannot hold this"),
            open_warehouse(folder, mounts),
        ):
            pass
    assert list(tmp_path.iterdir()) == []


def test_a_lake_in_such_a_folder_can_be_asked_as_athena_would(tmp_path, capsys):
    lake, question = tmp_path / "it's; --", tmp_path / "q.sql"
    write_run(lake / "chartlake-curated", DAY, RUN, {"tracks": [{"track_id": "t", "name": "Moss"}]})
    question.write_text("SELECT name FROM chartlake.tracks", encoding="utf-8")
    assert athena_prompt.main(["--lake", str(lake), str(question)]) == 0
    assert "Moss" in capsys.readouterr().out


def test_titles_are_data_in_athenas_stand_in_and_at_its_prompt(lake, tmp_path, capsys):
    question = tmp_path / "q.sql"
    question.write_text("SELECT name FROM chartlake.tracks ORDER BY track_id", encoding="utf-8")
    assert athena_prompt.main(["--lake", str(lake), str(question)]) == 0
    told = capsys.readouterr().out
    assert not ORDERS.search(told)
    assert all(title in told for title in TITLES if not ORDERS.search(title))


def test_an_error_that_quotes_a_title_is_no_order_to_a_terminal(lake, capsys):
    question = "SELECT NAME::INTEGER FROM CHARTLAKE.CORE.TRACKS WHERE TRACK_ID = 't6'"
    assert prompt.main(["--warehouse", str(lake / "warehouse"), question]) == 1
    told = capsys.readouterr().out
    assert "owned" in told
    assert not ORDERS.search(told)


def test_a_question_that_is_no_text_is_told_in_a_sentence(lake, tmp_path, capsys):
    (tmp_path / "q.sql").write_bytes(b"\xff\xfe\x00")
    file, warehouse = str(tmp_path / "q.sql"), str(lake / "warehouse")
    assert prompt.main(["--warehouse", warehouse, "--file", file]) == 1
    assert athena_prompt.main(["--lake", str(lake), file]) == 1
    assert capsys.readouterr().out.replace("\n", "").count("cannot be read") == 2


HOSTILE_FOLDERS = [
    "dt=2026-11-01/run=x'; DROP TABLE T; --/part-0.parquet",
    "dt=2026-11-01/run=../../other/part-0.parquet",
    "dt=../../run=x/part-0.parquet",
    "dt=2026-11-01/run=x\n/part-0.parquet",
]
PLAIN = "dt=2026-11-01/run=20261101T060000Z/part-'\x1b[2J.parquet"


def test_a_refresh_is_of_folders_of_runs_alone(capsys):
    """S3 holds names that are none; the statements that are run are those of the one that is."""
    ran: list[str] = []

    def ask(sql: str) -> list[dict[str, Any]]:
        ran.append(sql)
        if not sql.startswith("LIST"):
            return []
        came = "Fri, 20 Nov 2099 06:00:00 GMT"
        names = [f"s3://b/curated/load_manifest/{name}" for name in [*HOSTILE_FOLDERS, PLAIN]]
        return [{"name": name, "last_modified": came} for name in names]

    assert reconcile(ask, "CHARTLAKE", refresh=True) == 0
    assert [sql for sql in ran if not sql.startswith(("LIST", "SELECT"))] == [
        "ALTER PIPE CHARTLAKE.LANDING.LOAD_MANIFEST_PIPE REFRESH PREFIX ="
        " 'dt=2026-11-01/run=20261101T060000Z/'"
    ]
    assert not ORDERS.search(capsys.readouterr().out)


@pytest.mark.parametrize("column", ["TABLE_NAME", "RUN_ID"])
@pytest.mark.parametrize("value", ["x''; DROP TABLE T; --", "../x", "a b", "a\n", "{{x}}"])
def test_what_a_manifest_says_becomes_no_statement(lake, column, value):
    with open_warehouse(lake / "warehouse") as warehouse:
        warehouse.query("UPDATE CHARTLAKE.LANDING.LOAD_MANIFEST SET ROW_COUNT = 99")
        gaps = "SELECT REFRESH_STATEMENT AS IT FROM CHARTLAKE.OPS.LOAD_GAPS"
        assert len(warehouse.query(gaps)) == 12
        warehouse.query(f"UPDATE CHARTLAKE.LANDING.LOAD_MANIFEST SET {column} = '{value}'")
        assert warehouse.query(gaps) == []


WORDS = [
    "a b",
    "it's",
    'say "x"',
    "$HOME",
    "a; touch owned",
    "`touch owned`",
    "a|b>c",
    "*",
    "../../x",
]
COMMANDS = [
    ("demo", "LAKE", "local.demo --lake {}"),
    ("sql", "LAKE", "local.warehouse.prompt --warehouse {}/warehouse"),
    ("sql", "Q", "local.warehouse.prompt --warehouse lake/demo/warehouse --file {}"),
    ("warehouse", "PORT", "local.warehouse.server --lake lake/demo --port {}"),
    ("athena", "Q", "local.athena.ask --lake lake/demo {}"),
    ("athena-views", "ENV", "athena_ops.deploy {}"),
    ("athena-remote", "ENV", "athena_ops.ask {}"),
    ("snowflake-plan", "ENV", "snowflake_ops.plan {}"),
    ("snowflake-deploy", "ENV", "snowflake_ops.deploy {}"),
    ("snowflake-smoke", "ENV", "snowflake_ops.smoke {}"),
    ("reconcile", "ENV", "snowflake_ops.reconcile {}"),
    ("reconcile", "LAKE", "local.reconcile --lake {}"),
    ("synth", "ENV", "infra.app {} build/cdk-{}"),
    ("diff", "ENV", "infra.cdk diff --app build/cdk-{}"),
    ("destroy", "ENV", "infra.cdk destroy --app build/cdk-{} --exclusively chartlake-{}-pipeline"),
    ("run", "DATE", "infra.run dev {}"),
]


@pytest.mark.parametrize(("target", "variable", "command"), COMMANDS)
def test_what_make_is_given_is_one_word_of_the_command(target, variable, command):
    for word in WORDS:
        # A $ is make's own and is written twice.
        given = f"{variable}={word.replace('$', '$$')}"
        told = subprocess.run(
            ["make", "-n", target, given], cwd=ROOT, capture_output=True, text=True, check=True
        )
        (line,) = [
            line for line in told.stdout.splitlines() if line.startswith(".venv/bin/python -m")
        ][-1:]
        expected = [part.replace("{}", word) for part in command.split(" ")]
        assert shlex.split(line)[2:] == expected


def test_every_value_that_make_passes_on_is_one_word():
    recipes = re.findall(r"^\t.*(?:\\\n.*)*", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    bare = re.compile(r"\$\((LAKE|REPLAY|Q|PORT|ENV|FROM|TO|DATE|RAW|FILES|CHARTS)\)")
    for recipe in recipes:
        safe = re.sub(r"\$\(call one,(?:[^()]|\([^()]*\)|\((?:[^()]|\([^()]*\))*\))*\)", "", recipe)
        assert not bare.search(re.sub(r"\$\(if \$\(\w+\),", "", safe)), recipe
