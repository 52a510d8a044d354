import { describe, expect, test } from 'vitest'
import { type Answer, stateOf } from '../../src/domain/answers.ts'
import type { Guide } from '../../src/domain/guide.ts'
import { withFields } from '../../src/notes/front-matter.ts'
import { holdsMark } from '../../src/notes/markers.ts'
import {
  blankNotes,
  type Notes,
  readNotes,
  requireSound,
  strayIds,
  withAnswer,
  withJots,
} from '../../src/notes/notes.ts'
import { parseGuide } from '../support/guides.ts'
import { EQUITY } from '../support/helpers.ts'

const GUIDE: Guide = parseGuide({
  name: 'small.yaml',
  text: `
id: small
name: small
title: Small guide
source: { publisher: Somebody }
warmup: { title: Warmup, questions: [{ id: warmup, text: Ready? }] }
stories:
  title: Stories
  elements:
    - id: a
      title: Element A
      story: [{ id: a.story.1, text: One? }, { id: a.story.2, text: Two? }]
      comparison: [{ id: a.comparison.1, compares: a.story.1, text: And yours? }]
action: { title: Take Action, questions: [{ id: action, text: What now? }] }
`,
})

const BLANK = blankNotes(GUIDE, { file: 'small-notes.md' })
const read = (text: string): Notes => readNotes({ name: 'notes.md', text })
const said = (text: string): Answer => ({ text, skipped: false })
const save = (text: string, id: string, answer: Answer) => withAnswer(read(text), GUIDE, id, answer)
const textOf = (text: string, id: string) => read(text).answers.get(id)?.text
const roundTrip = (answer: string) => textOf(save(BLANK, 'a.story.1', said(answer)), 'a.story.1')
const refusal = (text: string, guide?: Guide): string => {
  try {
    requireSound(read(text), guide)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('It was not refused.')
}

describe('the blank form', () => {
  test('names the guide, tells where to write, and holds every question under its element and its role', () => {
    expect(BLANK).toBe(`---
guide: small
format: 1
---

<!-- Write between the "answer" marks and leave the marks. To skip a question, write (skipped) after the id in its mark. To go on: pl-stories --notes small-notes.md -->

# Small guide: notes

*Publisher: Somebody.*

## Warmup

**Ready?**

<!-- answer: warmup -->

<!-- /answer -->

## Stories

<!-- jots -->

<!-- /jots -->

### Element A

#### The story

**1. One?**

<!-- answer: a.story.1 -->

<!-- /answer -->

**2. Two?**

<!-- answer: a.story.2 -->

<!-- /answer -->

#### Your PL system

**And yours?**

<!-- answer: a.comparison.1 -->

<!-- /answer -->

## Take Action

**What now?**

<!-- answer: action -->

<!-- /answer -->
`)
  })

  test('of the shipped guide has a place for each of the 20 answers, all open', () => {
    const { answers, problems, guide } = read(blankNotes(EQUITY, { file: 'equity-notes.md' }))
    expect(problems).toEqual([])
    expect(guide).toBe('ca-qpls-equity')
    expect([...answers.keys()]).toEqual(EQUITY.questions.map(({ id }) => id))
    expect(EQUITY.questions.every(({ id }) => stateOf(answers, id) === 'open')).toBe(true)
  })

  test('keeps group, order and only for the next sitting', () => {
    const notes = read(
      blankNotes(GUIDE, {
        file: 'x.md',
        group: 'Table "1": north',
        order: 'watch-first',
        only: ['a', 'warmup'],
      }),
    )
    expect(notes).toMatchObject({ group: 'Table "1": north', order: 'watch-first', only: ['a', 'warmup'] })
  })

  test('names no command where the file’s name could break out of the comment', () => {
    for (const file of ['a-->b.md', 'a--b.md', 'naïve\n.md'])
      expect(blankNotes(GUIDE, { file })).not.toContain('To go on')
    expect(blankNotes(GUIDE, { file: 'our notes.md' })).toContain('--notes "our notes.md" -->')
  })
})

describe('an answer comes back as it was given', () => {
  test.each([
    ['a text over several paragraphs', 'One.\n\nTwo,\n  indented.\n\n\n- three'],
    ['spaces at line ends and a tab', '  two before, two behind  \n\ttab\t'],
    ['a line that looks like a closing mark', '<!-- /answer -->'],
    [
      'marks of every kind',
      '<!-- answer: b -->\n<!-- answer: b (skipped) -->\n<!-- jots -->\n<!-- /jots -->',
    ],
    ['marks that were made harmless already', '<!-- \\/answer -->\n  <!--\t\\\\\\answer: x -->'],
    ['almost a mark', '<!--answer-->\n<!-- answers -->\ntext <!-- /answer -->'],
    ['a dot, a colon and front matter', '.\n:quit\n---\nguide: other\n---'],
    ['line separators of Unicode and a BOM', 'a\u2028b\u2029c\u0085d\n\ufeffe'],
    ['control characters that came from a file', 'bell \u0007 and escape \u001b[31m'],
    ['an emoji family, Chinese, Hmong, Arabic', '👩‍👩‍👧‍👦 漢字 kuv xav tau\u0301 السلام'],
  ])('%s', (_, text) => {
    expect(roundTrip(text)).toBe(text)
  })

  test('with the line ends of Windows made those of the file', () => {
    expect(roundTrip('one\r\ntwo\rthree')).toBe('one\ntwo\nthree')
    const windows = save(BLANK.replaceAll('\n', '\r\n'), 'a.story.1', said('one\ntwo'))
    expect(windows).toContain('<!-- answer: a.story.1 -->\r\none\r\ntwo\r\n<!-- /answer -->\r\n')
    expect(windows.replaceAll('\r\n', '')).not.toContain('\n')
    expect(textOf(windows, 'a.story.1')).toBe('one\ntwo')
  })

  test('without blank lines at its edges; blank alone is no answer', () => {
    expect(roundTrip('\n \t\n  text  \n\n')).toBe('  text  ')
    expect(roundTrip(' \n\t\n')).toBe('')
  })

  test('with broken surrogates made whole', () => {
    expect(roundTrip('a\ud800b')).toBe('a\ufffdb')
  })

  test('even when a notes file is pasted into itself, four times over', () => {
    let file = save(BLANK, 'warmup', said('first'))
    for (let i = 0; i < 4; i++) {
      const whole = file.trimEnd()
      file = save(file, 'a.story.2', said(whole))
      expect(textOf(file, 'a.story.2')).toBe(whole)
      expect(textOf(file, 'warmup')).toBe('first')
    }
  })
})

describe('a save', () => {
  const HAND_MADE = `\ufeff---
guide: small
---
My own heading
==============
<!-- answer: action -->
later things
<!-- /answer -->
some words of mine\t
  <!-- answer: warmup (skipped) -->
  <!-- /answer -->  `

  test('changes one answer and not a byte else', () => {
    const after = save(HAND_MADE, 'action', said('sooner things'))
    expect(after).toBe(HAND_MADE.replace('later things', 'sooner things'))
  })

  test('of what stands there already changes nothing at all', () => {
    expect(save(HAND_MADE, 'action', said('\nlater things\n\n'))).toBe(HAND_MADE)
    expect(save(HAND_MADE, 'warmup', { text: '', skipped: true })).toBe(HAND_MADE)
  })

  test('of a skip, and of an answer after a skip, changes the mark and keeps its indent', () => {
    expect(save(HAND_MADE, 'warmup', said('yes'))).toBe(
      HAND_MADE.replace('  <!-- answer: warmup (skipped) -->', '  <!-- answer: warmup -->\nyes'),
    )
    const skipped = save(BLANK, 'warmup', { text: '', skipped: true })
    expect(stateOf(read(skipped).answers, 'warmup')).toBe('skipped')
  })

  test('puts a question that the file lacks after its predecessor in the guide', () => {
    const text = save(BLANK.replace(/\*\*2\. Two[\s\S]*?\/answer -->\n\n/, ''), 'a.story.2', said('here'))
    expect(text).toBe(save(BLANK, 'a.story.2', said('here')))
  })

  test('puts it under a heading of its own where its section is missing, in the line ends of the file', () => {
    const windows = '---\r\nguide: small\r\n---\r\n<!-- answer: warmup -->\r\n<!-- /answer -->'
    expect(save(windows, 'a.comparison.1', said('ours'))).toBe(
      `${windows}\r\n\r\n### Element A › your PL system\r\n\r\n**And yours?**\r\n\r\n<!-- answer: a.comparison.1 -->\r\nours\r\n<!-- /answer -->\r\n`,
    )
  })

  test('keeps what the guide no longer asks', () => {
    const old = `${BLANK}<!-- answer: old.question -->\nold words\n<!-- /answer -->\n`
    expect(strayIds(read(old), GUIDE)).toEqual(['old.question'])
    expect(textOf(save(old, 'warmup', said('new')), 'old.question')).toBe('old words')
  })

  test('of jots goes between their marks, or to the end of the file where they were removed', () => {
    expect(read(withJots(read(BLANK), '- [00:05] one')).jots).toBe('- [00:05] one')
    const without = BLANK.replace(/<!-- jots[\s\S]*?\/jots -->\n\n/, '')
    expect(withJots(read(without), '- x')).toBe(`${without}\n<!-- jots -->\n- x\n<!-- /jots -->\n`)
  })
})

describe('reading', () => {
  test('text wins over "(skipped)"', () => {
    const { answers } = read('<!-- answer: a (skipped) -->\nbut I wrote\n<!-- /answer -->\n')
    expect(stateOf(answers, 'a')).toBe('answered')
  })

  test('an id that YAML would take for a value stays a name', () => {
    for (const id of ['null', '1e3', 'true', '007', '1.10'])
      expect(read(`---\nguide: ${id}\n---\n`).guide).toBe(id)
  })

  test('front matter of any kind is read or reported, never thrown at', () => {
    for (const front of [
      'a: &x 1\nb: *x',
      '['.repeat(5000),
      'a: *nowhere',
      '? [x]\n: y',
      '- list',
      'guide: [a]',
    ])
      expect(() => read(`---\n${front}\n---\n${BLANK}`)).not.toThrow()
  })
})

describe('a file that is not fit is refused with the line and the way out', () => {
  const ANSWER = '<!-- answer: warmup -->\nwords\n<!-- /answer -->\n'
  test.each([
    ['neither front matter nor a mark', '# README\n', 'notes.md is not a notes file'],
    [
      'an answer that stands twice',
      `${ANSWER}\n${ANSWER}`,
      'notes.md:5: the answer to "warmup" is here a second time (first in line 1)',
    ],
    [
      'an answer without an end',
      '\n<!-- answer: warmup -->\nwords',
      'notes.md:2: the end mark of the answer to "warmup" is missing\n  Put <!-- /answer -->',
    ],
    [
      'an answer within an answer',
      `<!-- answer: a -->\n${ANSWER}`,
      'notes.md:1: the end mark of the answer to "a" is missing (before line 2',
    ],
    [
      'jots closed as an answer',
      '<!-- jots -->\n<!-- /answer -->\n',
      'notes.md:2: <!-- /answer --> ends nothing here',
    ],
    [
      'a mark that is not written like one',
      `${ANSWER}<!-- answer Warmup -->\n`,
      'notes.md:4: this looks like a mark',
    ],
    [
      'front matter without an end',
      `---\nguide: small\n${ANSWER}---\n`,
      'notes.md:1: this "---" begins the lines',
    ],
    ['broken front matter', `---\nguide: [small\n---\n${ANSWER}`, 'notes.md:'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toContain(message)
    expect(refusal(text)).toContain('left as it is')
  })

  test('notes of another guide', () => {
    expect(refusal('---\nguide: other\n---\n', GUIDE)).toContain(
      'holds notes on the guide "other", not on "small"',
    )
  })

  test('lines are counted through front matter and the line ends of Windows', () => {
    const text = `---\r\nguide: small\r\n---\r\n\r\n<!-- /answer -->\r\n`
    expect(refusal(text)).toMatch(/^notes\.md:5: /)
  })

  test('in time that grows with the text: with its square, 50 MB of almost-marks in one line would not end', () => {
    expect(read('x<!-- answer <!--'.repeat(3_000_000)).isNotes).toBe(false)
  })
})

describe('the front matter', () => {
  const front = (lines: string) => read(`---\n${lines}\n---\n${BLANK}`)

  test('says group, order, parts, what a plan asks and the round before, as we and as people write it', () => {
    const fields = {
      group: 'Table 1',
      order: 'watch-first',
      only: ['a'],
      asked: ['warmup', 'action'],
      previous: 'small-notes-2026-11-28.md',
    }
    expect(read(blankNotes(GUIDE, { file: 'x.md', ...fields }))).toMatchObject({ guide: 'small', ...fields })
    expect(read(blankNotes(GUIDE, { file: 'x.md', asked: [] })).asked).toEqual([])
    expect(
      front('guide: small\ngroup: Table 1 # ours\nasked:\n  - warmup\nprevious: "of last week.md"'),
    ).toMatchObject({ asked: ['warmup'], previous: 'of last week.md' })
  })

  test('may use an alias, as YAML allows', () => {
    expect(front('guide: &it small\ngroup: *it\nonly: &parts [a]\nasked: *parts')).toMatchObject({
      ...{ guide: 'small', group: 'small', only: ['a'], asked: ['a'], problems: [] },
    })
  })

  test.each([
    ['where there was no such line', 'guide: small', 'guide: small\ngroup: "Oak"\nasked: ["warmup"]'],
    [
      'in place of the line, whatever stands around it',
      'group: Elm # was\nguide: small\nasked: [a, b]\norder: guide',
      'group: "Oak"\nguide: small\nasked: ["warmup"]\norder: guide',
    ],
    [
      'in place of a list over several lines',
      'guide: small\nasked:\n- a\n- b\ngroup: >-\n  Elm\n  and Ash\norder: guide',
      'guide: small\nasked: ["warmup"]\ngroup: "Oak"\norder: guide',
    ],
  ])('takes a group and what is asked, %s', (_, before, after) => {
    for (const eol of ['\n', '\r\n']) {
      const file = (lines: string) => `\ufeff---\n${lines}\n---\n${BLANK}`.replaceAll('\n', eol)
      expect(withFields(file(before), { group: 'Oak', asked: ['warmup'] }, 'x.md')).toBe(file(after))
    }
  })

  test('is begun where there was none, and left alone where no line fits in', () => {
    const marks = '<!-- answer: warmup -->\n<!-- /answer -->\n'
    expect(withFields(marks, { group: 'Oak' }, 'x.md')).toBe(`---\ngroup: "Oak"\n---\n\n${marks}`)
    expect(() => withFields(`---\n{ guide: small }\n---\n${marks}`, { group: 'Oak' }, 'x.md')).toThrow(
      /x\.md can't be changed\. Write there yourself: group: "Oak"/,
    )
  })
})

describe('lines end at LF alone', () => {
  test('what resembles a mark after U+2028, U+2029, CR or U+0085 is text', () => {
    for (const sign of ['\u2028', '\u2029', '\r', '\u0085']) {
      const own = `own words${sign}<!-- answer: -->${sign}guide: other${sign}‹!— answer: warmup —>\n`
      const file = save(own + BLANK.slice(BLANK.indexOf('<!-- Write')), 'warmup', said('yes'))
      expect(read(file)).toMatchObject({ problems: [], isNotes: true })
      expect(file.startsWith(own)).toBe(true)
      expect(refusal(`${own}<!-- /answer -->\n`)).toMatch(/^notes\.md:2: /)
      expect(read(`${own}‹!— answer: warmup —>\n`).problems).toMatchObject([{ line: 2 }])
      expect(holdsMark(own)).toBe(false)
    }
  })
})

test.each([
  ['blanks in a line that resembles a mark', `<!-- answer: x${' '.repeat(300_000)}y\n`],
  ['blanks in front of one', `${' '.repeat(300_000)}<!-- answer: x -->\n`.repeat(3)],
  ['signs of marks', '<‹«&lt;'.repeat(100_000)],
  ['blank lines', `<!-- answer: x -->\n${' \n'.repeat(3_000_000)}<!-- /answer -->\n`],
])('reading takes time in proportion to %s', (_, text) => {
  expect(() => [...read(`---\nguide: small\n---\n${text}`).answers]).not.toThrow()
})
