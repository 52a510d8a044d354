import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blankNotes, readNotes, withAnswer } from '../../src/notes/notes.ts'
import { repaired } from '../../src/notes/repair.ts'
import { EQUITY, emptyFolder, file, plStories, ROOT } from '../support/helpers.ts'
import { openTerminal } from '../support/terminal.ts'

/* What other tools do to notes: formatters, git, word processors, hands. */

const NOTES = 'equity-notes.md'
const WORDS = `${'Words that go on and on until a formatter has to wrap them. '.repeat(3).trim()}\n\n- one\n- two`
const has = (program: string) => spawnSync(program, ['--version']).status === 0

async function answersIn(folder: string, name = NOTES): Promise<Record<string, string>> {
  const { out, err } = await plStories(['export', 'json', '--notes', name], { folder })
  expect(err).not.toContain('check --fix')
  return JSON.parse(out).answers
}

/** Notes with two answers, jots and a line of the owner's, as they are before a tool comes. */
async function written(folder = emptyFolder(), args: string[] = []): Promise<string> {
  for (const [id, text] of [
    ['warmup', WORDS],
    ['action', '- [ ] Ask Ana (Ben, Jan 15)'],
  ] as const)
    await plStories(['answer', id, text, ...args], { folder })
  const jots = `- [03:12] A2 ${'long words '.repeat(12).trim()}\n- [04:00] second`
  const text = file(folder, NOTES).replace('<!-- jots -->\n', `<!-- jots -->\n${jots}`)
  file(folder, NOTES, text.replace('## Warmup', 'A line of my own.\n\n## Warmup'))
  return folder
}

const prettier = (folder: string) =>
  execFileSync(
    process.execPath,
    [join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), '--prose-wrap', 'always', '--write', NOTES],
    { cwd: folder },
  )
const pandoc = (folder: string, from: string, to: string) =>
  execFileSync('pandoc', ['-f', from, '-t', to, NOTES, '-o', NOTES], { cwd: folder })

/** What an export holds: each question once, whatever was wrapped, and the owner's own line. */
async function exported(folder: string): Promise<string> {
  const { out } = await plStories(['export', '--jots'], { folder })
  const words = out.replace(/\s+/g, ' ')
  for (const { text } of EQUITY.questions.slice(0, 2))
    expect(words.split(text.replace(/\s+/g, ' '))).toHaveLength(2)
  expect(words.split('Publisher:')).toHaveLength(2)
  expect(out).toContain('A line of my own.')
  const { err } = await plStories(['export', '--layout', 'compare'], { folder })
  expect(err).toContain('1 line')
  expect(err).not.toMatch(/[2-9] lines|\d\d lines/)
  return out
}

describe('after a formatter', () => {
  test('Prettier: the guide’s lines are still the guide’s, and a wrapped jot is one', async () => {
    const folder = await written()
    prettier(folder)
    expect(file(folder, NOTES)).toContain('_Publisher: California Department of Education,\n')
    expect(Object.keys(await answersIn(folder))).toEqual(['warmup', 'action'])
    const out = await exported(folder)
    expect(out).toMatch(/\[03:12\] A2 (?:long words\s+){11}long words\s+- \[04:00\] second/)
    const { err } = await plStories(['export', 'csv'], { folder })
    expect(err).toContain('2 jots')
    await plStories(['answer', 'a.story.1', 'after it'], { folder })
    expect((await answersIn(folder))['a.story.1']).toBe('after it')
  })

  test('remark: front matter that became a rule and a heading is read', async () => {
    const folder = await written()
    const text = file(folder, NOTES)
      .replace(
        '---\nguide: ca-qpls-equity\nformat: 1\n---\n',
        '***\n\nguide: ca-qpls-equity\nformat: 1\ngroup: Oak\nonly: \\["a"]\n---------\n',
      )
      .replaceAll('- [0', '* \\[0')
    file(folder, NOTES, text)
    expect(readNotes({ name: NOTES, text })).toMatchObject({
      guide: 'ca-qpls-equity',
      group: 'Oak',
      only: ['a'],
    })
    expect(await exported(folder)).toContain('[04:00] second')
  })

  test.runIf(has('pandoc'))(
    'pandoc: marks that were joined to a line, or fenced, are put right',
    async () => {
      for (const [from, to] of [
        ['markdown', 'gfm'],
        ['gfm', 'gfm'],
        ['markdown', 'markdown'],
      ] as const) {
        const folder = await written()
        pandoc(folder, from, to)
        const before = file(folder, NOTES)
        const { code } = await plStories(['check', '--fix', NOTES], { folder })
        expect(code).toBe(0)
        if (readdirSync(folder).includes(`${NOTES}.orig`)) expect(file(folder, `${NOTES}.orig`)).toBe(before)
        const answers = await answersIn(folder)
        expect(Object.keys(answers)).toEqual(['warmup', 'action'])
        expect(answers.warmup?.replace(/\s+/g, ' ')).toBe(WORDS.replace(/\s+/g, ' '))
        await exported(folder)
      }
    },
  )
})

