import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendar } from '../../src/export/data.ts'
import { blankNotes } from '../../src/notes/notes.ts'
import { installed } from '../support/browser.ts'
import { EQUITY, emptyFolder, file, plainEnv, plStories } from '../support/helpers.ts'
import { PROGRAM } from '../support/place.ts'
import { openTerminal } from '../support/terminal.ts'

const AHEAD = new Date().getUTCFullYear() + 1

/** A folder with notes that hold these texts as their answer to Take Action. */
function notes(folder: string, name: string, action: string, fields: Record<string, string> = {}): void {
  const text = blankNotes(EQUITY, { file: name, ...fields })
  file(
    folder,
    name,
    text.replace('<!-- answer: action -->\n', () => `<!-- answer: action -->\n${action}`),
  )
}

interface Listed {
  what: string
  who: string
  when: string
  date: string | null
  group: string
  since: string | null
  state: string
}

async function listed(folder: string, ...args: string[]): Promise<Listed[]> {
  const { out, err, code } = await plStories(['actions', ...args, '--format', 'json'], { folder })
  expect([err, code]).toEqual(['', 0])
  return JSON.parse(out)
}

/** One action, as six people type it. */
const SLOPPY = [
  `- [ ] Audit the discipline data (Ana, ${AHEAD}-01-15)`,
  `* audit the discipline data - Ana - by 1/15/${AHEAD}`,
  `Ana will audit the discipline data by Jan 15, ${AHEAD}`,
  `1) Audit the discipline data; Ana; 15 January ${AHEAD}`,
  `TODO: Audit the discipline data @Ana due:${AHEAD}-01-15`,
  `• Audit the discipline data. Who: Ana. When: 15 de enero de ${AHEAD}`,
]

test('an action typed sloppily in six ways is read once, and right, in every format', async () => {
  const folder = emptyFolder()
  for (const [i, line] of SLOPPY.entries()) notes(folder, `table-${i + 1}.md`, line)
  const all = await listed(folder, folder)
  expect(all).toHaveLength(6)
  for (const [i, { what, who, date, group, since, state }] of all.entries())
    expect([what.toLowerCase(), who.replace('@', ''), date, group, since, state]).toEqual([
      ...['audit the discipline data', 'Ana', `${AHEAD}-01-15`],
      ...[`Table ${i + 1}`, null, 'open'],
    ])
  const times = (text: string) => text.match(/audit the discipline data/gi)?.length
  const inFormat = async (...args: string[]) => (await plStories([...args], { folder })).out
  for (const format of ['markdown', 'html', 'csv'])
    expect(times(await inFormat('actions', folder, '--format', format))).toBe(6)
  expect(await inFormat('actions', folder, '--format', 'csv')).toContain(
    `audit the discipline data,Ana,"by Jan 15, ${AHEAD}",${AHEAD}-01-15,Table 3,,open`,
  )
  expect(await inFormat('actions', folder)).toContain('| Table 5 | Audit the discipline data | @Ana |')
  const ics = await inFormat('actions', folder, '--format', 'ics')
  expect(ics.match(new RegExp(`DTSTART;VALUE=DATE:${AHEAD}0115\r\n`, 'g'))).toHaveLength(6)
  expect(new Set(ics.match(/^UID:.*$/gm)).size).toBe(6)
  expect(times(await inFormat('combine', folder, '--brief'))).toBe(6)
})

test('actions stand by date, what is overdue first, and --open leaves out what is done or dropped', async () => {
  const folder = emptyFolder()
  const lines = [
    `- [ ] Last (Ana, ${AHEAD}-06-01)`,
    '- [ ] Some day (Bo, after spring break)',
    '- [x] Done (Cy, 2020-02-01)',
    `- [ ] First (${AHEAD}-03-01)`,
    '- [ ] Late (Di, 2020-03-01)',
    '- [-] Dropped (Ed)',
  ]
  notes(folder, 'equity-notes.md', lines.join('\n'))
  expect((await listed(folder)).map(({ what, state }) => [what, state])).toEqual([
    ...[
      ['Late', 'open'],
      ['Done', 'done'],
      ['First', 'open'],
      ['Last', 'open'],
    ],
    ...[
      ['Some day', 'open'],
      ['Dropped', 'dropped'],
    ],
  ])
  expect((await listed(folder, '--open')).map(({ what }) => what)).toEqual([
    'Late',
    'First',
    'Last',
    'Some day',
  ])
  const { out } = await plStories(['actions'], { folder })
  expect(out).toContain('**1 overdue, 3 open, 1 done, 1 dropped**')
  expect(out).toContain('| Late | Di | 2020-03-01 | overdue |')
  expect(out).not.toContain('Group')
  expect(out).toContain('unofficial')
})

