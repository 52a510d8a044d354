import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ActionState, actionsIn, actionsOf, withState } from '../../src/domain/actions.ts'
import { EQUITY, ROOT } from '../support/helpers.ts'

const SCHOOL_YEAR = { from: '2026-08-15', dayFirst: false }
const read = (text: string) => actionsIn(text).map(({ what, who, when, state }) => [what, who, when, state])

/** Lines as people write them, each with what, who and when, all written down before the parser was. */
const linesOf = (name: string) =>
  readFileSync(join(ROOT, 'test', 'fixtures', name), 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .slice(1)
    .map(row => row.split('\t'))

describe.each(['action-lines.tsv', 'more-action-lines.tsv'])('%s', name => {
  test.each(linesOf(name))('%s', (line, ...expected) => {
    expect(actionsIn(line).map(({ what, who, when }) => [what, who, when])).toEqual([expected])
  })
})

// More lines as people write them.
test.each([
  [
    '- [ ] Set up peer observations (Maria & Tom, start of second semester)',
    'Set up peer observations',
    'Maria & Tom',
    'start of second semester',
  ],
  [
    '- Pull attendance by subgroup; share at Feb 3 meeting - Ortiz',
    'Pull attendance by subgroup; share at Feb 3 meeting',
    'Ortiz',
    '',
  ],
  ['Principal Reyes will email the board by Friday', 'email the board', 'Principal Reyes', 'by Friday'],
  ['3. Schedule PD on UDL (Coach Kim) by March 1', 'Schedule PD on UDL', 'Coach Kim', 'by March 1'],
  [
    '- [ ] Rewrite family handbook in Spanish (Rosa, due 4/15/2027)',
    'Rewrite family handbook in Spanish',
    'Rosa',
    'due 4/15/2027',
  ],
  ['- [ ] **Share the data (Ana, by Jan 15)**', 'Share the data', 'Ana', 'by Jan 15'],
  ['- Share the data **(Ana, by Jan 15)**', 'Share the data', 'Ana', 'by Jan 15'],
  ['- Read the *report_2026_* and file_name_', 'Read the *report_2026_* and file_name_', '', ''],
  ['- Who: Jen; What: draft survey; When: 1/31', 'draft survey', 'Jen', '1/31'],
  ['• Invite parents to walk-through, Dana, Jan 20', 'Invite parents to walk-through', 'Dana', 'Jan 20'],
  [
    '- [ ] Analyze D/F list every six weeks (counseling dept)',
    'Analyze D/F list every six weeks',
    'counseling dept',
    '',
  ],
  ['* Lee: order bilingual books before winter break', 'order bilingual books', 'Lee', 'before winter break'],
  [
    '- [ ] Follow up with district office about transportation',
    'Follow up with district office about transportation',
    '',
    '',
  ],
  ['We should meet with the ELAC in February', 'meet with the ELAC', 'We', 'in February'],
  [
    '- [ ] Start a student advisory council by the end of the year (Ms. Tran)',
    'Start a student advisory council',
    'Ms. Tran',
    'by the end of the year',
  ],
  ['- Math dept to review placement criteria by 5/1', 'review placement criteria', 'Math dept', 'by 5/1'],
  ['- [ ] Reduce suspensions by 20%', 'Reduce suspensions by 20%', '', ''],
  ['- [ ] Book Room 12 (the library is closed)', 'Book Room 12 (the library is closed)', '', ''],
  ['- [ ] Ask Dr. Chen to speak (Paula)', 'Ask Dr. Chen to speak', 'Paula', ''],
  ['Ana + Bo: call 10 families each by Nov 30', 'call 10 families each', 'Ana + Bo', 'by Nov 30'],
  ['- [ ] Llamar a las familias (Ana, 15 de marzo)', 'Llamar a las familias', 'Ana', '15 de marzo'],
  ['- Create shared folder — done by Sam', 'Create shared folder — done by Sam', '', ''],
  ['- [ ] Visit Lincoln HS (equity team) 2027-02-11', 'Visit Lincoln HS', 'equity team', '2027-02-11'],
  ['- [ ] Observe two classrooms, then debrief', 'Observe two classrooms, then debrief', '', ''],
])('%s', (line, ...expected) => {
  expect(actionsIn(line).map(({ what, who, when }) => [what, who, when])).toEqual([expected])
})

test('nobody is made up of what only looks like a team', () => {
  for (const line of [
    'Meet (with the science team)',
    'Survey teachers (by department)',
    'Share results (each team)',
  ])
    expect(read(`- ${line}`)).toEqual([[line, '', '', 'open']])
})

test('an action is what, and in parentheses who and by when', () => {
  expect(
    read(
      '- [ ] Share the survey (Ana, by 15 January)\n* [x] Call (Bo)\n1. Plan (by May)\n- [-] Buy tablets (Kim)\n☑ Ask the board (Kim and Lu, due 3/4).\n* \\[x] Escaped by remark\n- \\[-\\] Escaped by pandoc',
    ),
  ).toEqual([
    ['Share the survey', 'Ana', 'by 15 January', 'open'],
    ['Call', 'Bo', '', 'done'],
    ['Plan', '', 'by May', 'open'],
    ['Buy tablets', 'Kim', '', 'dropped'],
    ['Ask the board', 'Kim and Lu', 'due 3/4', 'done'],
    ['Escaped by remark', '', '', 'done'],
    ['Escaped by pandoc', '', '', 'dropped'],
  ])
})

test('without list items every line is an action; with them, lines that continue one belong to it', () => {
  expect(read('Share it\n\nCall them').map(([what]) => what)).toEqual(['Share it', 'Call them'])
  expect(read('- Share the survey\n  with every school (Ana)\n- Call')).toEqual([
    ['Share the survey with every school', 'Ana', '', 'open'],
    ['Call', '', '', 'open'],
  ])
  expect(read('- Share the survey\n  - Who: Ana and Bo\n  - Due: Jan 15\n- Call')).toEqual([
    ['Share the survey', 'Ana and Bo', 'Jan 15', 'open'],
    ['Call', '', '', 'open'],
  ])
})

test('a line of its own below a list is an action of its own', () => {
  expect(read('- [ ] Share the survey (Ana; 3/1)\nBook the room (Bo, 3/2)\n\nCall')).toEqual([
    ['Share the survey', 'Ana', '3/1', 'open'],
    ['Book the room', 'Bo', '3/2', 'open'],
    ['Call', '', '', 'open'],
  ])
  expect(read('- Share the\nsurvey (Ana)')).toEqual([['Share the survey', 'Ana', '', 'open']])
})

test('a pasted table is an action a row; headings, rules and the sentence above a list are none', () => {
  const table = '| Action | Who | By when |\n| --- | --- | --- |\n| Share the survey | Ana | Jan 15 |'
  expect(read(table)).toEqual([['Share the survey', 'Ana', 'Jan 15', 'open']])
  expect(read('What\tWho\tWhen\nShare the survey\tAna\tJan 15')).toEqual([
    ['Share the survey', 'Ana', 'Jan 15', 'open'],
  ])
  expect(
    read('### Next steps\nWe agreed on these:\n- Call (Bo)\n\n---\n\n- Plan').map(([what]) => what),
  ).toEqual(['Call', 'Plan'])
})

const unsure = (words: string): [string, string?] => [words]

test.each<[string, string?]>([
  ['Jan 15', '2027-01-15'],
  ['by January 15th, 2028', '2028-01-15'],
  ['15 Jan.', '2027-01-15'],
  ['due 10/1', '2026-10-01'],
  ['by 2/1/27', '2027-02-01'],
  ['15/1', '2027-01-15'],
  ['2027-02-10', '2027-02-10'],
  ['antes del 15 de enero', '2027-01-15'],
  ['15 de enero de 2028', '2028-01-15'],
  ['by the end of February', '2027-02-28'],
  ['Aug 15', '2026-08-15'],
  ['Aug 14', '2027-08-14'],
  ['2/29', '2028-02-29'],
  ['Friday at 3:30 pm, March 5', '2027-03-05'],
  ...['Feb 30', '2/30/27', 'June 5-9', 'March 3 or 4', 'the week of Jan 15', 'after Jan 15'].map(unsure),
  ...['March', 'next week', 'by spring break', 'Friday', 'ASAP', '13/13', '2027'].map(unsure),
])('%s in the fall of 2026 is %s', (when, date) => {
  expect(actionsIn(`- Call (due: ${when})`, SCHOOL_YEAR)[0]?.date).toBe(date)
})

test('where the day comes before the month, 3/1 is January 3', () => {
  const [action] = actionsIn('- Call (Ana, 3/1)', { ...SCHOOL_YEAR, dayFirst: true })
  expect(action?.date).toBe('2027-01-03')
})

/** Lines that are like those of people, and any others. */
const anyLine = fc.oneof(
  fc.constantFrom(
    ...[...linesOf('action-lines.tsv'), ...linesOf('more-action-lines.tsv')].map(([line]) => line),
  ),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '- ',
          '[ ] ',
          '(',
          ')',
          ', ',
          ' - ',
          'Ana',
          'will',
          'to',
          'call',
          'by',
          'Jan 15',
          'who:',
          'due:',
          '@bo',
        ],
        ...[
          ' ',
          '|',
          '\t',
          ';',
          '.',
          '📅',
          '2027-01-15',
          'next week',
          '**',
          ':',
          'the team',
          '\u2028',
          '[x] ',
        ],
      ),
      { maxLength: 12 },
    )
    .map(parts => parts.join(' ')),
)

