# What the ARM64 build needs besides Rust: cargo-lambda and zig, a Rust with the library for ARM64, and an ARM64 processor in software.
# Sourced after steps.sh, never run.

target=aarch64-unknown-linux-gnu
# Everything that is fetched or made for this build and is no result of it.
cache=$PWD/.cache/arm64
export CARGO_ZIGBUILD_CACHE_DIR=$cache/zig
# What cargo-lambda is told besides what stands in Cargo.toml.
lambda_flags=(--locked)

arm64_tools() {
  local missing=()
  wanted cc gcc
  wanted readelf binutils
  wanted python3 python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  wanted qemu-aarch64-static qemu-user-static
  # The C library that the programs find on Lambda; Debian's copy of it for cross-compilers.
  [[ -e /usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1 ]] || missing+=(libc6-arm64-cross)
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
  command -v cargo >/dev/null || refuse 'cargo is missing: https://rustup.rs installs Rust 1.95 or newer'
  qemu-aarch64-static --version | head -1
}

# cargo-lambda and zig.
cargo_lambda() {
  venv .venv-lambda .ci/lambda.txt .venv-lambda/bin/cargo-lambda lambda --version
  export PATH=$PWD/.venv-lambda/bin:$PATH
  printf 'zig %s\n' "$(python3 -m ziglang version)"
}

# A compiler whose library is there for ARM64 too: the installed one, else Debian's.
rust_for_arm64() {
  if ! [[ -d $(rustc --print target-libdir --target "$target") ]]; then
    [[ -x $cache/rustc ]] || debian_rust
    export RUSTC=$cache/rustc
    # Else rustup is asked, which does not know Debian's.
    lambda_flags+=(--skip-target-check)
  fi
  "${RUSTC:-rustc}" --version
}

# Debian's Rust for browsers, which is newer than Debian's own, with its library for both processors: unpacked, not installed, since it
# would take the place of the installed one.
debian_rust() {
  command -v apt-get >/dev/null || refuse "Rust's library for ARM64 is missing: rustup target add $target"
  rm -rf "$cache/rust" "$cache/apt"
  mkdir -p "$cache"/apt/{lists,archives}/partial "$cache/rust"
  printf '%s\n' 'APT::Architectures { "amd64"; "arm64"; };' "Dir::State::Lists \"$cache/apt/lists\";" "Dir::Cache \"$cache/apt\";" \
    'APT::Sandbox::User "root";' >"$cache/apt/apt.conf"
  (export APT_CONFIG=$cache/apt/apt.conf && cd "$cache/apt" && apt-get --quiet update && debian_rust_packages | xargs apt-get --quiet download)
  local package
  for package in "$cache"/apt/*.deb; do dpkg --extract "$package" "$cache/rust"; done
  rm -rf "$cache/apt" "$cache/rust/usr/share"
  printf '#!/bin/sh\nLD_LIBRARY_PATH=%s exec %s --sysroot %s "$@"\n' "$cache/rust/usr/lib/x86_64-linux-gnu" \
    "$cache/rust/usr/bin/rustc" "$cache/rust/usr" >"$cache/rustc"
  chmod +x "$cache/rustc"
}

# The packages of it, all of one version, with the LLVM that they were built for.
debian_rust_packages() {
  local version library
  version=$(candidate rustc-web:amd64)
  [[ $(candidate libstd-rust-web-dev:arm64) == "$version" ]] || refuse "Debian's Rust is not of one version: rustup target add $target"
  library=$(needs libstd-rust-web-dev:amd64 libstd-rust-web)
  printf '%s=%s\n' rustc-web:amd64 "$version" "$library:amd64" "$version" libstd-rust-web-dev:amd64 "$version" libstd-rust-web-dev:arm64 "$version"
  printf '%s:amd64\n' "$(needs "$library:amd64" libllvm)"
}

# candidate PACKAGE: the version that apt would install.
candidate() {
  apt-cache policy "$1" | awk '/Candidate:/ { print $2 }'
}

# needs PACKAGE PREFIX: the first of its dependencies whose name begins so, without its architecture.
needs() {
  apt-cache depends "$1" | awk -v prefix="$2" '$1 == "Depends:" && index($2, prefix) == 1 { sub(/:.*/, "", $2); print $2; exit }'
}