test.skipIf(process.platform === 'win32')(
  'on a terminal the actions are a table, or where it is narrow one below the other',
  async () => {
    const folder = emptyFolder()
    notes(
      folder,
      'equity-notes.md',
      '- [ ] Call the families of all new students (Ana and Bo, after spring break)',
    )
    const wide = openTerminal({ folder, args: ['actions'] })
    expect(await wide.ended).toBe(0)
    expect(await wide.text()).toMatch(/│ Call the families/)
    const narrow = openTerminal({ folder, args: ['actions'], columns: 40 })
    expect(await narrow.ended).toBe(0)
    expect(await narrow.text()).toMatch(/Who: Ana and Bo\nBy when: after spring break\n/)
  },
)

test('rounds that notes name as the one before them are read too, each action once', async () => {
  const folder = emptyFolder()
  notes(folder, 'equity-notes-2026-09-10.md', '- [x] Oldest (Ana)\n- [ ] Kept (Bo, Nov 1)')
  notes(folder, 'equity-notes-2026-11-28.md', '- [ ] Older (Ana, Jan 15)', {
    previous: 'equity-notes-2026-09-10.md',
  })
  notes(folder, 'equity-notes.md', '- [ ] New', { previous: 'equity-notes-2026-11-28.md', group: 'Table 1' })
  const rounds = await listed(folder)
  expect(rounds.map(({ what, date, group, since }) => [what, date, group, since])).toEqual([
    ['Kept', '2026-11-01', 'Table 1', '2026-09-10'],
    ['Older', '2027-01-15', 'Table 1', '2026-11-28'],
    ['Oldest', null, 'Table 1', '2026-09-10'],
    ['New', null, 'Table 1', null],
  ])
  expect(await listed(folder, folder)).toEqual(rounds)
  expect((await plStories(['actions'], { folder })).out).toMatch(/\| Older .*\| until Nov 28, 2026 \|/)
})

test('a round that is missing is told, and one that leads elsewhere or round in a circle is not followed', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'in'))
  notes(folder, 'secret.md', '- [ ] Secret')
  notes(join(folder, 'in'), 'equity-notes.md', '- [ ] New', { previous: '../secret.md' })
  expect((await listed(join(folder, 'in'))).map(({ what }) => what)).toEqual(['New'])
  notes(folder, 'a.md', '- [ ] One', { previous: 'b.md' })
  notes(folder, 'b.md', '- [ ] Two', { previous: 'a.md' })
  expect((await listed(folder, 'a.md')).map(({ what }) => what).sort()).toEqual(['One', 'Two'])
  notes(folder, 'c.md', '- [ ] Three', { previous: 'gone.md' })
  const { out, err, code } = await plStories(['actions', 'c.md'], { folder })
  expect([out.includes('Three'), err.trim(), code]).toEqual([true, 'There is no file gone.md.', 1])
})

test('without notes, without actions and for a format that is none, it says so', async () => {
  const folder = emptyFolder()
  expect((await plStories(['actions'], { folder })).err).toMatch(
    /^There are no notes yet at .*equity-notes\.md/,
  )
  notes(folder, 'equity-notes.md', '')
  expect((await plStories(['actions'], { folder })).out).toContain('No actions.')
  expect(await listed(folder)).toEqual([])
  const yaml = await plStories(['actions', '--format', 'yaml'], { folder })
  expect([yaml.code, yaml.err]).toEqual([2, expect.stringContaining('csv, json or ics')])
})

const events = (...summaries: string[]) =>
  summaries.map((summary, i) => ({
    ...{ uid: `${i}@pl-stories`, day: '2027-01-15', summary, description: `${summary}\nGroup: 1` },
    changed: new Date('2026-11-28T16:00:00Z'),
  }))

