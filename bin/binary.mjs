// Makes dist/binary/pl-stories: one executable file for this machine, with Node and the program inside.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PLACE = join(ROOT, 'dist', 'binary')
const OUTPUT = join(PLACE, process.platform === 'win32' ? 'pl-stories.exe' : 'pl-stories')
/** The first line of Node that builds executables by itself; the Node that builds is the Node inside. */
const LEAST = 26

rmSync(PLACE, { recursive: true, force: true })
mkdirSync(PLACE, { recursive: true })
const node = nodeToPack()
execFileSync(node, [join(ROOT, 'bin', 'compile.mjs')], { stdio: 'inherit' })
const files = contents(execFileSync(node, ['-p', 'process.versions.v8'], { encoding: 'utf8' }).trim())
const sizes = createHash('sha256')
for (const file of files) sizes.update(file).update(readFileSync(join(ROOT, file)))
writeFileSync(
  join(PLACE, 'contents.json'),
  JSON.stringify({ build: sizes.digest('hex').slice(0, 16), files }),
)
writeFileSync(
  join(PLACE, 'sea.json'),
  JSON.stringify({
    main: join(ROOT, 'bin', 'sea.js'),
    output: OUTPUT,
    disableExperimentalSEAWarning: true,
    assets: {
      'contents.json': join(PLACE, 'contents.json'),
      ...Object.fromEntries(files.map(file => [file, join(ROOT, file)])),
    },
  }),
)
execFileSync(node, ['--build-sea', join(PLACE, 'sea.json')], { stdio: 'inherit' })
// Apple's computers run nothing that is not signed, if only by nobody.
if (process.platform === 'darwin') execFileSync('codesign', ['--sign', '-', '--force', OUTPUT])
console.log(
  `${relative(ROOT, OUTPUT)}: Node ${execFileSync(node, ['-p', 'process.version'], { encoding: 'utf8' }).trim()}`,
)

/** This Node, if it can; else one from the npm registry, without its symbols where they can be taken off. */
function nodeToPack() {
  if (Number.parseInt(process.versions.node, 10) >= LEAST) return process.execPath
  const system = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${system}-${process.arch}`
  const install = ['install', '--prefix', PLACE, '--no-save', '--silent', `${name}@${LEAST}`]
  execFileSync('npm', install, { stdio: 'inherit', shell: process.platform === 'win32' })
  const path = createRequire(join(PLACE, 'package.json')).resolve(`${name}/package.json`)
  return join(path, '..', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** What the npm package holds, but for the code that was compiled by another V8. */
function contents(v8) {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ files }] = JSON.parse(packed)
  return files.map(({ path }) => path).filter(path => !/\.cjs\..|README\.md$/.test(path) || path.endsWith(v8))
}