describe('notes whose front matter is lost', () => {
  const own = (id: string, question: string) => `id: ${id}
name: ${id}
title: A guide of our own
source: { publisher: Us }
warmup: { title: Warmup, questions: [{ id: warmup, text: '${question}' }] }
stories:
  title: Stories
  elements:
    - id: a
      title: Element A
      story: [{ id: a.story.1, text: What did you see? }]
`
  async function lost(): Promise<string> {
    const folder = emptyFolder()
    file(folder, 'ours.yaml', own('ours', 'How are we today?'))
    await plStories(['answer', 'warmup', 'Fine', '--guide', 'ours.yaml', '--notes', NOTES], { folder })
    file(
      folder,
      NOTES,
      file(folder, NOTES)
        .replace(/^---[\s\S]*?\n---\n/, '')
        .replace('**How are we', '__How\nare we')
        .replace('today?**', 'today?__'),
    )
    return folder
  }

  test('are those of the guide whose questions they hold', async () => {
    const folder = await lost()
    const { out } = await plStories(['status'], { folder })
    expect(out).toContain('A guide of our own')
    expect((await plStories(['combine', '.'], { folder })).out).toContain('A guide of our own')
    expect((await plStories(['check', NOTES], { folder })).out).toContain('notes on ours, 1 of 2')
    const equity = await written()
    file(equity, NOTES, file(equity, NOTES).replace(/^---[\s\S]*?\n---\n/, ''))
    file(equity, 'ours.yaml', own('ours', 'How are we today?'))
    expect(JSON.parse((await plStories(['status', '--json'], { folder: equity })).out).answered).toBe(2)
  })

  test('are refused where another guide is asked for, or where theirs is not here', async () => {
    const folder = await lost()
    const other = await plStories(['status', '--guide', 'equity', '--notes', NOTES], { folder })
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining('holds the questions of the guide "ours", not of "ca-qpls-equity"'),
    ])
    file(folder, 'ours.yaml', own('ours', 'Who are you?').replaceAll('What did you see', 'Why'))
    const gone = await plStories([], { folder, input: 'words\n.\n' })
    expect([gone.code, gone.err]).toEqual([
      2,
      expect.stringContaining("doesn't say which guide it belongs to"),
    ])
    const combined = await plStories(['combine', '.'], { folder })
    expect(combined.code).toBe(2)
  })
})

test('git conflict markers are named with their lines: a problem for check, a warning for the others', async () => {
  const folder = await written()
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], { cwd: folder })
  git('init', '-q', '-b', 'main')
  const commit = async (branch: string[], text: string) => {
    git('checkout', '-q', ...branch)
    await plStories(['answer', 'a.story.1', text, '--overwrite'], { folder })
    git('add', NOTES)
    git('commit', '-qm', text)
  }
  git('add', NOTES)
  git('commit', '-qm', 'first')
  await commit(['-b', 'theirs'], 'as they say')
  await commit(['main'], 'as we say')
  expect(git('merge', 'theirs').status).toBe(1)
  const line = file(folder, NOTES).split('\n').indexOf('<<<<<<< HEAD') + 1
  const told = `${NOTES}:${line}: git conflict markers (lines ${line}, ${line + 2}, ${line + 4})`
  const checked = await plStories(['check', NOTES], { folder })
  expect([checked.code, checked.out]).toEqual([
    2,
    expect.stringContaining(`${NOTES}:${line}:1: git conflict markers`),
  ])
  for (const args of [['status'], ['export'], ['combine', NOTES]]) {
    const { code, out, err } = await plStories(args, { folder })
    expect([code, out + err]).toEqual([0, expect.stringContaining(told)])
  }
  const walked = await plStories([], { folder, input: ':quit\n' })
  expect(walked.out).toContain(told)
})

