import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalizeAnswer } from '../../src/domain/answers.ts'
import { UserError } from '../../src/domain/errors.ts'
import { escapeMarker } from '../../src/notes/markers.ts'
import { blankNotes, readNotes, requireSound, withAnswer, withJots, withLine } from '../../src/notes/notes.ts'
import { parseGuide } from '../support/guides.ts'

const GUIDE = parseGuide({
  name: 'small.yaml',
  text: `
id: small
name: small
title: Small guide
source: { publisher: Somebody }
stories:
  title: Stories
  elements:
    - id: a
      title: A
      story: [{ id: one, text: One? }, { id: two, text: Two? }]
      comparison: [{ id: three, text: Three? }]
`,
})
const IDS = GUIDE.questions.map(({ id }) => id)
const BLANK = blankNotes(GUIDE, { file: 'small-notes.md' })
/** `npm run test:faults` asks for 10,000. */
const RUNS = { numRuns: Number(process.env.PROPERTY_RUNS ?? 500) }

/** Lines people write, lines that look like our marks, and lines of nothing but trouble. */
const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc
    .tuple(
      fc.constantFrom('', ' ', '\t', 'x'),
      fc.constantFrom('<!--', '<!-- ', '<!--\t', '<!-- \\', '<!-- \\\\', '<!---'),
      fc.constantFrom(
        'answer: one',
        '/answer',
        'jots',
        '/jots',
        'answer: two (skipped)',
        'answer',
        'answers',
      ),
      fc.constantFrom(' -->', '-->', ' --> ', '', ' --> x'),
    )
    .map(parts => parts.join('')),
  fc.constantFrom(
    '',
    '   ',
    '---',
    '```',
    '# Heading',
    '.',
    ':quit',
    '\r',
    '\u2028',
    '\ufeff',
    '\u0000',
    '\u0085',
  ),
)
const text = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\r'))
  .map(([lines, eol]) => lines.join(eol))
const id = fc.constantFrom(...IDS)
const eol = fc.constantFrom('\n', '\r\n')

const read = (content: string) => readNotes({ name: 'notes.md', text: content })
const save = (content: string, key: string, answer: string) =>
  withAnswer(read(content), GUIDE, key, { text: answer, skipped: false })
const answersIn = (content: string) => {
  const { answers } = read(content)
  return IDS.map(key => answers.get(key)?.text)
}

test('what was written is what is read, for every answer, whatever it says', () => {
  fc.assert(
    fc.property(fc.tuple(text, text, text), eol, (texts, lineEnd) => {
      const form = BLANK.replaceAll('\n', lineEnd)
      const file = IDS.reduce((content, key, i) => save(content, key, texts[i] ?? ''), form)
      expect(answersIn(file)).toEqual(texts.map(normalizeAnswer))
      expect(read(file).problems).toEqual([])
    }),
    RUNS,
  )
})

test('saving one answer changes no byte outside it', () => {
  fc.assert(
    fc.property(fc.tuple(text, text), id, text, eol, ([first, second], key, answer, lineEnd) => {
      const before = save(save(BLANK.replaceAll('\n', lineEnd), 'one', first), 'three', second)
      const after = save(before, key, answer)
      const [was, is] = [read(before).spans.get(key), read(after).spans.get(key)]
      if (!was || !is) throw new Error('The answer is gone.')
      expect(after.slice(0, is.from)).toBe(before.slice(0, was.from))
      expect(after.slice(is.to)).toBe(before.slice(was.to))
    }),
    RUNS,
  )
})

/** An answer as an editor leaves it: with empty lines around it, and line ends of any kind. */
const untidy = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r', '\n\n', ' \t\n', '\r\r\n')), {
  maxLength: 6,
})

