import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse, parseDocument, stringify } from 'yaml'
import * as z from 'zod/mini'
import { inColumns, type Source } from '../../src/domain/errors.ts'
import { examineAnswers } from '../../src/schema/answers.ts'
import { examineGuide, guideSchema } from '../../src/schema/guide.ts'
import { examinePlan, planSchema } from '../../src/schema/plan.ts'
import { accepts, acceptsValue } from '../schema/json-schemas.ts'
import { EQUITY, emptyFolder, file, plStories, ROOT } from '../support/helpers.ts'
import { ANSWERS, BREAKS, NOTES, PLAN, SOUND } from './breaks.ts'

/** Every break in a file named after it, and what `check` says of it. */
async function verdicts(): Promise<{ code: number | null; said: Map<string, string> }> {
  const folder = emptyFolder()
  const names = BREAKS.map(({ name, text }) => {
    file(folder, `${name}.yaml`, text)
    return `${name}.yaml`
  })
  const { code, out } = await plStories(['check', ...names], { folder })
  const said = new Map<string, string>()
  let from = 0
  for (const name of names) {
    const to = out.indexOf('\n', out.search(new RegExp(`^${name.replace('.', '\\.')}: `, 'm')))
    said.set(name.replace('.yaml', ''), out.slice(from, to))
    from = to + 1
  }
  return { code, said }
}

test('every break is reported with its place, its line, why, and what to do', async () => {
  const { code, said } = await verdicts()
  expect(code).toBe(2)
  const all = [...said].map(([name, text]) => `## ${name}\n${text}\n`).join('\n')
  await expect(all).toMatchFileSnapshot(join(ROOT, 'test', 'fixtures', 'breaks.txt'))
  for (const { name, warning } of BREAKS) {
    const rows = said.get(name)?.split('\n') ?? []
    const places = rows.filter(row => /^[^ ].*\.yaml:\d+:\d+: /.test(row)).length
    const remedies = rows.filter(row => /^ {2}\S/.test(row)).length
    expect([name, places > 0, remedies]).toEqual([name, true, places])
    expect(rows.at(-1), name).toMatch(warning ? /no problems found, \d warnings?$/ : /: \d+ problems?/)
  }
})

describe('a file that somebody edited at random', () => {
  const FILES = {
    guide: [SOUND, (source: Source) => examineGuide(source).problems],
    plan: [PLAN, (source: Source) => examinePlan(source, [EQUITY]).problems],
    answers: [ANSWERS, (source: Source) => examineAnswers(source, EQUITY).problems],
  } as const
  const pieces = [
    ...[...':"\'[]{}-\t\n &*!|>#%@a1', '\n  ', '\n\t', '- ', ': ', ' #', '---\n', '>-\n', '\r\n', '\u2028'],
    ...['constructor: x\n', '__proto__: {a: b}\n', '1.10: 2\n', '• ', '\u00a0', '? ', '<<: *a\n', '{minuts}'],
  ]

  test.each(Object.entries(FILES))(
    'has every problem at a place in it, with a remedy: %s',
    (_, [whole, problemsOf]) => {
      const edit = fc.record({
        at: fc.nat(whole.length),
        cut: fc.constantFrom(0, 0, 1, 2, 5, 20),
        put: fc.constantFrom('', ...pieces),
      })
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
          const text = edits.reduce(
            (now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut),
            String(whole),
          )
          const lines = text.split('\n')
          const problems = problemsOf({ name: 'file.yaml', text })
          for (const { line, column = 0, hint = '' } of problems) {
            expect(lines[line - 1]).toBeDefined()
            expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
            expect(hint).toMatch(/\S/)
          }
          const { errors } = parseDocument(text, { logLevel: 'silent' })
          if (errors.length > 0) expect(problems).not.toEqual([])
        }),
        { numRuns: 150 },
      )
    },
  )
})

describe('a schema and the checker', () => {
  test.each(BREAKS.filter(({ schema }) => schema))('both refuse $name', ({ schema, text }) => {
    expect(accepts(schema ?? 'guide', String(text).replace(/^\ufeff/, ''))).toBe(false)
  })

  /** Anything that YAML can hold, in the place of any part, or beside it, or nothing. */
  const wrong = fc.oneof(
    fc.constantFrom(undefined, null, true, '', ' ', 'A B', 'a', -1, 0, 1.5, 'xx', 'https://', 'https://a b'),
    fc.constantFrom([], ['a'], [{}], {}, { id: 'a' }, { text: 'a' }, [{ id: 'a', text: 'b' }]),
    fc.jsonValue(),
  )

  test.each([
    ['guide', SOUND, guideSchema],
    ['walkthrough', PLAN, planSchema],
  ] as const)('agree on every %s, whatever stands in it', (what, text, schema) => {
    const paths = pathsOf(parse(text))
    fc.assert(
      fc.property(fc.constantFrom(...paths), wrong, fc.boolean(), (path, value, beside) => {
        const changed = parse(text)
        put(changed, beside ? [...path.slice(0, -1), 'beside'] : path, value)
        expect(acceptsValue(what, changed)).toBe(z.safeParse(schema, changed).success)
      }),
      { numRuns: 200 },
    )
  })
})