describe('broken marks', () => {
  const BLANK = blankNotes(EQUITY, { file: NOTES })
  const said = (answers: Record<string, string>) =>
    Object.entries(answers).reduce(
      (text, [id, answer]) =>
        withAnswer(readNotes({ name: NOTES, text }), EQUITY, id, { text: answer, skipped: false }),
      BLANK,
    )

  test('one among sound ones is told, also where an answer has swallowed it', async () => {
    const folder = emptyFolder()
    const text = said({ warmup: 'mine', 'a.story.2': 'too' })
    file(folder, NOTES, text.replace('<!-- answer: a.story.1 -->', '‹!— answer: a.story.1 —›'))
    const one = await plStories(['status'], { folder })
    expect([one.code, one.err]).toEqual([
      2,
      expect.stringContaining('was a mark, but its punctuation was changed'),
    ])
    const swallowed = text
      .replace('too\n<!-- /answer -->', 'too\n<!– /answer –>')
      .replace('<!-- answer: a.story.3 -->', '<!– answer: a.story.3 –>')
    file(folder, NOTES, swallowed)
    const { code, out } = await plStories(['status'], { folder })
    expect(code).toBe(0)
    expect(out.match(/was a mark/g)).toHaveLength(2)
    expect((await plStories(['check', NOTES], { folder })).code).toBe(2)
    const piped = await plStories(['check', '--fix', '-'], { folder, input: swallowed })
    expect([piped.code, piped.out]).toEqual([2, expect.stringContaining('the pipe:')])
    expect((await plStories(['check', '--fix', NOTES], { folder })).code).toBe(0)
    expect(file(folder, NOTES)).toBe(text)
  })

  test('start offers to fix them, to open the file at the line, or to leave', async () => {
    const folder = emptyFolder()
    const text = said({ warmup: 'mine' })
    const broken = text.replace('mine\n<!-- /answer -->\n', 'mine\n')
    file(folder, NOTES, broken)
    file(folder, 'editor', `#!/bin/sh\necho "$@" > ${join(folder, 'opened')}\n`)
    execFileSync('chmod', ['+x', join(folder, 'editor')])
    execFileSync('ln', ['-s', 'editor', join(folder, 'vim')])
    const env = { TERM: 'dumb', EDITOR: join(folder, 'vim') }
    const screen = openTerminal({ folder, env, columns: 200 })
    await screen.shows('the end mark of the answer to "warmup" is missing')
    const line = broken.split('\n').indexOf('<!-- answer: warmup -->') + 1
    await screen.shows(`1 fix it · 2 open the file at line ${line} · 3 leave`)
    await screen.send('2')
    await screen.shows(/leave\n2/)
    await screen.send('\r')
    await expect.poll(() => readdirSync(folder)).toContain('opened')
    expect(file(folder, 'opened')).toBe(`+${line} ${join(folder, NOTES)}\n`)
    await screen.shows(/leave[\s\S]*leave/)
    await screen.send('1')
    await screen.shows(/leave\n1/)
    await screen.send('\r')
    await screen.shows('Question 2 of 20')
    expect(file(folder, NOTES)).toBe(text)
    expect(file(folder, `${NOTES}.orig`)).toBe(broken)
    expect((await plStories(['combine', '.'], { folder })).err).not.toContain('.orig')
  })

  const words = fc
    .array(
      fc.array(fc.constantFrom('we', 'meet', 'weekly', '-', 'and', '漢字', '1.', ''), {
        minLength: 1,
        maxLength: 6,
      }),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map(lines => lines.map(line => line.join(' ')).join('\n'))
  const ways: [string, (text: string, mark: string, at: number) => string][] = [
    [
      'autocorrect',
      (text, mark, at) =>
        text.slice(0, at) + mark.replace('<!--', '<!–').replace('-->', '–>') + text.slice(at + mark.length),
    ],
    [
      'Markdown’s escapes',
      (text, mark, at) =>
        text.slice(0, at) + mark.replace('<', '\\<').replace('-->', '--\\>') + text.slice(at + mark.length),
    ],
    ['a lost line', (text, mark, at) => text.slice(0, at) + text.slice(at + mark.length + 1)],
    [
      'a lost line end',
      (text, mark, at) => (mark.includes('/') ? `${text.slice(0, at - 1)} ${text.slice(at)}` : text),
    ],
  ]
  test.each(ways)('%s: one mark that was spoilt is put right, and nothing else changes', (_, spoil) => {
    fc.assert(
      fc.property(
        words,
        words,
        fc.nat(),
        fc.boolean(),
        fc.constantFrom('\n', '\r\n'),
        (one, two, which, end, eol) => {
          const text = said({ 'a.story.1': one, 'c.story.3': two }).replaceAll('\n', eol)
          const marks = [...text.matchAll(end ? /<!-- \/answer -->/g : /<!-- answer: \S+ -->/g)]
          const [mark = ''] = marks[which % marks.length] ?? []
          const index = marks[which % marks.length]?.index ?? 0
          const broken =
            eol === '\n'
              ? spoil(text, mark, index)
              : spoil(
                  text.replaceAll('\r\n', '\n'),
                  mark,
                  text.slice(0, index).replaceAll('\r\n', '\n').length,
                ).replaceAll('\n', '\r\n')
          if (broken === text) return
          const fixed = repaired(broken, EQUITY)
          expect(fixed?.replace(/\s+/g, ' ')).toBe(text.replace(/\s+/g, ' '))
          const answers = (of: string) => [...readNotes({ name: NOTES, text: of }).answers]
          expect(answers(fixed ?? '')).toEqual(answers(text))
        },
      ),
      { numRuns: 150 },
    )
  })

  test('where it cannot be told where a mark belongs, nothing is touched', () => {
    const twice = said({ warmup: 'mine' })
    const open = '<!-- answer: warmup -->\n'
    expect(repaired(twice + open, EQUITY)).toBeUndefined()
    expect(repaired('---\nguide: ca-qpls-equity\n---\nwords\n<!-- /answer -->\n', EQUITY)).toBeUndefined()
    expect(repaired(said({ warmup: 'mine' }), EQUITY)).toBeUndefined()
  })
})
