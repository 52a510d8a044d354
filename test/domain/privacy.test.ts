import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findStudentInformation, type Look, piiWarnings, privacyWarning } from '../../src/domain/privacy.ts'
import { blankNotes } from '../../src/notes/notes.ts'
import { EQUITY, emptyFolder, plStories } from '../support/helpers.ts'
import { SEEN, UNSEEN } from './privacy-sentences.ts'

type Labelled = (typeof SEEN)[number]

/** How often the check is right about sentences of which we know what they hold. */
function figures(sentences: readonly Labelled[]) {
  const said = (text: string) => findStudentInformation(text).flatMap(({ looks }) => looks)
  const wrong: string[] = []
  const result = { places: 0, hits: 0, plain: 0, falseAlarms: 0, wrong }
  for (const [text, ...looks] of sentences) {
    const found = said(text)
    const missed = looks.filter(look => !found.includes(look))
    const extra = found.filter((look: Look) => !looks.includes(look))
    result.places += looks.length
    result.hits += looks.length - missed.length
    if (looks.length === 0) result.plain++
    if (extra.length > 0) result.falseAlarms++
    if (missed.length > 0) wrong.push(`missed ${missed.join(', ')}: ${text}`)
    if (extra.length > 0) wrong.push(`false alarm ${extra.join(', ')}: ${text}`)
  }
  return result
}

const inWords = (name: string, { places, hits, plain, falseAlarms, wrong }: ReturnType<typeof figures>) =>
  [
    `${name}: ${hits} of ${places} found, ${falseAlarms} false alarms in ${plain} sentences without`,
    ...wrong,
  ].join('\n  ')

test('most of what sentences give away of students is found, with few false alarms', () => {
  const seen = figures(SEEN)
  const unseen = figures(UNSEEN)
  const all = figures([...SEEN, ...UNSEEN])
  console.info(
    [inWords('Seen', seen), inWords('Unseen', unseen), inWords('All', { ...all, wrong: [] })].join('\n'),
  )
  expect(SEEN.length + UNSEEN.length).toBe(224)
  // These figures stand in the docstring of studentInformation.
  expect([unseen.hits, unseen.places, unseen.falseAlarms, unseen.plain]).toEqual([13, 16, 1, 24])
  expect([all.hits, all.places, all.falseAlarms, all.plain]).toEqual([89, 93, 1, 132])
})

test('a guide as it is published looks like nothing', () => {
  expect(findStudentInformation(blankNotes(EQUITY, { file: 'equity-notes.md' }))).toEqual([])
})

test('a place is named by file and line, and all that a line looks like stands in one sentence', () => {
  const text = 'First thoughts.\r\n\r\nHer mother: (916) 555-0123, ana@example.org\r\n'
  expect(piiWarnings('table-4.md', findStudentInformation(text, 85))).toEqual([
    'table-4.md:87: looks like an e-mail address and a telephone number',
  ])
})

test.each([
  ['a sheet', 'Name\tStudent ID\tDOB\tGrade\nAna L.\t48213\t3/14/2012\t7\nBen O.\t48377\t11/2/2011\t7'],
  [
    'Markdown',
    '| Name | ID | Birth date |\n|---|---|---|\n| Ana L. | 48213 | 3/14/2012 |\n| Ben O. | 48377 | 11/2/2011 |',
  ],
])('the rows of a table pasted from %s are known by its first row', (_, table) => {
  const lines = findStudentInformation(table).map(({ looks }) => looks.join(', '))
  expect(lines).toEqual(['an ID number, a birth date', 'an ID number, a birth date'])
})

test('small counts stand out under the name of a group, and other columns do not', () => {
  const table =
    '| School | ELs | Foster youth | Teachers |\n|---|---|---|---|\n| Oak | 41 | 6 | 9 |\n| Elm | 37 | 18 | 8 |'
  expect(findStudentInformation(`${table}\n\n| Oak | 4 | 5 | 6 |`)).toEqual([
    { line: 3, looks: ['a count of 10 or fewer in a student group'] },
  ])
})

test('the explanation comes once, after the places, and not without one', () => {
  expect(privacyWarning([])).toEqual([])
  const warning = privacyWarning(['a.md:1: looks like a birth date', 'b.md:2: looks like an ID number'])
  expect(warning.filter(line => line.includes("can't find everything"))).toHaveLength(1)
  expect(warning).toHaveLength(3)
})

test('a long line is read in time that grows with its length', () => {
  const pieces = ['a', '1', '555-', 'one ', '3 of our ', 'born ', 'a.', 'ELs aaa ', 'x|']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 3 }), some => {
      // With time that grows as the square of the length, this would not end.
      findStudentInformation(some.join('').repeat(100_000))
    }),
    { numRuns: 20 },
  )
})

test('export says at once what looks like student information, and gives the notes all the same', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'Her mother: (916) 555-0123', '--notes', 'table-4.md'], { folder })
  const { code, out, err } = await plStories(['export', '--notes', 'table-4.md'], { folder })
  expect(code).toBe(0)
  expect(out).toContain('555-0123')
  expect(err).toMatch(/^table-4\.md:\d+: looks like a telephone number\nCheck these places .*\n$/)
  const quiet = await plStories(['export', '--notes', 'table-4.md', '--no-privacy-check'], { folder })
  expect(quiet.err).toBe('')
})