type Path = (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value)
  const inner = keys.flatMap(key => pathsOf((value as Record<string | number, unknown>)[key], [...path, key]))
  return path.length === 0 ? inner : [path, ...inner]
}

function put(root: unknown, path: Path, value: unknown): void {
  let owner = root as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) owner = owner[key] as typeof owner
  const last = path.at(-1) ?? ''
  if (Array.isArray(owner) && typeof last === 'string') return
  if (value === undefined && !Array.isArray(owner)) delete owner[last]
  else owner[last] = value === undefined ? null : value
}

describe('check', () => {
  const said = async (folder: string, ...args: string[]) => plStories(['check', ...args], { folder })

  test('knows each kind by what it holds, and says a short line where all is well', async () => {
    const folder = emptyFolder()
    file(folder, 'a.yaml', SOUND)
    file(folder, 'b.yaml', PLAN.replace('[warmup, a, b, c, action]', '[warmup, a, b, action]'))
    file(folder, 'c.yaml', ANSWERS)
    file(folder, 'd.json', JSON.stringify(parse(ANSWERS)))
    file(folder, 'e.txt', NOTES)
    file(folder, 'f.json', JSON.stringify(parse(SOUND), null, 2))
    const { code, out, err } = await said(folder, 'a.yaml', 'c.yaml', 'd.json', 'e.txt', 'f.json')
    expect([code, err]).toEqual([0, ''])
    expect(out.split('\n')).toEqual([
      'a.yaml: a guide, 5 questions: no problems found',
      'c.yaml: answers to ca-qpls-equity: no problems found',
      'd.json: answers to ca-qpls-equity: no problems found',
      'e.txt: notes on ca-qpls-equity, 1 of 20 questions answered: no problems found',
      'f.json: a guide, 5 questions: no problems found',
      'No problems found.',
      '',
    ])
    const plan = await said(folder, 'b.yaml')
    expect(plan.code).toBe(0)
    expect(plan.out).toContain('b.yaml:10:3: warning: no step asks: c.story.1')
  })

  test('takes a folder for the guides, plans and notes in it, and leaves other files alone', async () => {
    const folder = emptyFolder()
    mkdirSync(join(folder, 'ours'))
    file(folder, 'ours/guide.yaml', SOUND)
    file(folder, 'ours/compose.yml', 'services:\n  web: x\n')
    file(folder, 'ours/README.md', '# Read me\n\n```yaml\nid: x\nstories: y\n```\n')
    file(folder, 'ours/notes.md', NOTES)
    file(folder, 'ours/picture.png', Buffer.from([0, 255]))
    const { code, out } = await said(folder, 'ours')
    expect(code).toBe(0)
    expect(out).toContain('guide.yaml: a guide')
    expect(out).toContain('compose.yml: not one of our files, skipped')
    expect(out).toContain('README.md: not one of our files, skipped')
    expect(out).toContain('picture.png: not a type of file that can be read')
    mkdirSync(join(folder, 'empty'))
    expect(await said(folder, 'empty')).toMatchObject({ code: 2, out: '' })
  })

  test('goes on behind a file that is not there', async () => {
    const folder = emptyFolder()
    file(folder, 'guide.yaml', SOUND)
    const { code, out } = await said(folder, 'gone.yaml', 'guide.yaml')
    expect(code).toBe(2)
    expect(out).toContain('There is no file gone.yaml.')
    expect(out).toContain('guide.yaml: a guide, 5 questions: no problems found')
    expect(out).toContain('1 of 2 files have problems.')
  })

  test('knows a guide of one’s own beside its plan, answers and notes, also a broken one', async () => {
    const folder = emptyFolder()
    const own = (text: string) => text.replaceAll('ca-qpls-equity', 'xx-design')
    file(folder, 'guide.yaml', SOUND)
    file(folder, 'plan.yaml', own(PLAN).replace('element: b', 'element: a').replace('a, b, c, action', 'a'))
    file(folder, 'answers.yaml', own(ANSWERS).replace('action', 'a.story.1'))
    file(folder, 'notes.md', own(NOTES))
    const fine = await said(folder, '.')
    expect([fine.code, fine.out]).toEqual([0, expect.stringContaining('No problems found.')])
    expect(fine.out).not.toContain('warning')
    file(folder, 'guide.yaml', SOUND.replace('title: Element A', 'titel: Element A'))
    const { code, out } = await said(folder, '.')
    expect(code).toBe(2)
    expect(out).toContain('Did you mean "title"?')
    expect(out).toMatch(/this file's guide, "xx-design", can't be used\n.*\n.*\n.*guide\.yaml:\d+:/)
  })

  test('finds the guide of a plan however its id is written', async () => {
    const folder = emptyFolder()
    file(folder, 'guide.yaml', SOUND.replace(/^id: (.*)$/m, 'id:\n  "$1"'))
    const plan = PLAN.replace('element: b', 'element: a').replace('a, b, c, action', 'a')
    const lines = ['guide: >-\n  xx-design', 'guide : xx-design', '"guide": \'xx-design\'']
    const names = lines.map((line, i) => {
      file(folder, `${i}.yaml`, plan.replace(/^guide: .*$/m, line))
      return `${i}.yaml`
    })
    expect(await said(folder, ...names)).toMatchObject({ code: 0 })
    expect(await plStories(['runsheet', '0.yaml'], { folder })).toMatchObject({ code: 0 })
  })

  test('a copy of a guide that has been changed is no guess: both are named', async () => {
    const folder = emptyFolder()
    file(folder, 'guide.yaml', SOUND)
    file(folder, 'guide-backup.yaml', SOUND)
    file(folder, 'notes.md', NOTES.replaceAll('ca-qpls-equity', 'xx-design'))
    expect(await said(folder, 'notes.md')).toMatchObject({ code: 0 })
    file(folder, 'guide-backup.yaml', SOUND.replace('title: Element A', 'title: Another'))
    const { code, out } = await said(folder, 'notes.md')
    expect(code).toBe(2)
    expect(out).toMatch(/Two guides have the id "xx-design": .*guide-backup\.yaml and .*guide\.yaml\./)
  })

  test('a guide called by its short name, or by a slip, is named', async () => {
    const folder = emptyFolder()
    file(folder, 'guide.yaml', SOUND)
    file(folder, 'short.yaml', PLAN.replace('guide: ca-qpls-equity', 'guide: equity'))
    file(folder, 'slip.yaml', PLAN.replace('guide: ca-qpls-equity', 'guide: xx-desing'))
    const { out } = await said(folder, 'short.yaml', 'slip.yaml')
    expect(out).toContain('Did you mean "ca-qpls-equity"?')
    expect(out).toContain('Did you mean "xx-design"?')
  })

  test('tells of answers in another guide’s words with --guide', async () => {
    const folder = emptyFolder()
    file(folder, 'guide.yaml', SOUND)
    file(folder, 'notes.md', NOTES)
    const { code, out } = await said(folder, 'notes.md', '--guide', 'guide.yaml')
    expect(code).toBe(2)
    expect(out).toContain('notes.md:2:1: there is no guide "ca-qpls-equity" here')
  })

  test('reads large files, sound or broken', async () => {
    const folder = emptyFolder()
    const many = (size: number, item: (i: number) => object) =>
      Array.from({ length: size }, (_, i) => item(i))
    const big = parse(SOUND)
    big.warmup.questions = many(6_000, i => ({
      id: `warmup.${i}`,
      text: `What do you expect? ${'x'.repeat(110)}`,
    }))
    file(folder, 'sound.yaml', stringify(big))
    file(folder, 'prose.yaml', 'All the words of a long page, one after the other.\n'.repeat(20_000))
    file(folder, 'line.yaml', `stories: ${'x '.repeat(500_000)}\n`)
    const { code, out } = await said(folder, 'sound.yaml', 'prose.yaml', 'line.yaml')
    expect(code).toBe(2)
    expect(out).toContain('sound.yaml: a guide, 6004 questions: no problems found')
    expect(out).toContain('prose.yaml:1:1: this is not a guide')
    expect(out).toContain('line.yaml:1:10: "stories" should be a group of fields')
  })
})