test('no text makes up a word: what, who and when hold only what their line holds', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 4 }), lines => {
      const text = lines.join('\n')
      const words = new Set(text.split(/[\s,;|]+/).flatMap(word => [word, ...word.split(/[^\p{L}\p{N}@]+/u)]))
      for (const { what, who, when } of actionsIn(text, SCHOOL_YEAR))
        for (const word of `${what} ${who} ${when}`.match(/[\p{L}\p{N}]+/gu) ?? [])
          expect([...words].some(each => each?.includes(word))).toBe(true)
    }),
  )
})

test('a box that changes leaves every other character, and what every action says', () => {
  const states = fc.constantFrom<ActionState>('open', 'done', 'dropped')
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 5 }), fc.nat(), states, (lines, pick, state) => {
      const text = lines.join('\n')
      const before = actionsIn(text)
      const chosen = before[pick % (before.length || 1)]
      if (!chosen) return
      const changed = (line: string, i: number) => (i === chosen.line ? withState(line, state) : line)
      const after = text.split('\n').map(changed).join('\n')
      expect(actionsIn(after)).toEqual(before.map(each => (each === chosen ? { ...each, state } : each)))
      const unboxed = (line: string | undefined) =>
        line?.replace(/^(\s*(?:[-–*+•◦▪]\s+|\d+[.)]\s+)?)(?:\[[ xX-]?\]\s+|[☐☑✅]\s*)/u, '$1')
      const pairs = text.split('\n').map((line, i) => [unboxed(line), unboxed(after.split('\n')[i])])
      for (const [one, other] of pairs) expect(other).toBe(one)
    }),
  )
})

test('other answers hold an action where a line has a box', () => {
  const said = new Map([
    ['warmup', 'We liked it.\n- [ ] Share it (Ana)\n- Not a task'],
    ['action', 'Call (Bo)'],
  ])
  const found = [...actionsOf(EQUITY, id => [{ text: said.get(id) ?? '' }])]
  expect(found.map(({ id, what, line }) => [id, what, line])).toEqual([
    ['warmup', 'Share it', 1],
    ['action', 'Call', 0],
  ])
})

test('long lines and many of them are read in time that grows with them', () => {
  for (const piece of [' ', '- ', '(', ', ', 'by ', 'Ana to ', '[ ] ', ': ', '| ', '@a ', '**', 'in May '])
    expect(actionsIn(`- ${piece.repeat(100_000)}x`).length).toBeLessThan(2)
  expect(actionsIn('- Call (Ana, Jan 15)\n'.repeat(20_000), SCHOOL_YEAR)).toHaveLength(20_000)
})
