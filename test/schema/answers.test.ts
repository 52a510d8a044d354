import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Answers, normalizeAnswer } from '../../src/domain/answers.ts'
import { answersJson, answersYaml } from '../../src/export/data.ts'
import { blankNotes, readNotes, withAnswers } from '../../src/notes/notes.ts'
import { readAnswers } from '../../src/schema/answers.ts'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'

/** What people, and their clipboards, put into an answer. */
const HOSTILE: Record<string, string> = {
  'a heading': '# Heading\n\n## Another\nSetext\n===',
  'a fence that is not closed': '```js\nlet x\n~~~',
  'our own marks':
    '<!-- answer: warmup -->\n<!-- /answer -->\n  <!-- \\answer: action (skipped) -->\n<!-- jots -->',
  'front matter': '---\nguide: other\nformat: 1\n---',
  'YAML of its own': 'answers:\n  warmup: |-\n    text\n- a: *b\n  ? {c: [d}\n%TAG ! x\n...\n',
  'JSON of its own': '{"guide": "ca-qpls-equity", "answers": {"warmup": "\\u0041"}}',
  'lines of a single dot': '.\n..\n.',
  'spaces at line ends': 'two  \nthree   \n   four',
  'a line of spaces in the middle': 'a\n   \n\t\n\n\nb',
  'an indented first line': '    four spaces\n\ta tab\n  two',
  '20,000 characters in one line': 'wörd '.repeat(4000).trim(),
  '20,000 characters in lines': 'A line of some words: with a colon # and a hash\n'.repeat(400),
  emoji: '👩‍👩‍👧‍👦 🇺🇸 👍🏽\n☕️',
  'right to left': 'שלום עולם\nمرحبا \u200fabc\u200e',
  'Vietnamese, Hmong, Chinese, Korean': 'tiếng Việt\nHmoob\n中文\n한국어',
  'other line ends': 'a\u2028b\u2029c\u0085d\u000be\u000cf',
  'NBSP and its kin': '\u00a0a\u00a0\n\u3000b\u200b\ufeff',
  'a byte order mark first': '\ufeffa\n\ufeffb',
  tabs: '\ta\tb\t\n\tc',
  'control characters': 'a\u0000b\u001b[31mc\u007fd\u009be\u0007',
  'broken surrogates': 'a\ud800b\udc00\ud83d',
  'no character at all': 'a\ufffeb\uffffc',
  'what YAML takes for something else': 'null',
  'a number': '0017',
  'a date': '2025-11-12',
  yes: 'yes',
  'a colon': 'Equity: it matters',
  'a bullet': '- one\n- two: three\n* four',
  quotes: `"double" 'single' “smart” \\n \\ \\u0041`,
  'an anchor': '&a *b !c | > @ ` % {{ }}',
  'a hash': 'Table #3 # not a comment\n# nor this',
  'an empty line at the end of a block': 'a\n\n\n  b\n c',
  prototypes: '__proto__\nconstructor',
}

const answered = (texts: Record<string, string>): Answers =>
  new Map(Object.entries(texts).map(([id, text]) => [id, { text: normalizeAnswer(text), skipped: false }]))

/** What comes back from a text in the form of an answers file. */
const readBack = (text: string) => readAnswers({ name: 'answers', text }, EQUITY).answers

describe('an answer comes back from YAML, JSON and notes as it was', () => {
  test.each(Object.entries(HOSTILE))('%s', (_, text) => {
    const answers = answered({ warmup: text, action: text })
    expect(readBack(answersYaml(EQUITY, answers))).toEqual(answers)
    expect(readBack(answersJson(EQUITY, answers))).toEqual(answers)
    expect(readBack(notesWith(answers)).get('action')).toEqual(answers.get('action'))
  })

  const pieces = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(...Object.values(HOSTILE).map(text => text.slice(0, 200))),
    fc.constantFrom(
      '\n',
      '\n\n',
      ' ',
      '  \n',
      '\t',
      ': ',
      ' #',
      "'",
      '"',
      '\\',
      '-',
      '|',
      '>',
      '\r',
      '\ud800',
      '---\n',
    ),
  )
  const anyText = fc.array(pieces, { minLength: 1, maxLength: 12 }).map(parts => parts.join(''))

  test('whatever it is', () => {
    fc.assert(
      fc.property(anyText, fc.subarray(EQUITY.questions.slice(2)), (text, skipped) => {
        const answers = new Map([
          ...[...answered({ warmup: text, 'a.story.1': `${text}${text}` })].filter(
            ([, answer]) => answer.text !== '',
          ),
          ...skipped.map(({ id }) => [id, { text: '', skipped: true }] as const),
        ])
        expect(readBack(answersYaml(EQUITY, answers))).toEqual(answers)
        expect(readBack(answersJson(EQUITY, answers))).toEqual(answers)
      }),
      { numRuns: 80 },
    )
  })

  test('even where lines end as on Windows, in both files', () => {
    fc.assert(
      fc.property(anyText, text => {
        const answers = answered({ warmup: `${text}.`, 'b.comparison.2': 'x\ny' })
        const yaml = answersYaml(EQUITY, answers).replaceAll('\n', '\r\n')
        expect(readBack(yaml)).toEqual(answers)
      }),
      { numRuns: 40 },
    )
  })
})

