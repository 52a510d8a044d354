#!/bin/sh
# yaml-language-server 1.19.2 (npm): a relative $schema in a file's first line is a path, not a URL.
# Expected: in "# yaml-language-server: $schema=../my%20schemas/a.json", "%20" stands for a space, as in a URL.
# Seen: it looks for a folder named "my%20schemas". Version 2.0.0 takes it for a space. A file URL works in both.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
cat > asked.js <<'JS'
const { getLanguageService } = require('yaml-language-server')
const { TextDocument } = require('vscode-languageserver-textdocument')
const { SettingsState } = require(`./node_modules/yaml-language-server/out/${process.argv[2]}/yamlSettings`)
const asked = []
const service = getLanguageService({
  schemaRequestService: async address => asked.push(address) && '{}',
  workspaceContext: { resolveRelativePath: (path, base) => base + path },
  yamlSettings: new SettingsState(),
  telemetry: { send() {}, sendError() {}, sendTrack() {} },
})
service.configure({ validate: true })
const validate = async (address, i) => {
  const text = `# yaml-language-server: $schema=${address}\nid: x\n`
  await service.doValidation(TextDocument.create(`file:///home/me/notes/${i}.yaml`, 'yaml', i, text))
}
validate('../my%20schemas/a.json', 1)
  .then(() => validate('file:///home/me/my%20schemas/b.json', 2))
  .then(() => console.log(asked.join('\n')))
JS
for version in 1.19.2:server/src 2.0.0:src; do
  npm install --silent --no-audit --no-fund yaml-language-server@${version%%:*} vscode-languageserver-textdocument@1.0.12
  echo "yaml-language-server ${version%%:*} looks for"
  node asked.js "${version#*:}"
done | tee seen
printf '%s\n' 'yaml-language-server 1.19.2 looks for' 'file:///home/me/my%2520schemas/a.json' \
  'file:///home/me/my%20schemas/b.json' 'yaml-language-server 2.0.0 looks for' \
  'file:///home/me/my%20schemas/a.json' 'file:///home/me/my%20schemas/b.json' | cmp - seen