test('lines of a calendar are folded at 75 octets, never inside a character, and come back whole', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), texts => {
      const bytes = Buffer.from([...calendar(events(...texts))].join(''))
      const lines: Buffer[] = []
      for (let from = 0, at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', from)) {
        lines.push(bytes.subarray(from, at))
        from = at + 2
      }
      for (const line of lines) {
        expect(line.length).toBeLessThanOrEqual(75)
        expect(() => new TextDecoder('utf-8', { fatal: true }).decode(line)).not.toThrow()
      }
      const unfolded = bytes.toString().replaceAll('\r\n ', '')
      const summaries = [...unfolded.matchAll(/\r\nSUMMARY:([^\r\n]*)/g)].map(([, text = '']) => text)
      expect(summaries.map(text => text.replace(/\\([\\;,])/g, '$1'))).toEqual(
        texts.map(text =>
          text
            .replace(/\s+/g, ' ')
            .trim()
            .replace(/[\u0000-\u001f\u007f]/g, ' '),
        ),
      )
    }),
  )
})

/** What a program prints; undefined where it cannot be run. */
function printed(program: string, args: string[], env: Record<string, string> = {}): string | undefined {
  try {
    return execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, stdio: 'pipe' })
  } catch {
    return undefined
  }
}

const PYTHON = ['/usr/bin/python3', 'python3'].find(
  each => printed(each, ['-c', 'import icalendar']) !== undefined,
)
const READ = `
import sys
from icalendar import Calendar
for event in Calendar.from_ical(open(sys.argv[1], 'rb').read()).walk('VEVENT'):
    print(event['DTSTART'].dt, event['DTEND'].dt, event['DTSTAMP'].dt.tzname(), str(event['SUMMARY']))
`

/** In Auckland it is already tomorrow, in Los Angeles still yesterday. */
const PLACES = ['America/Los_Angeles', 'Pacific/Auckland']
const LONG = 'Año nuevo: “Audit, compare; report\\” 👩🏽‍🏫 '.repeat(4).trim()

async function writtenCalendar(folder: string, action: string, TZ: string): Promise<string> {
  notes(folder, 'equity-notes.md', `${action}\n- [ ] ${LONG} (Bo, 2027-02-28)\n- [x] Done (2027-03-03)`)
  const { code, err } = await plStories(['actions', '-o', 'due.ics', '--overwrite'], { folder, env: { TZ } })
  expect([code, err]).toEqual([0, expect.stringContaining('due.ics')])
  return join(folder, 'due.ics')
}

test.skipIf(!PYTHON)(
  `a Python program reads the days of a calendar, wherever it was written${PYTHON ? '' : ' (skipped: python3-icalendar is not installed here)'}`,
  async () => {
    for (const TZ of PLACES) {
      const path = await writtenCalendar(emptyFolder(), '- [ ] Audit (Ana, 2027-01-15)', TZ)
      expect(printed(PYTHON ?? '', ['-c', READ, path], { TZ, PYTHONIOENCODING: 'utf-8' })).toBe(
        `2027-01-15 2027-01-16 UTC Audit (Ana)\n2027-02-28 2027-03-01 UTC ${LONG} (Bo)\n`,
      )
    }
  },
)

const KHAL = installed('khal')

test.skipIf(!KHAL)(
  `a second import changes an event and does not double it${KHAL ? '' : ' (skipped: khal is not installed here)'}`,
  async () => {
    const folder = emptyFolder()
    const zones = `local_timezone = ${PLACES[1]}\ndefault_timezone = ${PLACES[1]}`
    const dates = 'dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d'
    const config = join(folder, 'khal.conf')
    mkdirSync(join(folder, 'school'))
    file(
      folder,
      'khal.conf',
      `[calendars]\n[[school]]\npath = ${folder}/school\n[sqlite]\npath = ${folder}/khal.db\n[locale]\n${zones}\n${dates}\n`,
    )
    const khal = (...args: string[]) => printed(KHAL ?? '', ['-c', config, ...args], { LC_ALL: 'C.UTF-8' })
    for (const action of ['- [ ] Audit (Ana, 2027-01-15)', '- [ ] Audit (Ana and Bo, by Jan 20, 2027)'])
      khal('import', '--batch', '-a', 'school', await writtenCalendar(folder, action, PLACES[0] ?? ''))
    const shown = ['--day-format', '', '--format', '{start-date} {title}', '2027-01-01', '2027-12-31']
    expect(khal('list', ...shown)).toBe(`2027-01-20 Audit (Ana and Bo)\n2027-02-28 ${LONG} (Bo)\n`)
  },
)

/* Rounds */

const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
const markdownIn = (folder: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith('.md'))
    .sort()