test('changing one line of an answer changes that line alone, however the file is written', () => {
  fc.assert(
    fc.property(untidy, fc.nat(), fc.constantFrom('[x] ', 'x', ''), (lines, pick, front) => {
      const inside = lines.map(([words, end]) => escapeMarker(words.replace(/[\r\n]/g, ' ')) + end).join('')
      const before = BLANK.replace('<!-- answer: one -->\n', () => `<!-- answer: one -->\n${inside}`)
      const notes = read(before)
      const answer = notes.answers.get('one')?.text ?? ''
      if (answer === '' || notes.problems.length > 0) return
      const at = pick % answer.split('\n').length
      const after = withLine(notes, 'one', at, words => front + words)
      const expected = answer.split('\n').map((words, i) => (i === at ? front + words : words))
      expect(read(after).answers.get('one')?.text).toBe(normalizeAnswer(expected.join('\n')))
      expect(Math.abs(after.length - before.length)).toBeLessThan(10)
      const ends = (text: string) => text.match(/[\r\n]/g)?.join('')
      expect(ends(after)).toBe(ends(before))
    }),
    RUNS,
  )
})

test('a text put into itself again and again comes back', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 4 }), (inner, depth) => {
      let file = save(BLANK, 'one', inner)
      for (let i = 0; i < depth; i++) {
        const whole = normalizeAnswer(file)
        file = save(file, 'two', whole)
        expect(answersIn(file).slice(0, 2)).toEqual([normalizeAnswer(inner), whole])
      }
    }),
    { numRuns: RUNS.numRuns / 10 },
  )
})

/** A notes file after an accident: pieces cut out, doubled, moved, and foreign text put in. */
const mutilated = fc
  .tuple(
    fc.tuple(text, text),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        length: fc.nat(120),
        how: fc.constantFrom('cut', 'double', 'swap'),
        foreign: fc.oneof(
          fc.constant(''),
          line,
          line.map(foreign => `\n${foreign}\n`),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    eol,
  )
  .map(([[first, second], accidents, lineEnd]) =>
    accidents.reduce(
      (content, { at, length, how, foreign }) => {
        const from = Math.floor(at * content.length)
        const piece = content.slice(from, from + length)
        const rest = content.slice(from + length)
        const instead = { cut: '', double: piece + piece, swap: piece.split('\n').reverse().join('\n') }[how]
        return content.slice(0, from) + instead + foreign + rest
      },
      save(save(BLANK, 'one', first), 'two', second).replaceAll('\n', lineEnd),
    ),
  )

test('a mutilated file is read without a throw, and refused with its line or saved without losing a byte', () => {
  let sound = 0
  fc.assert(
    fc.property(mutilated, id, text, (content, key, answer) => {
      const notes = read(content)
      try {
        requireSound(notes, GUIDE)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        expect(error.message).toMatch(/^notes\.md(?::\d+:| is not a notes file| holds notes on the guide)/)
        return
      }
      sound++
      const after = withAnswer(notes, GUIDE, key, { text: answer, skipped: false })
      const [was, is] = [notes.spans.get(key), read(after).spans.get(key)]
      if (!is) throw new Error('The answer is not in the file.')
      expect(read(after).answers.get(key)?.text).toBe(normalizeAnswer(answer))
      if (was)
        expect(after.slice(0, is.open) + after.slice(is.end)).toBe(
          content.slice(0, was.open) + content.slice(was.end),
        )
      else expect(isInserted(content, after)).toBe(true)
      for (const [other, { text: kept }] of notes.answers)
        if (other !== key) expect(read(after).answers.get(other)?.text).toBe(kept)
    }),
    RUNS,
  )
  // The property would say nothing if hardly a file were sound.
  expect(sound).toBeGreaterThan(RUNS.numRuns / 10)
})

/** Whether the text is another one with a single piece put in. */
function isInserted(before: string, after: string): boolean {
  let same = 0
  while (same < before.length && before[same] === after[same]) same++
  return after.endsWith(before.slice(same))
}

test('jots come back and change nothing else', () => {
  fc.assert(
    fc.property(text, text, (jots, answer) => {
      const before = save(BLANK, 'one', answer)
      const after = withJots(read(before), jots)
      expect(read(after).jots).toBe(normalizeAnswer(jots))
      expect(answersIn(after)).toEqual(answersIn(before))
    }),
    RUNS,
  )
})
