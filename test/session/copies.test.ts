import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { originalOf } from '../../src/session/copies.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'

/** What sync tools and people call a copy of `oak.md`. */
const COPIES = [
  'oak.sync-conflict-20261128-143000-ABCDEFG.md',
  'oak (conflicted copy 2026-11-28 143000).md',
  'oak (Ana’s conflicted copy 2026-11-28).md',
  'oak (conflict_on_2026-11-28).md',
  'oak (SFConflict ana@example.org 2026-11-28-14-30-00).md',
  'oak_conflict-20261128-143000.md',
  'oak_Anas-NAS_Nov-28-143000-2026_Conflict.md',
  'oak.md..path1',
  'oak.md.conflict2',
  'oak..path2.md',
  'oak - Copy.md',
  'oak - Copy (2).md',
  'oak copy.md',
  'oak copy 2.md',
  'oak (copy).md',
  'oak (another copy).md',
  'Copy of oak.md',
  'Copia de oak.md',
  'oak (1).md',
  'oak 2.md',
  'oak-DESKTOP-4F7K2QA.md',
  'oak-LAPTOP-1A2B3C4D-2.md',
  'oak-anas-macbook.md',
  'Copy of oak (1).md',
  'oak - Copy.sync-conflict-20261128-143000-ABCDEFG.md',
]
const OTHERS = [
  'oak.md',
  'oak-table-1.md',
  'oak-2026-11-28.md',
  'oak-2.md',
  'copy.md',
  'photocopy.md',
  'Table (1).md',
  'Table 2.md',
  'oak-anas.md',
  'conflict.md',
  'oak-conflict.md',
  'oak.txt',
]

test('names that sync tools and people give to copies are told from names of groups', () => {
  const there = new Set(['oak.md', 'oak-anas.md'])
  const of = (name: string) => originalOf(name, other => there.has(other), 'Anas-MacBook.local')
  expect(COPIES.map(name => [name, of(name)])).toEqual(COPIES.map(name => [name, 'oak.md']))
  expect(OTHERS.map(name => [name, of(name)])).toEqual(OTHERS.map(name => [name, undefined]))
  expect(of('handout (1).docx')).toBeUndefined()
  expect(originalOf('handout (1).docx', () => true)).toBe('handout.docx')
  // A number, or the name of this computer, is one only beside the original.
  expect(originalOf('elm (1).md', () => false)).toBeUndefined()
  expect(originalOf(`elm-${hostname()}.md`, () => false)).toBeUndefined()
})

test('a name of many parts costs no time', () => {
  expect(originalOf(`${' (copy'.repeat(40)}${' copy'.repeat(10)}`, () => true)).toBeUndefined()
  expect(originalOf(`${'_a'.repeat(120)}.md`, () => false)).toBeUndefined()
})

/** A folder with two tables' notes; the first has written something. */
async function tables(): Promise<string> {
  const folder = emptyFolder()
  for (const name of ['oak.md', 'elm.md'])
    await plStories(['answer', 'warmup', `by ${name}`, '--notes', name], { folder })
  return folder
}
const groupsIn = (out: string) => Number(/responses from (\d+) group/.exec(out)?.[1])