test('a new round puts the notes beside as they are, and begins notes that name them', async () => {
  const folder = emptyFolder()
  const start = () => plStories(['start', '--new-round', '--no-input'], { folder })
  expect((await start()).code).toBe(1)
  expect(markdownIn(folder)).toEqual([])
  notes(folder, 'equity-notes.md', '- [ ] Call (Ana)\n<!-- \\<!-- -->', {
    group: 'Table 1',
    order: 'watch-first',
  })
  chmodSync(join(folder, 'equity-notes.md'), 0o640)
  const before = file(folder, 'equity-notes.md')
  const { err } = await start()
  const first = `equity-notes-${today()}.md`
  expect(err).toContain(`A new round: ${join(folder, 'equity-notes.md')}\n`)
  expect(err).toContain(join(folder, first))
  expect([file(folder, first), statSync(join(folder, first)).mode & 0o777]).toEqual([before, 0o640])
  const after = file(folder, 'equity-notes.md')
  expect(after).toContain(`group: "Table 1"\norder: watch-first\nprevious: "${first}"\n---`)
  expect(after).not.toContain('Call')
  expect((await start()).err).toContain('No new round: there are no answers')
  expect(file(folder, 'equity-notes.md')).toBe(after)
  await plStories(['answer', 'warmup', 'New words'], { folder })
  await start()
  expect(markdownIn(folder)).toEqual([`equity-notes-${today()}-2.md`, first, 'equity-notes.md'])
  expect(file(folder, 'equity-notes.md')).toContain(`previous: "equity-notes-${today()}-2.md"`)
  expect((await listed(folder)).map(({ what, group, since }) => [what, group, since])).toEqual([
    ['Call', 'Table 1', today()],
  ])
})

test('an action that an earlier round holds twice, in the same words, is one action for an answers file', async () => {
  const folder = emptyFolder()
  notes(folder, 'equity-notes.md', '- [ ] Call (Ana)\n- Meet\n- Call (Ana)')
  await plStories(['start', '--new-round', '--no-input'], { folder })
  file(folder, 'a.yaml', `guide: ca-qpls-equity\nactions: [{action: Call, state: done, note: By mail}]\n`)
  for (const _ of ['first', 'again']) {
    const { err } = await plStories(['start', '--answers', 'a.yaml', '--no-input'], { folder })
    expect(err).toContain('Actions of earlier rounds (from a.yaml): 2 done')
  }
  expect(file(folder, `equity-notes-${today()}.md`)).toContain('- [x] Call (Ana)\n- Meet\n- [x] Call (Ana)\n')
  expect(file(folder, 'equity-notes.md').match(/By mail/g)).toHaveLength(1)
})

test('words that a session left unsaved go into the round in which they were written', async () => {
  const folder = emptyFolder()
  notes(folder, 'equity-notes.md', '- [ ] Call (Ana)')
  const target = join(folder, 'equity-notes.md')
  const draft = { question: 'warmup', opened: '', text: 'Half a thought', caret: 3, notes: target }
  file(folder, '.equity-notes.md.gone.draft', JSON.stringify({ ...draft, by: 'other 0 0 1 -', saved: true }))
  utimesSync(join(folder, '.equity-notes.md.gone.draft'), 1, 1)
  await plStories(['start', '--new-round', '--no-input'], { folder })
  expect(file(folder, `equity-notes-${today()}.md`)).toContain('Half a thought')
  expect(file(folder, 'equity-notes.md')).not.toContain('Half a thought')
  expect(readdirSync(folder)).toHaveLength(2)
})

test('killed at any moment, a new round leaves one whole file at least', async () => {
  for (const [i, ms] of [40, 80, 110, 140, 180, 250].entries()) {
    const folder = emptyFolder()
    notes(folder, 'equity-notes.md', `- [ ] Call ${i} (Ana)`)
    const before = file(folder, 'equity-notes.md')
    const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), 'start', '--new-round', '--no-input'], {
      ...{ cwd: folder, env: plainEnv(folder), stdio: 'ignore' },
    })
    const ended = new Promise(resolve => child.on('close', resolve))
    setTimeout(() => child.kill('SIGKILL'), ms)
    await ended
    expect(markdownIn(folder).map(name => file(folder, name))).toContain(before)
    await plStories(['start', '--new-round', '--no-input'], { folder })
    expect((await listed(folder)).map(({ what }) => what)).toEqual([`Call ${i}`])
  }
})
