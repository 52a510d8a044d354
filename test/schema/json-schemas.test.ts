import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder, file, plStories, ROOT } from '../support/helpers.ts'
import { accepts, schemaFile, schemaText } from './json-schemas.ts'

const SHIPPED = join(ROOT, 'guide')
const YAML = readdirSync(SHIPPED, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.yaml'),
)
const whatIs = (name: string) => (dirname(name) === 'walkthroughs' ? 'walkthrough' : 'guide')

describe.each(['guide', 'walkthrough'] as const)('the schema of a %s', what => {
  test('is what the checker’s own definition says (after a change: npm run schemas)', async () => {
    await expect(schemaText(what)).toMatchFileSnapshot(schemaFile(what))
  })

  test('explains every word that only means something here', () => {
    expect(schemaText(what).match(/"description"/g)?.length).toBeGreaterThan(15)
  })
})

test.each(YAML)('%s names its schema in the first line, and is accepted by it', name => {
  const text = readFileSync(join(SHIPPED, name), 'utf8')
  const address = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? ''
  expect(relative(SHIPPED, resolve(SHIPPED, dirname(name), address))).toBe(`${whatIs(name)}.schema.json`)
  expect(accepts(whatIs(name), text)).toBe(true)
})

test.each([
  ['a starter', ['new', 'mine.yaml'], 'guide'],
  ['a copied guide', ['new', 'mine.yaml', '--from', 'Equity'], 'guide'],
  ['a copied plan', ['new', 'mine.yaml', '--plan', 'Equity-60'], 'walkthrough'],
] as const)('%s names the schema from where it stands, and is accepted by it', async (_, args, what) => {
  const folder = emptyFolder()
  expect((await plStories([...args], { folder })).code).toBe(0)
  const text = file(folder, 'mine.yaml')
  const address = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? ''
  expect(resolve(folder, address)).toBe(schemaFile(what))
  expect(accepts(what, text)).toBe(true)
  expect((await plStories(['check', 'mine.yaml'], { folder })).out).toMatch(/: no problems found\n$/)
})
