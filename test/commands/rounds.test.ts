import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { answersIn, emptyFolder, file, leaveDraft, plStories } from '../support/helpers.ts'
import { drafted, openTerminal, press } from '../support/terminal.ts'

/* A school year: three tables meet three times, and each action has one home. */

const STARTED = Date.now()

/** Runs the program on a day of that year. */
async function on(day: string, args: string[], folder: string, input = '') {
  const clock = `const now=Date.parse('${day}T20:00Z'),D=Date;globalThis.Date=class extends D{constructor(...a){super(...(a.length>0?a:[now]))}static now(){return now}}`
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(clock)}`, TZ: 'UTC' }
  const ended = await plStories(args, { folder, input, env })
  expect([0, 1], ended.err).toContain(ended.code)
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (statSync(path).mtimeMs >= STARTED) utimesSync(path, new Date(day), new Date(day))
  }
  return ended
}

/** The notes of every round, with empty boxes. */
const withoutBoxes = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .filter(name => name.endsWith('.md'))
      .map(name => [name, file(folder, name).replace(/^([-*] )?\[[ x-]\] /gm, (_, bullet = '') => bullet)]),
  )

async function actionsOn(day: string, folder: string, ...args: string[]): Promise<string[]> {
  const { out } = await on(day, ['actions', '.', '--format', 'json', ...args], folder)
  return JSON.parse(out).map((each: Record<string, string>) =>
    [each.group, each.what, each.date, each.since, each.state].join(' | '),
  )
}

/** The table of actions in a document, a row a line. */
const rowsOf = (markdown: string) =>
  markdown
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(2)

const [FALL, WINTER, SPRING] = ['2026-09-10', '2026-11-12', '2027-03-18'] as const

// The executable file takes no clock from outside.
test.skipIf(process.env.PL_STORIES_BINARY)('three rounds of three tables over a school year', async () => {
  const folder = emptyFolder()
  const oak = join(folder, 'oak')
  mkdirSync(oak)
  const answer = (day: string, table: number, text: string) =>
    on(day, ['--notes', `table-${table}.md`, 'answer', 'action', '--append', text], oak)
  const newRound = async (day: string) => {
    for (const table of [1, 2, 3])
      await on(day, ['--notes', `table-${table}.md`, 'start', '--new-round', '--no-input'], oak)
  }

  // Fall: everybody writes in their own way.
  await answer(FALL, 1, '- [ ] Audit the discipline data (Ana, by Jan 15)\n- [ ] Call families (Bo, Oct 1)')
  await answer(FALL, 2, 'Di will translate the letter by 12/1\n[ ] Visit two schools; Cy')
  await answer(FALL, 3, '* share the survey - Eve - before spring break')
  expect(await actionsOn(FALL, oak)).toEqual([
    'Table 1 | Call families | 2026-10-01 |  | open',
    'Table 2 | translate the letter | 2026-12-01 |  | open',
    'Table 1 | Audit the discipline data | 2027-01-15 |  | open',
    'Table 2 | Visit two schools |  |  | open',
    'Table 3 | share the survey |  |  | open',
  ])

  // Winter: one table from a file, one in lines, one has not looked back.
  await newRound(WINTER)
  const before = withoutBoxes(oak)
  const outcomes =
    'actions:\n  - {action: call families, state: done, note: 40 calls}\n  - {action: audit, state: open}\n'
  file(oak, 'winter.yaml', `guide: ca-qpls-equity\nanswers: {warmup: Again}\n${outcomes}`)
  const fromFile = ['--notes', 'table-1.md', 'start', '--answers', 'winter.yaml', '--no-input']
  expect((await on(WINTER, fromFile, oak)).err).toContain('1 done, 1 still open')
  const lines = '3\nDi is ill\n.\n2\n.\nInvite the board (Cy, Feb 3)\n.\n'
  const { out } = await on(WINTER, ['--notes', 'table-2.md', 'start', '--only', 'action'], oak, lines)
  expect(out).toContain(
    'Still open from the round until Nov 12, 2026 (1 of 2): translate the letter (Di, by 12/1)',
  )
  await answer(WINTER, 3, '- [ ] Ask students (Eve, Dec 10)')
  expect(await actionsOn(WINTER, oak, '--open')).toEqual([
    'Table 2 | translate the letter | 2026-12-01 | 2026-11-12 | open',
    'Table 3 | Ask students | 2026-12-10 |  | open',
    'Table 1 | Audit the discipline data | 2027-01-15 | 2026-11-12 | open',
    'Table 2 | Invite the board | 2027-02-03 |  | open',
    'Table 3 | share the survey |  | 2026-11-12 | open',
  ])
  const homes = { ...withoutBoxes(oak) }
  for (const name of ['table-1-2026-11-12.md', 'table-2-2026-11-12.md', 'table-3-2026-11-12.md'])
    expect(homes[name]).toBe(before[name])
  expect(file(oak, 'table-2-2026-11-12.md')).toContain(
    '\nDi will translate the letter by 12/1\n[-] Visit two schools; Cy\n',
  )
  expect(file(oak, 'table-2.md')).toContain(
    '\n- Still open: translate the letter. Di is ill\n\nInvite the board (Cy, Feb 3)\n',
  )

  const digest = await on(WINTER, ['combine', '.'], oak)
  expect(rowsOf(digest.out)).toEqual([
    '| Table 1 | Audit the discipline data | Ana | Jan 15 | still open |',
    '| Table 2 | translate the letter | Di | 12/1 | still open |',
    '| Table 3 | share the survey | Eve | before spring break | still open |',
    '| Table 2 | Invite the board | Cy | Feb 3 | new |',
    '| Table 3 | Ask students | Eve | Dec 10 | new |',
    '| Table 1 | Call families | Bo | Oct 1 | done |',
    '| Table 2 | Visit two schools | Cy |  | dropped |',
  ])
  expect(digest.out).toContain('3 groups')
  expect(digest.err).toContain('Only the actions of earlier rounds count: table-1-2026-11-12.md, ')

  // Spring: what is left of two rounds, and a calendar that was imported in winter.
  const calendar = async (day: string) => {
    await on(day, ['actions', '.', '-o', `${day}.ics`], oak)
    const text = file(oak, `${day}.ics`).replaceAll('\r\n ', '')
    return new Map(
      [...text.matchAll(/UID:(\S+)[\s\S]*?SUMMARY:([^\r]*)/g)].map(([, uid, summary = '']) => [summary, uid]),
    )
  }
  const imported = await calendar(WINTER)
  await newRound(SPRING)
  for (const [table, input] of ['1\n.\n', '1\nSent\n.\n3\n.\n', '2\n.\n3\n.\n'].entries())
    await on(SPRING, ['--notes', `table-${table + 1}.md`, 'start', '--only', 'action'], oak, input)
  await answer(SPRING, 1, 'Report to the board (Ana, 2027-05-20)')
  expect(await actionsOn(SPRING, oak)).toEqual([
    'Table 3 | Ask students | 2026-12-10 | 2027-03-18 | open',
    'Table 2 | Invite the board | 2027-02-03 | 2027-03-18 | open',
    'Table 1 | Call families | 2026-10-01 | 2026-11-12 | done',
    'Table 2 | translate the letter | 2026-12-01 | 2026-11-12 | done',
    'Table 1 | Audit the discipline data | 2027-01-15 | 2026-11-12 | done',
    'Table 1 | Report to the board | 2027-05-20 |  | open',
    'Table 2 | Visit two schools |  | 2026-11-12 | dropped',
    'Table 3 | share the survey |  | 2026-11-12 | dropped',
  ])
  for (const [name, text] of Object.entries(withoutBoxes(oak)))
    if (/-2026-11-12\.md$/.test(name)) expect(text).toBe(before[name])
  const now = await calendar(SPRING)
  expect([...now.keys()]).toEqual([
    'Report to the board (Ana)',
    'Invite the board (Cy)',
    'Ask students (Eve)',
  ])
  for (const summary of ['Ask students (Eve)', 'Invite the board (Cy)'])
    expect(now.get(summary)).toBe(imported.get(summary))

  // Another school, in one table with the first.
  mkdirSync(join(folder, 'elm'))
  await on(SPRING, ['--notes', 'elm/table-1.md', 'answer', 'action', 'Call families (Flo)'], folder)
  const schools = await actionsOn(SPRING, folder, '--recursive', '--label-folder', '--open')
  expect(schools).toEqual([
    'oak (table-3) | Ask students | 2026-12-10 | 2027-03-18 | open',
    'oak (table-2) | Invite the board | 2027-02-03 | 2027-03-18 | open',
    'oak (table-1) | Report to the board | 2027-05-20 |  | open',
    'elm | Call families |  |  | open',
  ])
})

test('unsaved words about the next actions come before what became of the earlier ones', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'action', '- [ ] Call (Ana)'], { folder })
  await plStories(['start', '--new-round', '--no-input'], { folder })
  leaveDraft(folder, 'action', 'Visit two schools')
  const screen = openTerminal({ folder, args: ['--only', 'action'] })
  expect(await screen.shows('│ Visit two schools')).not.toContain('Still open from')
  screen.kill('SIGTERM')
  await screen.ended
  expect(await answersIn(folder)).toEqual({ action: 'Visit two schools' })
})

test('what happened to an action comes up again after kill -9, in the answer about the next ones', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'action', '- [ ] Call (Ana)'], { folder })
  await plStories(['start', '--new-round', '--no-input'], { folder })
  const screen = openTerminal({ folder, args: ['--only', 'action'] })
  await screen.shows('Still open from')
  await press(screen, '1')
  await screen.shows('› 1. Done')
  await press(screen, '\r')
  await screen.shows('What happened? Call: done')
  await screen.send('They came')
  await drafted(folder, 'They came')
  screen.kill('SIGKILL')
  await screen.ended
  await openTerminal({ folder, args: ['--only', 'action'] }).shows('│ They came')
})
