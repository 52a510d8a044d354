import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EQUITY, ROOT } from '../support/helpers.ts'

const SOURCE = readFileSync(join(ROOT, 'test', 'fixtures', 'equity-guide-source.txt'), 'utf8')

/** What the source says, paragraph by paragraph, without its list numbers, heading marks and stray dashes. */
const SAID = SOURCE.split('\n')
  .map(line => line.replace(/^\s*(?:#+|\d+\.|-+)?\s*/, '').replaceAll('**', ''))
  .filter(line => line.trim() !== '')

const { title, subtitle = '', overview, warmup, stories, action } = EQUITY
const texts = (questions: readonly { text: string }[]) => questions.map(({ text }) => text)

/** What the guide says, in its order, as the source puts it: who asks about a section asks in its introduction. */
const GUIDE = [
  ...[title, subtitle, ...overview],
  ...[warmup.title, [...warmup.intro, ...texts(warmup.questions)].join(' ')],
  ...[stories.title, ...stories.intro],
  ...stories.elements.flatMap(element => [
    ...[element.title, ...element.framing, ...texts(element.story)],
    ...[...element.leadIn, ...texts(element.comparison)],
  ]),
  ...[action.title, [...action.intro, ...texts(action.questions)].join(' ')],
]

test('the shipped guide says what the published one says, word for word and in its order', () => {
  const [standard, kind, ...rest] = SAID
  // The published title stands on two lines: EQUITY, Professional Learning Stories.
  expect([`${standard} ${kind}`.toLowerCase(), ...rest]).toEqual([title.toLowerCase(), ...GUIDE.slice(1)])
})

test('it asks 20 questions and has every address of the source as a link', () => {
  expect(EQUITY.questions.map(({ id }) => id)).toEqual([
    'warmup',
    ...['a', 'b', 'c'].flatMap(element =>
      ['story', 'comparison'].flatMap(kind => [1, 2, 3].map(number => `${element}.${kind}.${number}`)),
    ),
    'action',
  ])
  const links = [...warmup.links, ...stories.links].map(({ url }) => url)
  expect(links).toEqual([...SOURCE.matchAll(/<(https:[^>]+)>/g)].map(match => match[1]))
})

test('each comparison is set beside the story question of the same number', () => {
  const comparisons = EQUITY.questions.filter(({ kind }) => kind === 'comparison')
  expect(comparisons).toHaveLength(9)
  for (const { id, compares } of comparisons) expect(compares).toBe(id.replace('comparison', 'story'))
})
