import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/helpers.ts'

const SRC = join(ROOT, 'src')
const slashed = (path: string) => path.replaceAll('\\', '/')
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(slashed)
const importsOf = (file: string) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(/(?:from|import\() ?'([^'\n]+)'/g)].map(
    match => match[1] ?? '',
  )
/** The files of ours that a file imports. */
const ownImportsOf = (file: string) =>
  importsOf(file)
    .filter(name => name.startsWith('.') && !name.endsWith('.json'))
    .map(name => slashed(relative(SRC, resolve(SRC, dirname(file), name))))
const folderOf = (file: string) => file.split('/')[0] ?? ''

/** What each folder may import besides itself: only what stands below it. Commands do not import each other. */
const BELOW = ['ui', 'storage', 'import', 'export', 'schema', 'notes', 'domain']
const MAY: Record<string, string[]> = {
  cli: ['cli', 'commands', 'session', ...BELOW],
  commands: ['session', ...BELOW],
  session: ['session', ...BELOW],
  ui: ['ui', 'schema', 'notes', 'domain'],
  storage: ['storage', 'schema', 'notes', 'domain'],
  import: ['import', 'schema', 'notes', 'domain'],
  export: ['export', 'schema', 'notes', 'domain'],
  schema: ['schema', 'notes', 'domain'],
  notes: ['notes', 'domain'],
  domain: ['domain'],
}

test('imports run one way: cli, commands, session, the edges, schema, notes, domain', () => {
  const wrong = FILES.flatMap(file =>
    ownImportsOf(file)
      .filter(target => !MAY[folderOf(file)]?.includes(folderOf(target)))
      .map(target => `${file} imports ${target}`),
  )
  expect(wrong).toEqual([])
})

test('domain, notes and schema touch neither disk, screen, clock nor process', () => {
  const allowed = new Set(['yaml', 'zod/mini', 'fastest-levenshtein'])
  const pure = FILES.filter(file => ['domain', 'notes', 'schema'].includes(folderOf(file)))
  const wrong = pure.flatMap(file =>
    importsOf(file)
      .filter(name => !name.startsWith('.') && !allowed.has(name))
      .map(name => `${file} imports ${name}`),
  )
  const globals = pure.filter(file =>
    /\b(?:process|console)\.|\bDate\.now|new Date\(\)/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect([...wrong, ...globals]).toEqual([])
})

test('nothing imports what imports it', () => {
  const finished = new Set<string>()
  const circle = (file: string, way: string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (finished.has(file)) return undefined
    for (const next of ownImportsOf(file)) {
      const found = circle(next, [...way, file])
      if (found) return found
    }
    finished.add(file)
    return undefined
  }
  expect(FILES.map(file => circle(file, [])).find(found => found !== undefined)).toBeUndefined()
})

test('src/README.md has a line for every file, and for none that is gone', () => {
  const map = readFileSync(join(SRC, 'README.md'), 'utf8')
  const named = [...map.matchAll(/^\| `(\S+\.ts)` \| \S/gm)].map(([, name = '']) => name)
  expect(named.sort()).toEqual([...FILES].sort())
})

test('nothing ends the process without the caller', () => {
  expect(FILES.filter(file => readFileSync(join(SRC, file), 'utf8').includes('process.exit('))).toEqual([])
})
