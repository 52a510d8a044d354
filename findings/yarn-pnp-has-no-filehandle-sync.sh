#!/bin/sh
# Yarn 4.18.1 with Plug'n'Play: FileHandle.sync(), datasync() and utimes() of node:fs/promises do not exist there.
# Expected: a program that saves with `await handle.sync()` works the same way under Yarn as under npm.
# Seen: "Method not implemented." (Yarn replaces node:fs to read packages out of zip files); fs.fsyncSync(handle.fd) works.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund --prefix tool @yarnpkg/cli-dist@4.18.1
mkdir project && cd project
echo '{ "name": "project", "private": true }' > package.json
touch yarn.lock
cat > save.cjs <<'END'
const fs = require('node:fs')
fs.promises.open('file', 'w').then(async handle => {
  for (const [name, ...given] of [['sync'], ['datasync'], ['utimes', 1, 1]])
    console.log(name, await Promise.resolve().then(() => handle[name](...given)).then(() => 'works', error => error.message))
  fs.fsyncSync(handle.fd)
  console.log('fsyncSync works')
  await handle.close()
})
END
export YARN_ENABLE_TELEMETRY=0
yarn() { node ../tool/node_modules/@yarnpkg/cli-dist/bin/yarn.js "$@"; }
yarn install > /dev/null
echo 'with node:' && node save.cjs | tee plain
echo 'with yarn node:' && yarn node save.cjs | tee pnp
[ "$(grep -c works plain)" = 4 ]
[ "$(grep -c 'Method not implemented.' pnp)" = 3 ] && grep -qx 'fsyncSync works' pnp