test('a sentence that is broken to fit a window keeps its words, a place and a command stay whole', () => {
  const word = fc.stringMatching(/^[a-z."-]{1,30}$/)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.nat({ max: 3 }),
      fc.integer({ min: 30, max: 90 }),
      (words, by, columns) => {
        const line = ' '.repeat(by) + words.join(' ')
        const rows = inColumns(line, columns).split('\n')
        expect(rows.flatMap(row => row.trim().split(' '))).toEqual(words)
        for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns)
      },
    ),
  )
  const place = `    ${'a long line of a file '.repeat(9)}`
  const command = `To go on: pl-stories --notes ${'folder/'.repeat(20)}notes.md --guide own.yaml`
  expect(inColumns(`${place}\n${command}`, 60)).toBe(`${place}\n${command}`)
})

describe('what is sound is neither refused nor warned of', () => {
  const GUIDES: Record<string, string> = {
    'signs at the beginning of a line within quotes': SOUND.replace(
      'What do you expect?',
      '"What do you\n        title; expect:\n\n        1. more?\n\n        \u00a02. less?"',
    ),
    'signs within a text without quotes': SOUND.replace(
      'What do you expect?',
      'What do you\n        source; expect\n        \u2013 or so',
    ),
    'a single quote within a text in quotes': SOUND.replace(
      'What do you expect?',
      "'What''s\n        title; that?'",
    ),
    'a block behind a tag': SOUND.replace(
      'text: What do you expect?',
      'text: !!str >-\n        action; we did',
    ),
    'lines that a block keeps': SOUND.replace(
      'begin: alone?',
      'begin:\n\n              - alone\n              - together\n\n            What else?',
    ),
    'an end of the file as YAML has it': `---\n${SOUND}...\n`,
    'dots, fences and wide spaces within a block': SOUND.replace(
      'begin: alone?',
      'begin\u00a0: alone?\n            ...\n            ```\n            text\uff1a and\u2026',
    ),
  }
  test('in guides, also in those that have another problem', async () => {
    const folder = emptyFolder()
    for (const [name, text] of Object.entries(GUIDES)) {
      file(folder, `${name}.yaml`, text)
      file(folder, `wrong ${name}.yaml`, text.replace('id: a.story.2', 'id: A.2'))
    }
    const out = `\n${(await plStories(['check', '.'], { folder })).out}`
    for (const name of Object.keys(GUIDES)) {
      expect(out).toContain(`\n${name}.yaml: a guide, 5 questions: no problems found\n`)
      expect(out).toMatch(
        new RegExp(
          `\nwrong ${name}\\.yaml:\\d+:15: .*letters.*\n.*\n.*\n.*\nwrong ${name}\\.yaml: a guide: 1 problem\n`,
        ),
      )
    }
  })

  test('in a plan: blocks as items of a list', async () => {
    const folder = emptyFolder()
    const norms =
      'norms:\n  - |-\n    Speak for yourself:\n    1. from what you have seen\n  - >-\n    Take care of your\n    notes; nobody collects them.\nmaterials:\n- |\n  A list:\n  * paper\nsteps:'
    file(folder, 'hour.yaml', PLAN.replace('steps:', norms))
    const { out } = await plStories(['check', 'hour.yaml'], { folder })
    // Of the questions that no step asks.
    expect(out).toContain('no problems found, 1 warning')
  })

  test('in notes: what somebody wrote that is like a mark', async () => {
    const folder = emptyFolder()
    file(
      folder,
      'own.md',
      `---\nguide: ca-qpls-equity\n---\n\n<-- answer this before Friday\n<!-- Answers below -->\n`,
    )
    const { out } = await plStories(['check', 'own.md'], { folder })
    expect(out).toContain('no problems found')
  })

  test('questions that are called as the words of an answers file are answered from a file', async () => {
    const folder = emptyFolder()
    file(folder, 'own.yaml', SOUND.replace('id: warmup\n', 'id: questions\n'))
    file(
      folder,
      'a.json',
      JSON.stringify({ guide: 'xx-design', answers: { questions: 'Yes.' }, questions: [] }),
    )
    const { code } = await plStories(['--guide', 'own.yaml', '--answers', 'a.json', '--no-input'], { folder })
    expect(code).toBe(1)
    expect(file(folder, 'design-notes.md')).toContain('<!-- answer: questions -->\nYes.')
  })
})

