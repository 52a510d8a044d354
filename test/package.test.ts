import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import about from '../package.json' with { type: 'json' }
import { BIN, emptyFolder, file, plainEnv, ROOT } from './support/helpers.ts'

const MOST_BYTES = 1_500_000

test('the package installs in an empty folder with nothing but itself, and runs', { timeout: 60_000 }, () => {
  const folder = emptyFolder()
  const run = (program: string, args: string[], cwd = folder) =>
    execFileSync(program, args, {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: plainEnv(folder),
      // What npm installs to be called is a script of the shell there.
      shell: process.platform === 'win32',
    })
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], ROOT)
  const [tarball = ''] = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  expect(statSync(join(folder, tarball)).size).toBeLessThan(MOST_BYTES)
  expect('dependencies' in about).toBe(false)

  const place = join(folder, 'place')
  mkdirSync(place)
  file(place, 'package.json', '{ "private": true }')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', join('..', tarball)], place)
  expect(readdirSync(join(place, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual([about.name])

  const installed = join(place, 'node_modules', about.name)
  const program = join(place, 'node_modules', '.bin', 'pl-stories')
  expect(run(program, ['--version'])).toBe(`${about.version}\n`)
  run(program, ['answer', 'warmup', 'Equity-first'])
  expect(run(program, ['status'])).toContain('1 of 20 answered, 19 open')
  expect(run(program, ['read', 'warmup'])).toContain('Equity-first')
  run(program, ['export', 'docx'])
  run(program, ['new', 'mine.yaml'])
  expect(run(program, ['check', 'mine.yaml'])).toContain('no problems found')
  expect(readdirSync(folder)).toContain('mine.yaml')

  const licences = readFileSync(join(installed, 'dist', 'licenses.txt'), 'utf8')
  for (const name of ['commander', '@inquirer/prompts', 'chalk', 'yaml', 'marked', 'marked-terminal', 'zod'])
    expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, .+\\n\\n\\S`, 'm'))
  expect(readdirSync(installed).sort()).toEqual([
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'guide',
    'package.json',
  ])
})

test('installing the package runs nothing, and its manual page names every command', () => {
  const ofInstall = ['preinstall', 'install', 'postinstall', 'prepare']
  expect(Object.keys(about.scripts).filter(name => ofInstall.includes(name))).toEqual([])
  const help = execFileSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' })
  const commands = [...help.matchAll(/^ {2}([a-z]{3,})\b.* {2}\S/gm)].map(([, name]) => name)
  expect(commands.length).toBeGreaterThan(10)
  const page = readFileSync(join(ROOT, about.man), 'utf8')
  expect(page).toContain('Access control lists')
  for (const name of commands) expect(page).toMatch(new RegExp(`^\\.SS pl\\\\-stories ${name}\\b`, 'm'))
})

test('where Node is another than at the build, the program compiles itself', () => {
  const folder = emptyFolder()
  const { pathOf, compiledOf, BUILD_LENGTH } = loader(join(ROOT, 'bin', 'load.js'))
  const copy = join(folder, 'copy')
  mkdirSync(join(copy, 'dist', 'lib'), { recursive: true })
  mkdirSync(join(copy, 'bin'))
  for (const name of ['load.js', 'package.json', 'pl-stories.js'])
    file(copy, `bin/${name}`, readFileSync(join(ROOT, 'bin', name)))
  file(copy, 'dist/lib/cli.cjs', readFileSync(pathOf('cli')))
  const compiled = (bytes: Buffer) => file(copy, `dist/lib/${basename(compiledOf('cli'))}`, bytes)
  /** In a process of its own: V8 remembers what it has compiled. */
  const rejected = (bytes: Buffer) => {
    compiled(bytes)
    const code = `const { scriptWith, compiledOf } = require('./bin/load.js'); console.log(scriptWith('cli', require('fs').readFileSync(compiledOf('cli')))?.cachedDataRejected)`
    return execFileSync(process.execPath, ['-e', code], { cwd: copy, encoding: 'utf8' }).trim()
  }
  const version = () =>
    execFileSync(process.execPath, [join(copy, 'bin', 'pl-stories.js'), '--version'], { encoding: 'utf8' })
  expect(version()).toBe(`${about.version}\n`)

  // It is read so, a byte a character.
  expect(readFileSync(pathOf('cli')).every(byte => byte < 0x80)).toBe(true)
  const whole = readFileSync(compiledOf('cli'))
  expect(rejected(whole)).toBe('false')
  expect(version()).toBe(`${about.version}\n`)

  const broken = Buffer.concat([whole.subarray(0, BUILD_LENGTH), Buffer.alloc(1000)])
  expect(rejected(broken)).toBe('true')
  expect(version()).toBe(`${about.version}\n`)

  for (const cut of [0, 1, BUILD_LENGTH - 1, BUILD_LENGTH, BUILD_LENGTH + 10]) {
    compiled(whole.subarray(0, cut))
    expect(version()).toBe(`${about.version}\n`)
  }
  const unreadable = join(copy, 'dist', 'lib', basename(compiledOf('cli')))
  rmSync(unreadable)
  mkdirSync(unreadable)
  expect(version()).toBe(`${about.version}\n`)
  rmSync(unreadable, { recursive: true })

  const another = Buffer.from(whole)
  another.write('another build')
  expect(rejected(another)).toBe('undefined')
  expect(version()).toBe(`${about.version}\n`)
})

interface Loader {
  pathOf(part: string): string
  compiledOf(part: string): string
  BUILD_LENGTH: number
}
const loader = (path: string): Loader => createRequire(import.meta.url)(path)