function notesWith(answers: Answers, name = 'notes.md'): string {
  const blank = readNotes({ name: 'notes.md', text: blankNotes(EQUITY, { file: name }) })
  return withAnswers(blank, EQUITY, answers)
}

test('every hostile answer passes through the program and three files without losing a byte', async () => {
  const folder = emptyFolder()
  const texts = Object.values(HOSTILE).map(normalizeAnswer)
  for (let i = 0; i < texts.length; i += EQUITY.questions.length) {
    const answers = answered(
      Object.fromEntries(
        EQUITY.questions.flatMap(({ id }, at) => (texts[i + at] ? [[id, texts[i + at] ?? '']] : [])),
      ),
    )
    file(folder, `first-${i}.md`, notesWith(answers, `first-${i}.md`))
    const yaml = await plStories(['export', 'yaml', '--notes', `first-${i}.md`], { folder })
    file(folder, 'answers.yaml', yaml.out)
    await plStories(['start', '--answers', 'answers.yaml', '--no-input', '--notes', `second-${i}.md`], {
      folder,
    })
    const json = await plStories(['export', 'json', '--notes', `second-${i}.md`], { folder })
    await plStories(['start', '--answers', '-', '--notes', `third-${i}.md`], { folder, input: json.out })
    expect(file(folder, `third-${i}.md`).replace('third', 'first')).toBe(file(folder, `first-${i}.md`))
  }
})

/** What is said of an answers file that is not right. */
function complaint(text: string, name = 'answers.yaml'): string {
  try {
    readAnswers({ name, text }, EQUITY)
  } catch (error) {
    return String((error as Error).message)
  }
  throw new Error('Nothing was said against it.')
}

describe('the problems of an answers file', () => {
  test('comes all at once, each with its place, its line and the remedy', () => {
    const text = `guide: ca-qpls-equty
answer:
  x: y
answers:
  warmpu: hello
  a.story.1: 5
  a.story.2: {a: b}
  a.story.3: ok
  a.story.3: ok again
  b.story.1: x
skipped: [b.story.1, nowhere-near, 4]
`
    expect(
      complaint(text),
    ).toBe(`answers.yaml:1:8: these are answers to the guide "ca-qpls-equty", not to "ca-qpls-equity"
    guide: ca-qpls-equty
           ^
  Did you mean "ca-qpls-equity"?
answers.yaml:2:1: unknown field "answer"
    answer:
    ^
  Did you mean "answers"?
answers.yaml:5:3: the guide "ca-qpls-equity" has no question "warmpu"
      warmpu: hello
      ^
  Did you mean "warmup"?
answers.yaml:6:14: "answers.a.story.1" should be text, but is the number 5
      a.story.1: 5
                 ^
  Put it in quotes: "5".
answers.yaml:7:14: "answers.a.story.2" should be text, but is a group of fields (a colon starts a field)
      a.story.2: {a: b}
                 ^
  Write the text as a block: "|-", and the text on the next line, indented.
answers.yaml:9:3: "a.story.3" is used twice
      a.story.3: ok again
      ^
  Keep one of the two.
answers.yaml:11:11: "b.story.1" is both answered and skipped
    skipped: [b.story.1, nowhere-near, 4]
              ^
  Delete one of the two.
answers.yaml:11:22: the guide "ca-qpls-equity" has no question "nowhere-near"
    skipped: [b.story.1, nowhere-near, 4]
                         ^
  To list the ids: pl-stories status
answers.yaml:11:36: "skipped[3]" should be text, but is the number 4
    skipped: [b.story.1, nowhere-near, 4]
                                       ^
  Put it in quotes: "4".`)
  })

  test('in JSON is told by line and column too', () => {
    const text =
      '{\n  "guide": "ca-qpls-equity",\n  "answers": { "warmup": ["a"], "action": "x", "action": "y" }\n}'
    expect(complaint(text, 'answers.json')).toContain(
      'answers.json:3:26: "answers.warmup" should be text, but is a list',
    )
    expect(complaint(text, 'answers.json')).toContain('answers.json:3:48: "action" is used twice')
  })

  test.each([
    [
      'a colon in a text',
      'guide: g\nanswers:\n  warmup: Equity: it matters\n',
      '3:11: YAML reads the colon in this text as the start of a new field',
    ],
    [
      'a word in asterisks',
      'guide: g\nanswers:\n  warmup: *bold*\n',
      '3:11: YAML reads "*bold*" as a reference',
    ],
    ['no guide', 'answers:\n  warmup: x\n', '1:1: "guide" is missing'],
    ['a second document', 'guide: g\n---\nguide: g\n', '2:1: a line of "---" starts a second document here'],
  ])('%s has a remedy a person understands', (_, text, expected) => {
    expect(complaint(text)).toContain(`answers.yaml:${expected}`)
  })

  test.each([
    ['', 'an empty file'],
    ['# A report\n\nIt says: this and that\n- and more\n', 'some Markdown'],
    ['- warmup\n- action\n', 'a list'],
    ['just words', 'a sentence'],
  ])('%j, which is %s, is not an answers file', text => {
    expect(complaint(text)).toMatch(/^answers.yaml is not an answers file: /)
  })

  test('an alias bomb and a pit of brackets are refused', () => {
    const levels = Array.from({ length: 40 }, (_, i) => `  l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`)
    const bomb = `guide: ca-qpls-equity\nquestions:\n  l0: &l0 [x]\n${levels.join('\n')}\n`
    expect(complaint(bomb)).toContain('too many aliases')
    expect(complaint(`guide: g\nquestions: ${'['.repeat(20_000)}`)).toContain('too many lists')
  })

  test('broken notes are told of as notes', () => {
    const text = notesWith(answered({ warmup: 'x' })).replace('<!-- /answer -->', '')
    expect(complaint(text, 'other.md')).toMatch(
      /^other.md:\d+: the end mark of the answer to "warmup" is missing/,
    )
    expect(complaint(notesWith(new Map()).replace('ca-qpls-equity', 'other'), 'other.md')).toContain(
      'the guide "other"',
    )
  })
})