test('files of odd shapes are checked to their end', async () => {
  const folder = emptyFolder()
  const front = '---\nguide: ca-qpls-equity\n---\n'
  file(folder, 'comments.yaml', `${'# c\n\n'.repeat(5000)}---\nid: x\n`)
  file(folder, 'empty.yaml', `${'\n'.repeat(5000)}"guide": ca-qpls-equity\n`)
  file(folder, 'brackets.yaml', `id: x\nstories: ${'['.repeat(4_000)}\n`)
  file(folder, 'spaces.md', `${front}<!--${' '.repeat(200_000)}x -->\n<${' '.repeat(200_000)}x\n`)
  file(folder, 'marks.md', `${front}${'\\<!-- answer: warmup --\\>\n'.repeat(500)}`)
  const { code, out } = await plStories(['check', '.'], { folder })
  expect([code, out.match(/^\S+: .*problems?(?: found)?$/gm)]).toEqual([
    2,
    [
      'brackets.yaml: a guide: 1 problem',
      'comments.yaml: a guide: 4 problems',
      'empty.yaml: answers to ca-qpls-equity: no problems found',
      'marks.md: notes on ca-qpls-equity, 0 of 20 questions answered: 500 problems',
      'spaces.md: notes on ca-qpls-equity, 0 of 20 questions answered: no problems found',
    ],
  ])
})
