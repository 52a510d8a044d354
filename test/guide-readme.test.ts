import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { accepts, schemaFile } from './schema/json-schemas.ts'
import { emptyFolder, file, plStories, ROOT } from './support/helpers.ts'

const README = readFileSync(join(ROOT, 'guide', 'README.md'), 'utf8')
const [GUIDE = '', PLAN = ''] = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1])

interface Node {
  properties?: Record<string, Node>
  items?: Node
}

/** Every field that a schema knows, by its path without the lists. */
function fieldsOf({ properties = {}, items }: Node, path = ''): string[] {
  if (items) return fieldsOf(items, path)
  return Object.entries(properties).flatMap(([name, inner]) => [
    `${path}${name}`,
    ...fieldsOf(inner, `${path}${name}.`),
  ])
}

function fieldsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(item => fieldsIn(item, path))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    `${path}${name}`,
    ...fieldsIn(inner, `${path}${name}.`),
  ])
}

describe('the format for authors', () => {
  test.each([
    ['guide', GUIDE],
    ['walkthrough', PLAN],
  ] as const)('shows every field of a %s in an example, and explains it', (what, example) => {
    const fields = fieldsOf(JSON.parse(readFileSync(schemaFile(what), 'utf8')))
    const shown = new Set(fieldsIn(parse(example)))
    // Warmup, stories and action are alike: a field of one is shown in another.
    const alike = (field: string) => shown.has(field.replace(/^(?:warmup|stories|action)\./, 'action.'))
    expect(fields.filter(field => !shown.has(field) && !alike(field))).toEqual([])
    const words = new Set(fields.map(field => field.split('.').at(-1)))
    expect([...words].filter(word => !README.includes(`\`${word}\``))).toEqual([])
    expect(accepts(what, example)).toBe(true)
  })

  test('has examples in which no problems found, and that run', async () => {
    const folder = emptyFolder()
    file(folder, 'design.yaml', GUIDE)
    file(folder, 'half-hour.yaml', PLAN)
    const { code, out } = await plStories(['check', '.'], { folder })
    expect([code, out]).toEqual([0, expect.stringContaining('No problems found.')])
    expect(out).not.toContain('warning')
    const walk = await plStories(['--guide', 'design.yaml'], { folder, input: 'One.\n.\nTwo.\n.\n' })
    expect(walk.out).toContain('Element A: Time')
    const sheet = await plStories(['runsheet', 'half-hour.yaml', '--at', '3:30pm'], { folder })
    expect([sheet.code, sheet.err]).toEqual([0, ''])
    expect(sheet.out).toContain('4:00')
  })

  test('names commands that are no mistakes', async () => {
    const folder = emptyFolder()
    const commands = [...README.matchAll(/^pl-stories (.*?) *(?:#.*)?$/gm)].map(match => match[1] ?? '')
    expect(commands.length).toBe(6)
    await plStories(['handout', '-o', 'data.docx'], { folder })
    for (const command of commands)
      expect([command, (await plStories(command.split(' '), { folder })).code]).toEqual([
        command,
        command.startsWith('--guide') ? 1 : 0,
      ])
  })
})