describe('combine of a folder', () => {
  test('with every kind of copy counts each group once', async () => {
    const folder = await tables()
    for (const name of COPIES.filter(name => !name.includes('macbook')))
      writeFileSync(join(folder, name), file(folder, 'oak.md').replace('# Equity', '# Our Equity'))
    const { code, out, err } = await plStories(['combine', '.'], { folder })
    expect([code, groupsIn(out)]).toEqual([0, 2])
    expect(err.match(/looks like a copy of oak\.md; counted once\./g)).toHaveLength(COPIES.length - 1)
  })

  test('whose copies differ makes no digest until it is said what they are', async () => {
    const folder = await tables()
    copyFileSync(join(folder, 'oak.md'), join(folder, 'oak (1).md'))
    await plStories(['answer', 'warmup', 'another one', '--overwrite', '--notes', 'oak (1).md'], { folder })
    await plStories(['answer', 'action', '- [ ] more', '--notes', 'oak (1).md'], { folder })
    const refused = await plStories(['combine', '.', '-o', 'd.md'], { folder })
    expect(refused.code).toBe(1)
    expect(refused.err).toContain(
      'oak (1).md looks like a copy of oak.md, with other answers: warmup, action',
    )
    expect(refused.err).toContain('No digest was made.')
    const run = async (policy: string) => {
      const { code, out } = await plStories(['combine', '.', '--copies', policy], { folder })
      expect(code).toBe(0)
      return out
    }
    const merge = await run('merge')
    expect(groupsIn(merge)).toBe(2)
    expect(merge).toMatch(/by oak\.md[\s\S]*another one/)
    expect(merge).toContain('more')
    const groups = await run('groups')
    expect(groupsIn(groups)).toBe(3)
    const leave = await run('leave')
    expect(groupsIn(leave)).toBe(2)
    expect(leave).not.toContain('another one')
    const unknown = await plStories(['combine', '.', '--copies', 'merg'], { folder })
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('Did you mean "merge"?')])
    expect((await plStories(['actions', '.'], { folder })).out.match(/more/g)).toHaveLength(1)
  })

  test('takes what names another group as a group, whatever its name, and of copies alone the first', async () => {
    const folder = emptyFolder()
    for (let i = 1; i <= 12; i++) {
      const name = `Table (${i}).md`
      await plStories(['answer', 'warmup', `by ${i}`, '--notes', name], { folder })
      file(folder, name, file(folder, name).replace('format: 1', `format: 1\ngroup: Table ${i}`))
    }
    copyFileSync(join(folder, 'Table (1).md'), join(folder, 'Table.md'))
    file(folder, 'Table.md', file(folder, 'Table.md').replace('group: Table 1', 'group: The first'))
    expect(groupsIn((await plStories(['combine', '.'], { folder })).out)).toBe(13)

    const alone = emptyFolder()
    await plStories(['answer', 'warmup', 'the same', '--notes', 'oak.md'], { folder: alone })
    for (const name of ['oak.md..path1', 'oak.md..path2'])
      copyFileSync(join(alone, 'oak.md'), join(alone, name))
    await plStories(['combine', 'oak.md', '-o', 'd.html'], { folder: alone })
    const { rmSync } = await import('node:fs')
    rmSync(join(alone, 'oak.md'))
    const { code, out } = await plStories(['combine', '.'], { folder: alone })
    expect([code, groupsIn(out)]).toEqual([0, 1])
  })

  test('leaves out the round that another one names, and names groups by their folders', async () => {
    const folder = await tables()
    copyFileSync(join(folder, 'oak.md'), join(folder, 'oak-2026-11-20.md'))
    file(
      folder,
      'oak.md',
      file(folder, 'oak.md').replace('format: 1', 'format: 1\nprevious: oak-2026-11-20.md'),
    )
    await plStories(['answer', 'action', 'new', '--notes', 'oak.md'], { folder })
    const rounds = await plStories(['combine', '.'], { folder })
    expect(groupsIn(rounds.out)).toBe(2)
    expect(rounds.err).toContain('Only the actions of earlier rounds count: oak-2026-11-20.md\n')

    for (const name of ['Lincoln', 'Adams']) {
      mkdirSync(join(folder, name))
      await plStories(['answer', 'warmup', `from ${name}`, '--notes', `${name}/equity-notes.md`], { folder })
    }
    const named = await plStories(
      ['combine', 'Lincoln/equity-notes.md', 'Adams/equity-notes.md', '--label-folder'],
      { folder },
    )
    expect(named.out).toMatch(/\*\*Lincoln:\*\*\s+from Lincoln\s+\*\*Adams:\*\*\s+from Adams/)
  })
})

test('status, start, export and check tell of copies beside the notes', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'words'], { folder })
  const copy = 'equity-notes (conflicted copy 2026-11-28).md'
  copyFileSync(join(folder, 'equity-notes.md'), join(folder, copy))
  copyFileSync(join(folder, 'equity-notes.md'), join(folder, 'equity-notes (1).md'))
  file(folder, 'equity-notes (1).md', file(folder, copy).replace('format: 1', 'format: 1\ngroup: Oak'))
  for (const args of [['status'], ['export'], ['check', 'equity-notes.md'], []]) {
    const { out, err } = await plStories(args, { folder, input: ':quit\n' })
    expect(out + err).toContain(`${copy} looks like a copy of th`)
    expect(out + err).not.toContain('equity-notes (1).md looks')
  }
})
