"""What the other tests believe of the machine, and of the program's start and end."""
import os
import signal
import socket
import subprocess
import time

import pytest
from obrolan_testing.machine import PORTS, clean_environment, cpu, free_ports, scratch_folder, until, until_idle
from obrolan_testing.program import Program


def test_nothing_that_leads_elsewhere_is_passed_on(monkeypatch):
    for name in ("DATABASE_URL", "OBROLAN_PORT", "PGHOST"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("LANGUAGE", "id")
    environment = clean_environment(PGUSER="obrolan")
    assert environment["LANGUAGE"] == "id" and environment["PGUSER"] == "obrolan"
    assert not {"DATABASE_URL", "OBROLAN_PORT", "PGHOST"} & environment.keys()


def test_free_ports_differ_and_are_free_and_never_those_of_outgoing_connections():
    ports = free_ports(50)
    assert len(set(ports)) == 50 and set(ports) <= set(PORTS)
    for port in ports[:5]:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", port))


def test_until_tells_what_came_and_when_nothing_did():
    values = iter([0, 0, 7])
    assert until(lambda: next(values), 60) == 7
    assert until(lambda: 0, 0.05) == 0


def test_a_scratch_folder_is_gone_in_the_end():
    with pytest.raises(ZeroDivisionError), scratch_folder("support") as folder:
        (folder / "file").write_text("x")
        assert folder.stat().st_mode & 0o777 == 0o711
        1 / 0
    assert not folder.exists()


def test_the_processor_time_of_children_counts_whether_they_live_or_have_ended():
    # The shell's child uses some, and the next one still does when the shell is asked for all of it.
    busy = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done"
    with subprocess.Popen(["sh", "-c", f"sh -c '{busy}'; echo first; sh -c '{busy}; echo second; exec sleep 60'"],
                          stdout=subprocess.PIPE, start_new_session=True) as shell:
        spent = [cpu(shell.pid)]
        for _ in range(2):
            shell.stdout.readline()
            spent.append(cpu(shell.pid))
        until_idle(shell.pid)
        os.killpg(shell.pid, signal.SIGKILL)
    assert spent[0] + 0.02 < spent[1] and spent[1] + 0.02 < spent[2]


@pytest.fixture
def fake(tmp_path):
    """Gives a program of that shell script, which is called as the real one is."""
    def fake(script):
        path = tmp_path / "fake"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        program = Program(tmp_path / "fake.log", "--x", 1, program=path, environment={"GREETING": "halo"})
        programs.append(program)
        return program

    programs = []
    yield fake
    for program in programs:
        program.end()


def test_a_program_that_serves_keeps_its_port(fake):
    program = fake('port=$3; [ "$port" != 0 ] || port=4711; echo "$GREETING: $*" >&2; '
                   'echo "Obrolan serves on http://127.0.0.1:$port"; exec sleep 60')
    assert program.start() is program
    assert (program.port, program.url) == (4711, "http://127.0.0.1:4711")
    assert program.start_time < 60
    assert program.stop() == -signal.SIGTERM
    program.start()
    program.kill()
    assert program.log() == "halo: serve --port 0 --x 1\nhalo: serve --port 4711 --x 1\n"


def test_a_program_that_does_not_start_says_why(fake):
    with pytest.raises(RuntimeError, match="no database"):
        fake("echo 'no database' >&2; exit 1").start()


def test_a_program_that_will_not_stop_is_ended_nevertheless(fake, monkeypatch):
    monkeypatch.setattr("obrolan_testing.program.STOP_SECONDS", 0.1)
    program = fake("trap '' TERM; echo Obrolan serves on http://127.0.0.1:1; while true; do sleep 0.1; done").start()
    begin = time.monotonic()
    program.end()
    assert program.process.returncode == -signal.SIGKILL and time.monotonic() - begin < 60