describe('what an answers file does not bring along is told', () => {
  const given = (text: string) => readAnswers({ name: 'f', text }, EQUITY)

  test('what YAML takes for a comment', () => {
    const { answers, remarks } = given('guide: ca-qpls-equity\nanswers:\n  warmup: Table #3 and # more\n')
    expect(answers.get('warmup')?.text).toBe('Table')
    expect(remarks.join()).toMatch(/^f:3:11: YAML reads what follows " #" in this line as a comment/)
  })

  test('answers to what the guide does not ask any more, through exports too', () => {
    const old = `${notesWith(answered({ warmup: 'x' }))}\n<!-- answer: old.1 -->\nprecious\n<!-- /answer -->\n`
    const { answers } = readNotes({ name: 'old.md', text: old })
    for (const text of [old, answersJson(EQUITY, answers), answersYaml(EQUITY, answers)]) {
      expect(text).toContain('precious')
      expect(given(text).answers.get('warmup')?.text).toBe('x')
      expect(given(text).remarks).toEqual(['f: not recorded, because this guide does not ask: old.1'])
    }
  })

  test('an id that looks like a number is taken as it is written', () => {
    const numbered = {
      ...EQUITY,
      questions: EQUITY.questions.map((each, i) => ({ ...each, id: ['1.10', '1.1', '007'][i] ?? each.id })),
    }
    const text = 'guide: ca-qpls-equity\nanswers:\n  1.10: ten\n  1.1: one\nskipped: ["007"]\n'
    const { answers } = readAnswers({ name: 'f', text }, numbered)
    expect([...answers].map(([id, { text, skipped }]) => [id, text, skipped])).toEqual([
      ['1.10', 'ten', false],
      ['1.1', 'one', false],
      ['007', '', true],
    ])
    expect(complaint('guide: ca-qpls-equity\nanswers:\nskipped: [007, 2.50]\n')).toMatch(/"007"[\s\S]*"2.50"/)
  })

  test('other line ends than YAML has begin no mark and no line', () => {
    const text = '{"guide":"ca-qpls-equity","answers":{"warmup":"a\u2028<!-- answer: action -->\u2029b"}}'
    expect(given(text).answers.get('warmup')?.text).toBe('a\u2028<!-- answer: action -->\u2029b')
    const yaml = 'guide: ca-qpls-equity\nanswers:\n  warmup: "a\u2028\u2029b"\n  nobody: x\n'
    expect(complaint(yaml)).toContain('answers.yaml:4:3: ')
  })

  test('an open answer says nothing', () => {
    const { answers } = given(
      'guide: ca-qpls-equity\nanswers:\n  warmup: null\n  action: ""\n  a.story.1:\nskipped:\n',
    )
    expect([...answers.values()].every(({ text, skipped }) => text === '' && !skipped)).toBe(true)
  })
})
