import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { select, whereIs } from '../../src/domain/guide.ts'
import { blankNotes } from '../../src/notes/notes.ts'
import { parseGuide } from '../support/guides.ts'
import { ROOT } from '../support/helpers.ts'

const SHIPPED = readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8')

const guide = (text: string) => parseGuide({ name: 'guide.yaml', text })
const refusal = (text: string): string => {
  try {
    guide(text)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('It was not refused.')
}
/** The shipped guide with one change. */
const withChange = (right: string, wrong: string) => {
  expect(SHIPPED).toContain(right)
  return SHIPPED.replace(right, wrong)
}

const SIBLING = `
id: xx-design
name: design
title: Design and Structure
source:
  publisher: Somebody
stories:
  title: Questions
  videos:
    - title: First film
      url: https://example.org/1
    - title: Second film
      url: https://example.org/2
  elements:
    - id: a
      title: Element A
      story:
        - id: a.story.1
          text: One?
    - id: b
      title: Element B
      framing: |
        First thought.

        Second thought.
      comparison:
        - id: b.comparison.1
          text: And yours?
    - id: c
      title: Element C
    - id: d
      title: Element D
      story:
        - id: d.story.1
          text: Two?
        - id: d.story.2
          text: Three?
      lead-in: And at home?
      comparison:
        - id: d.comparison.1
          compares: d.story.2
          text: Four?
`

describe('guides of other standards', () => {
  test('may have any number of elements and questions, several videos, no warmup and no action', () => {
    const { questions, stories, language } = guide(SIBLING)
    expect(questions.map(({ id, position }) => `${position} ${id}`)).toEqual([
      '1 a.story.1',
      '2 b.comparison.1',
      '3 d.story.1',
      '4 d.story.2',
      '5 d.comparison.1',
    ])
    expect(stories.links.map(({ title }) => title)).toEqual(['First film', 'Second film'])
    expect(stories.elements[1]?.framing).toEqual(['First thought.', 'Second thought.'])
    expect(language).toBe('en')
  })

  test('say of each question where it stands', () => {
    const sibling = guide(SIBLING)
    const where = sibling.questions.map(question => whereIs(sibling, question))
    expect(where[3]).toEqual({
      parts: ['Element D', 'the story', 'question 2 of 2'],
      count: '4 of 5',
    })
    expect(where[1]?.parts).toEqual(['Element B', 'your PL system'])
  })

  test('may have several warmup questions', () => {
    const { warmup } = guide(
      withChange(
        '    - id: warmup\n',
        '    - id: warmup.0\n      text: >-\n        Who is here?\n    - id: warmup\n',
      ),
    )
    expect(warmup.questions.map(({ id, number, of }) => [id, number, of])).toEqual([
      ['warmup.0', 1, 2],
      ['warmup', 2, 2],
    ])
  })

  test('keep a heading on one line, so that a title cannot be taken for a mark', () => {
    const { stories } = guide(
      SIBLING.replace('title: Element A', 'title: |\n        Element A\n        <!-- answer: x -->'),
    )
    expect(stories.elements[0]?.title).toBe('Element A <!-- answer: x -->')
  })
})

describe('selectors', () => {
  const shipped = guide(SHIPPED)
  const ids = (...selectors: string[]) => select(shipped, selectors).map(({ id }) => id)

  test('name a question, an element, a kind or a kind of an element, in the guide’s order', () => {
    expect(ids('B.comparison.2')).toEqual(['b.comparison.2'])
    expect(ids('c.story')).toEqual(['c.story.1', 'c.story.2', 'c.story.3'])
    expect(ids('a')).toHaveLength(6)
    expect(ids('comparison')).toHaveLength(9)
    expect(ids('action', 'warmup', 'warmup')).toEqual(['warmup', 'action'])
  })

  test('are understood as screens show them, in any case', () => {
    expect(ids('Element B')).toEqual(ids('b'))
    expect(ids('element b: systemic equity')).toEqual(ids('b'))
    expect(ids('Take Action')).toEqual(['action'])
    expect(ids('Your PL System')).toEqual(ids('comparison'))
    expect(ids('2')).toEqual(['a.story.1'])
    expect(ids('A2')).toEqual(['a.story.2'])
  })

  test('that name nothing are answered with the nearest', () => {
    expect(() => ids('a.stroy')).toThrow('"a.stroy" is not a part of this guide. Did you mean "a.story"?')
    expect(() => ids('zzzzzz')).toThrow(/Parts: warmup, story, a, a.story/)
  })
})

describe('a file that is not a guide is refused with file, line and column', () => {
  test.each([
    ['an empty file', '', 'guide.yaml:1:1: this guide should be a group of fields, but is empty'],
    ['a text', 'Dear all,', 'guide.yaml:1:1: this guide should be a group of fields, but is text'],
    ['a list', '- a\n- b\n', 'guide.yaml:1:1: this guide should be a group of fields, but is a list'],
    ['broken YAML', 'id: [a\nname: b\n', 'guide.yaml:1:5: the bracket that opens here is not closed'],
    ['a key that is a list', '? [a]\n: b\n', 'guide.yaml:1:3: YAML cannot read this'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message)
  })

  test.each([
    ['<https://example.org/a>', 'https://example.org/a'],
    ['https://example.org/a film', 'https://example.org/a%20film'],
    ['“https://example.org/a”', 'https://example.org/a'],
    ['HTTPS://example.org', 'https://example.org'],
  ])('an address as people paste it: %s', (written, meant) => {
    expect(refusal(SIBLING.replace(/url: https:.*/, `url: ${written}`))).toContain(`Did you mean "${meant}"?`)
  })

  test('an id in another script, or none, is proposed one that is not taken by chance', () => {
    expect(refusal(SIBLING.replace('id: d.story.2', 'id: 问题'))).toContain('For example: "my-id".')
    const text = 'url: A film about the way they work, on example.org'
    expect(refusal(SIBLING.replace(/url: https:.*/, text))).toContain('Copy all of it from the browser')
  })

  test('all problems at once', () => {
    const message = refusal(
      SIBLING.replace('id: d.story.2', 'id: c')
        .replace('- id: a\n', '- id: story\n')
        .replace('title: Element C', 'titel: Element C')
        .replace('compares: d.story.2', 'compares: d.storry.1'),
    )
    expect(message).toMatch(/guide\.yaml:15:11: an element cannot have the id "story"/)
    expect(message).toMatch(/guide\.yaml:30:7: unknown field "titel"/)
    expect(message).toMatch(/guide\.yaml:36:15: the id "c" is used twice/)
    expect(message).toMatch(
      /guide\.yaml:41:21: "d.storry.1" is not a story question of this element\n.*\n.*\n {2}Did you mean "d.story.1"\?/,
    )
  })

  test('a caret stands under the problem even in a very long line', () => {
    const message = refusal(SIBLING.replace('text: One?', `text: {${'x: 1, '.repeat(100)}}`))
    for (const line of message.split('\n').slice(1, 3)) expect(line.length).toBeLessThan(80)
    const wide = refusal(SIBLING.replace('text: One?', `text: "${'第一桌'.repeat(90)}" c: d`))
    for (const line of wide.split('\n').slice(1, 3)) expect(stringWidth(line)).toBeLessThan(80)
  })

  test('a caret stands under the problem below wide, combined and invisible characters', () => {
    const caretIn = (written: string) =>
      refusal(SIBLING.replace('text: One?', `text: ${written}`))
        .split('\n')[2]
        ?.indexOf('^')
    const plain = caretIn('"ab" c: d')
    expect(caretIn('"你" c: d')).toBe(plain)
    expect(caretIn('"a\u0301b\u200b" c: d')).toBe(plain)
    expect(caretIn('"a\u001bb" c: d')).toBe(plain)
  })
})

test('our words in documents may be the guide’s own, and the standard has a name', () => {
  const own = guide(
    SIBLING.replace(
      'title: Design and',
      'labels:\n  story: la historia\nstandard: Diseño\ntitle: Design and',
    ),
  )
  expect([own.labels.story, own.labels.comparison, own.standard]).toEqual([
    'la historia',
    'your PL system',
    'Diseño',
  ])
  expect(guide(SIBLING).standard).toBe('Design and Structure')
  expect(blankNotes(own, { file: 'x.md' })).toContain('#### La historia')
})
