// Keeps what V8 has compiled after a first look at what people ask for most, for the Node that runs this.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'pl-stories-build-'))
const { NODE_OPTIONS: _, ACCESSIBLE: __, ...env } = process.env
const look = `(${firstLook})(${JSON.stringify(join(import.meta.dirname, '..'))})`
const { status, stderr } = spawnSync(process.execPath, ['-e', look], {
  cwd: folder,
  input: ':quit\n',
  encoding: 'utf8',
  env: { ...env, TERM: 'xterm-256color', XDG_STATE_HOME: folder },
  timeout: 60_000,
})
rmSync(folder, { recursive: true, force: true })
if (status !== 0) throw new Error(`What was built does not run: ${stderr}`)

/** Runs in a process of its own: what it uses, it loads itself. */
async function firstLook(root) {
  const { load, keepCompiled } = require(`${root}/bin/load.js`)
  const program = load({ fresh: true })
  const codes = []
  for (const words of [
    ['--help'],
    ['answer', 'warmup', 'words'],
    ['status'],
    ['read'],
    ['export', 'html', '-o', '-'],
    ['combine', '.', '-o', '-'],
    [],
  ])
    codes.push(await program.run(words))
  if (codes.some(code => code !== 0)) throw new Error(`exit codes ${codes}`)
  // Then what draws on a terminal, on one that is none; Ctrl+C twice leaves.
  const { PassThrough } = require('node:stream')
  const terminal = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24, setRawMode() {} })
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
  for (const [name, value] of Object.entries({ stdin: terminal, stdout: screen }))
    Object.defineProperty(process, name, { value })
  let drawn = ''
  screen.on('data', more => {
    drawn += more
    if (drawn.includes('Esc menu')) terminal.write('\u0003')
  })
  const left = await program.run([])
  if (left !== 130) throw new Error(`exit code ${left}`)
  keepCompiled()
}
