import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './helpers.ts'

const SRC = join(ROOT, 'src')
const slashed = (path: string) => path.replaceAll('\\', '/')
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(slashed)
const importsOf = (file: string) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
    match => match[1] ?? '',
  )
/** The files of ours that a file imports. */
const ownImportsOf = (file: string) =>
  importsOf(file)
    .filter(name => name.startsWith('.') && !name.endsWith('.json'))
    .map(name => slashed(relative(SRC, resolve(SRC, dirname(file), name))))
/** What knows the way in, and what stands by itself: the core, and YAML as the core reads it. */
const WAY_IN = ['cli.ts', 'command-line.ts', 'command-help.ts']
const PURE = ['yaml']
function roomOf(file: string): string {
  if (WAY_IN.includes(file)) return 'cli'
  const [room = ''] = dirname(file).split('/')
  return room === '.' || PURE.includes(room) ? 'core' : room
}

/** Which room may look into which: imports run one way. */
const MAY: Record<string, string[]> = {
  cli: ['cli', 'commands', 'files', 'core'],
  commands: ['session', 'faces', 'files', 'export', 'core'],
  session: ['session', 'faces', 'files', 'export', 'core'],
  faces: ['faces', 'core'],
  files: ['files', 'core'],
  export: ['export', 'core'],
  core: ['core'],
}

test('imports run one way: cli, commands, session, the edges, the core', () => {
  const wrong = FILES.flatMap(file =>
    ownImportsOf(file)
      .filter(target => !MAY[roomOf(file)]?.includes(roomOf(target)))
      .map(target => `${file} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('the core touches neither disk, screen, clock nor process', () => {
  const allowed = new Set(['yaml', 'zod/mini', 'fastest-levenshtein'])
  const core = FILES.filter(file => roomOf(file) === 'core')
  const wrong = core.flatMap(file =>
    importsOf(file)
      .filter(name => !name.startsWith('.') && !allowed.has(name))
      .map(name => `${file} imports ${name}`),
  )
  const globals = core.filter(file =>
    /\b(?:process|console)\.|\bDate\.now|new Date\(\)/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect([...wrong, ...globals]).toEqual([])
})

test('nothing stands on what stands on it', () => {
  const circle = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [...way, file]
    return ownImportsOf(file).flatMap(next => (done.has(next) ? [] : circle(next, [...way, file])))
  }
  const done = new Set<string>()
  for (const file of FILES) {
    expect(circle(file, [])).toEqual([])
    done.add(file)
  }
})

test('src/README.md has a line for every file, and for none that is gone', () => {
  const map = readFileSync(join(SRC, 'README.md'), 'utf8')
  const named = [...map.matchAll(/^\| `(\S+\.ts)` \| \S/gm)].map(([, name = '']) => name)
  expect(named.sort()).toEqual([...FILES].sort())
})

test('nothing ends the process behind the caller’s back', () => {
  expect(FILES.filter(file => readFileSync(join(SRC, file), 'utf8').includes('process.exit('))).toEqual([])
})
