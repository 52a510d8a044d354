#!/bin/sh
# yaml 2.9.1 (npm) and PyYAML 6.0-3+b2 (Debian 12): a text that is a single "=" goes out plain and cannot be read.
# Expected: a text written by one YAML library is the same text for the other.
# Seen: yaml writes "- =" without quotes (a text in YAML 1.2); PyYAML takes "=" for YAML 1.1's "value" type, for which
# safe_load has no constructor: it raises an error, and the whole file is lost to its reader.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund yaml@2.9.1
apt-get download -qq -o APT::Sandbox::User=root python3-yaml=6.0-3+b2
dpkg -x python3-yaml_*.deb here
node -e "process.stdout.write(require('yaml').stringify({ answers: ['='] }))" | tee out.yaml
PYTHONPATH=here/usr/lib/python3/dist-packages /usr/bin/python3 - <<'END' | tee seen
import yaml
try:
    print(yaml.safe_load(open('out.yaml')))
except yaml.YAMLError as error:
    print(type(error).__name__, str(error).split('\n')[0])
END
grep -qx -- '  - =' out.yaml
grep -q "ConstructorError could not determine a constructor for the tag 'tag:yaml.org,2002:value'" seen
