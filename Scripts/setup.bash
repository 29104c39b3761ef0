# What the scripts beside this one have in common. It is sourced, not run.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd -P)
scratch=
job=
undo=(true)

# Says in one line why the script cannot go on.
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Tells somebody at a terminal what takes so long; says nothing elsewhere.
tell() {
    [ ! -t 2 ] || printf '%s\n' "$*" >&2
}

# Makes the folder $scratch, which goes when the script ends, together with the job under way.
make_scratch() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/obrolan.XXXXXX")
    # As root the private PostgreSQL runs as another user, who has to pass through.
    chmod 711 "$scratch"
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

clean_up() {
    trap '' HUP INT TERM
    stop_job
    stop_databases
    "${undo[@]}"
    [ -z "$scratch" ] || rm -rf "$scratch"
}

# Ends the job under way with all that it has started: by SIGINT, as Ctrl-C does, and after 20 s by SIGKILL.
stop_job() {
    [ -n "$job" ] || return 0
    kill -INT -- "-$job" 2>/dev/null || true
    for _ in {1..200}; do
        kill -0 -- "-$job" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$job" 2>/dev/null || true
    job=
}

# Ends the databases of tests that were killed: each is in a session of its own, so the signal did not reach it.
stop_databases() {
    local file pid
    while IFS= read -r file; do
        pid=$(head -n 1 "$file" 2>/dev/null) || continue
        [ "$(readlink "/proc/$pid/cwd")" = "$(dirname "$file")" ] || continue
        kill -QUIT "$pid" 2>/dev/null || continue
        for _ in {1..50}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    done < <(find "$scratch" -name postmaster.pid 2>/dev/null)
}

# Runs a command and keeps what it prints in $scratch/log. The command has a process group of its own, so that a signal
# to this script ends all of it.
quietly() {
    local status=0
    set -m
    "$@" >"$scratch/log" 2>&1 </dev/null &
    job=$!
    set +m
    wait "$job" || status=$?
    job=
    return "$status"
}

is_there() {
    case $1 in
    chromium-driver) command -v chromedriver ;;
    libpq-dev) pkg-config --exists libpq ;;
    libqrencode-dev) pkg-config --exists libqrencode ;;
    nodejs) command -v node ;;
    node-typescript) command -v tsc ;;
    zlib1g-dev) pkg-config --exists zlib ;;
    postgresql) command -v postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' ;;
    python3-venv) python3 -c 'import ensurepip, venv' ;;
    haproxy) PATH=$PATH:/usr/sbin command -v haproxy ;;
    nginx-light) PATH=$PATH:/usr/sbin command -v nginx ;;
    *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# Installs those Debian packages that are missing. Asks for no rights when nothing is.
install_missing() {
    local package missing=() as_root=()
    for package in "$@"; do
        is_there "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "missing: ${missing[*]}; there is no apt-get here to install that with"
    if [ "$EUID" -ne 0 ]; then
        command -v sudo >/dev/null || die "missing: ${missing[*]}; install that as root, there is no sudo here"
        if [ -t 0 ]; then sudo -v || true; fi
        sudo -n true 2>/dev/null || die "missing: ${missing[*]}; install that as root, you have no rights by sudo"
        as_root=(sudo -n)
    fi
    tell "Installing ${missing[*]}"

    # Debian's package makes a cluster of its own and starts it, unless told otherwise; the program has its own one.
    local folder=/etc/postgresql-common/createcluster.d status=0
    if [[ " ${missing[*]} " == *" postgresql "* ]]; then
        undo=("${as_root[@]}" rm -f "$folder/obrolan.conf")
        "${as_root[@]}" mkdir -p "$folder"
        echo 'create_main_cluster = false' | "${as_root[@]}" tee "$folder/obrolan.conf" >/dev/null
    fi
    quietly "${as_root[@]}" bash -c '
        export DEBIAN_FRONTEND=noninteractive
        options=(-q -y -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any)
        # The lists are missing on a new machine, and may be too old on another one.
        apt-get "${options[@]}" install --no-install-recommends "$@" ||
            { apt-get "${options[@]}" update && apt-get "${options[@]}" install --no-install-recommends "$@"; }
    ' apt-get "${missing[@]}" || status=$?
    "${undo[@]}"
    undo=(true)
    # Debian's packages start what they bring, now and at each boot; here it is started by those who need it.
    if [ "$status" -eq 0 ] && [ -d /run/systemd/system ]; then
        for package in "${missing[@]}"; do
            case $package in
            haproxy | nginx-light) quietly "${as_root[@]}" systemctl disable --now "${package%-light}" || status=$? ;;
            esac
        done
    fi
    if [ "$status" -ne 0 ]; then
        if has_no_network; then die "missing: ${missing[*]}; they cannot be fetched without a network"; fi
        die "missing: ${missing[*]}; apt-get could not install that: $(grep '^E: ' "$scratch/log" | tail -n 1)"
    fi
}

need_swift() {
    command -v swift >/dev/null ||
        die "missing: a Swift toolchain, 6.2 or later, in PATH (https://www.swift.org/install)"
}

# Builds the program in $root/.build/release.
build_program() {
    need_packages
    tell "Building, which takes some minutes the first time"
    quietly "$root/Scripts/build"
}

# Whether what was printed last says so.
has_no_network() {
    grep -qiE 'could not (resolve|connect)|temporary failure|failed to connect|unreachable|timed out' "$scratch/log"
}

# Fetches the packages that Package.swift names, so that no network is told from a build that fails.
need_packages() {
    quietly swift package --package-path "$root" resolve && return
    if has_no_network; then
        die "missing: the packages that Package.swift names; they cannot be fetched without a network"
    fi
    cat "$scratch/log" >&2
    exit 1
}

# Makes $root/.venv with what the tests in Python need, or brings it up to date.
need_venv() {
    local wanted=$scratch/requirements.txt made=$root/.venv/requirements.txt
    cat "$root"/Tests/*/requirements.txt >"$wanted"
    if cmp -s "$wanted" "$made" && "$root/.venv/bin/python" -c 'import h11, pytest, selenium' 2>/dev/null; then return; fi
    tell "Installing pytest, selenium and h11 in .venv"
    quietly python3 -m venv --clear "$root/.venv" || { cat "$scratch/log" >&2; exit 1; }
    if ! quietly "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$wanted"; then
        if has_no_network; then die "missing: pytest, selenium and h11; they cannot be fetched without a network"; fi
        die "missing: pytest, selenium and h11; pip could not install: $(grep '^ERROR: ' "$scratch/log" | tail -n 1)"
    fi
    cp "$wanted" "$made"
}
