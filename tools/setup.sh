# Sourced by ./run: installs what is missing, and says so. A second run takes no time.

# The Python that the environments are made of: Debian's own, unless PATRON_PYTHON names another.
system_python() {
  if [ -n "${PATRON_PYTHON:-}" ]; then
    echo "$PATRON_PYTHON"
  elif [ -x /usr/bin/python3 ]; then
    echo /usr/bin/python3
  else
    command -v python3
  fi
}

# setup_packages GROUP...: the packages of tools/packages.txt, with apt-get.
setup_packages() {
  local group wanted="" missing="" package
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian or Ubuntu: the packages of tools/packages.txt are taken for granted."
    return 0
  fi
  for group in "$@"; do
    wanted+=" $(sed -n "s/^$group //p" tools/packages.txt | tr '\n' ' ')"
  done
  # shellcheck disable=SC2086 # a list of words
  local installed
  installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' $wanted 2>/dev/null || true)"
  for package in $wanted; do
    [[ $installed == *" installed:$package "* ]] || missing+=" $package"
  done
  [ -n "$missing" ] || return 0
  local command="apt-get install -y --no-install-recommends$missing"
  if [ "$(id -u)" != 0 ]; then
    echo "Some packages are missing, and installing them needs root. Run this once, then again what"
    echo "you have just run:"
    echo
    echo "    sudo sh -c 'apt-get update && $command'"
    exit 1
  fi
  echo "Installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q </dev/null
  $command -q </dev/null
}

# setup_venv NAME REQUIREMENTS: the Python environment .venv/NAME holds exactly those packages.
setup_venv() {
  local folder=.venv/$1 requirements=$2 stamp
  stamp=$("$(system_python)" -c 'import sys; print(sys.version)' && cat "$requirements")
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/stamp" 2>/dev/null)" = "$stamp" ]; then
    return 0
  fi
  echo "Making the Python environment $folder from $requirements"
  rm -rf "$folder"
  "$(system_python)" -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --no-input --retries 5 -r "$requirements" </dev/null
  printf '%s\n' "$stamp" >"$folder/stamp"
}

setup_for_tests() {
  setup_packages build test package
  setup_venv test bindings/python/requirements/test.txt
  setup_venv pandas2 bindings/python/requirements/test-pandas2.txt
  setup_venv bare bindings/python/requirements/bare.txt
  setup_venv package bindings/python/requirements/package.txt
}

# install_package VENV: builds the Python package as users get it, and installs it there.
install_package() {
  rm -rf "build/wheel/$1"
  ".venv/$1/bin/python" -m pip wheel --quiet --no-input --no-deps -w "build/wheel/$1" \
    ./bindings/python </dev/null
  install_wheel "$1" "$1"
}

# install_wheel VENV FROM: the wheel that was built for the environment FROM.
install_wheel() {
  ".venv/$1/bin/python" -m pip install --quiet --no-input --no-deps --force-reinstall \
    "build/wheel/$2"/*.whl </dev/null
}
