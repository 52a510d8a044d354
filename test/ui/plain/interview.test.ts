import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answersIn, EQUITY, emptyFolder, file, plStories } from '../../support/helpers.ts'

const NOTES = 'equity-notes.md'
const IDS = EQUITY.questions.map(({ id }) => id)

/** Sends lines into the walk as a pipe does. */
const pipe = (folder: string, lines: string[], ...args: string[]) =>
  plStories(args, { folder, input: lines.map(line => `${line}\n`).join('') })

async function exported(folder: string) {
  const { out } = await plStories(['export', 'json'], { folder })
  return JSON.parse(out) as { answers: Record<string, string>; skipped: string[] }
}

/** A text as the lines that stand for it in a pipe. */
const asLines = (text: string) =>
  text.split('\n').map(line => (line === '.' ? '..' : line.startsWith(':') ? `:${line}` : line))

const STRANGE = [
  'One line.',
  'Two paragraphs,\n\n  the second indented\twith a tab.  ',
  '.\n...\n. \n.x',
  ':quit\n::\n:',
  '<!-- answer: warmup -->\n<!-- /answer -->\n<!-- \\/answer -->',
  '---\nguide: other\n---',
  '# Heading\n```\nopen fence',
  'a\u2028b\ufeffc\u00a0d\u0085e',
  'bell \u0007 escape \u001b[31mred',
  '👩‍👩‍👧‍👦 🇲🇽 ﷽ e\u0301',
  '| a | b |\n| --- | --- |',
  'https://example.org/a_b(c)?d=e&f',
]

test('20 answers in one burst come back byte for byte', async () => {
  const folder = emptyFolder()
  const texts = IDS.map((id, i) => STRANGE[i] ?? `Answer to ${id}, ${'very '.repeat(i * 50)}long.`)
  const ended = await pipe(
    folder,
    texts.flatMap(text => [...asLines(text), '.']),
  )
  expect(ended.code).toBe(0)
  expect(ended.err).toBe('')
  expect(await answersIn(folder)).toEqual(Object.fromEntries(IDS.map((id, i) => [id, texts[i]])))
  expect(readdirSync(folder)).toEqual([NOTES])
})

test('what is said is in order: the place, the question, the story’s answer, what came of it', async () => {
  const { out } = await pipe(emptyFolder(), ['ours is fine', 'and more', '.', ':go a.comparison.1'])
  const lines = out.split('\n')
  expect(lines[0]).toBe('Equity Professional Learning Stories: Discussion Guide.')
  const first = lines.indexOf('Question 1 of 20. Warmup. Not answered yet.')
  expect(lines[first + 1]).toBe('What stands out to you about this standard and why?')
  expect(lines[first + 3]).toBe('Saved. 1 of 20 answered.')
  expect(out).toContain(
    'Question 5 of 20. Element A: Academic Equity, your PL system, question 1 of 3. Not answered yet.',
  )
  expect(out).not.toContain('\u001b')
})

describe('leaving and coming back', () => {
  test('stopped at question 7, a pipe goes on at question 7', async () => {
    const folder = emptyFolder()
    const first = await pipe(folder, [...Array(6).fill(['yes', '.']).flat(), ':quit'])
    expect(first.code).toBe(0)
    expect(first.out).toMatch(/Your notes are in .*\nTo go on: pl-stories --notes .*equity-notes\.md\n$/)
    const again = await pipe(folder, [])
    expect(again.out).toContain('Welcome back: 6 of 20 answered, 14 open. Picking up at question 7.')
    expect(again.code).toBe(1)
  })

  test('the end of the input saves what was written, and is 1 while something is open', async () => {
    const folder = emptyFolder()
    const { code } = await plStories([], { folder, input: 'cut off in the mid' })
    expect(code).toBe(1)
    expect(await answersIn(folder)).toEqual({ warmup: 'cut off in the mid' })
  })

  test('what a pipe leaves is the notes alone', async () => {
    const folder = emptyFolder()
    await pipe(folder, ['some words'])
    expect(readdirSync(folder)).toEqual([NOTES])
  })

  test('without any input it says what happened, where the notes would be, and what to do', async () => {
    const folder = emptyFolder()
    const { code, err } = await plStories([], { folder })
    expect(code).toBe(1)
    expect(err).toContain(`Your notes would be in ${join(folder, NOTES)}`)
    expect(err).toContain('start pl-stories in a terminal window')
    expect(err).not.toContain(' at ')
    expect(existsSync(join(folder, NOTES))).toBe(false)
  })
})

describe('commands', () => {
  test(':back and :replace change an answer; the others stay', async () => {
    const folder = emptyFolder()
    await pipe(folder, ['one', '.', 'two', '.', ':back', ':replace', 'new two', '.'])
    expect(await answersIn(folder)).toEqual({ warmup: 'one', 'a.story.1': 'new two' })
  })

  test('at an answered question, lines are added below', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, ['one', '.', ':back', 'and another', '.'])
    expect(out).toContain('Your answer, 1 word, begins: one')
    expect(await answersIn(folder)).toEqual({ warmup: 'one\nand another' })
  })

  test('a dot with nothing written leaves the question open and says so', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, ['.', 'two', '.'])
    expect(out).toContain('Left open. 0 of 20 answered.')
    expect(await answersIn(folder)).toEqual({ 'a.story.1': 'two' })
  })

  test(':skip, :later, :list and :go by number and by id', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [
      ':skip',
      ':later',
      'two',
      '.',
      ':go 20',
      'act',
      ':go B.STORY.1',
      ':list',
      ':quit',
    ])
    expect(await exported(folder)).toMatchObject({
      answers: { 'a.story.2': 'two', action: 'act' },
      skipped: ['warmup'],
    })
    expect(out).toContain(
      '1 Warmup. Skipped.\n' +
        '2 Element A: Academic Equity, the story, question 1 of 3. Not answered yet.\n' +
        '3 Element A: Academic Equity, the story, question 2 of 3. Answered: two\n',
    )
    expect(out).toContain(
      '8 Element B: Systemic Equity, the story, question 1 of 3. Not answered yet. You are here.',
    )
    expect(out).toContain('11 Element B: Systemic Equity, your PL system, question 1 of 3.')
  })

  test(':go to what is not there is answered with the nearest, and nothing is lost', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, ['kept', ':go b.stroy.1', ':go 21', ':go', '.'])
    expect(out).toContain('There is no question "b.stroy.1" in this guide. Did you mean "b.story.1"?')
    expect(out).toContain('Type a number from 1 to 20')
    expect(await answersIn(folder)).toEqual({ warmup: 'kept' })
  })

  test(':text reads, :undo takes back lines written now, down to none', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [
      'one',
      'two',
      '',
      ':undo',
      ':undo',
      ':text',
      ':undo',
      ':undo',
      ':text',
      'fresh',
      '.',
    ])
    expect(out).toContain(
      'Removed: two\none\nRemoved: one\nThere is no line to remove.\nNothing is written here yet.',
    )
    expect(await answersIn(folder)).toEqual({ warmup: 'fresh' })
  })

  test(':story reads the whole answer about the story, :notes a part of the notes', async () => {
    const { out } = await pipe(emptyFolder(), [
      ...['w', '.', 'first line', 'second line', '.'],
      ...[':go a.comparison.1', ':story', ':notes a.story.1', ':notes zzz', ':quit'],
    ])
    expect(out).toContain('Your answer about the story begins: first line (:story reads it all)')
    expect(out.match(/first line\nsecond line/g)).toHaveLength(2)
    expect(out).toMatch(/\nElement A, the story, 1 of 3\. How does the PL system use [^\n]*\?\nfirst line\n/)
    expect(out).toContain('"zzz" is not a part of this guide')
  })

  test('what is read aloud holds no marks, here and with read --accessible; a pipe gets Markdown', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, ['a table\u2019s answer', '.', ':notes', ':quit'])
    const read = (...args: string[]) => plStories(['read', ...args], { folder })
    for (const text of [out, (await read('--accessible')).out, (await read('guide', '--accessible')).out]) {
      expect(text).toContain('\nElement B, the story, 2 of 3. How are school and district policies')
      expect(text).not.toMatch(/^#|\*\*|^---|<!--|\\_|<https/m)
    }
    expect((await read()).out).toContain('### Element A: Academic Equity')
  })

  test('what a file has given is not called one\u2019s own place', async () => {
    const folder = emptyFolder()
    file(folder, 'given.yaml', 'guide: ca-qpls-equity\nanswers:\n  warmup: x\n')
    const { out } = await plStories(['start', '--answers', 'given.yaml'], { folder, input: ':quit\n' })
    expect(out).toContain('From your file: 1 of 20 answered, 19 open. Picking up at question 2.')
    expect(out).toContain('Use the questions below as you watch')
  })

  test('an unknown word is text, and said so; so is a command with more behind it', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [':smile', ':back to basics', '.'])
    expect(out).toContain('":smile" isn\'t a command, so it was added as text.')
    expect(await answersIn(folder)).toEqual({ warmup: ':smile\n:back to basics' })
  })

  test('an answer emptied is erased only when that is chosen', async () => {
    const folder = emptyFolder()
    await pipe(folder, ['one', '.', ':back', ':replace', '.', '2'])
    expect(await answersIn(folder)).toEqual({ warmup: 'one' })
    const { out } = await pipe(folder, [':go 1', ':replace', '.', '9', '1', ':quit'])
    expect(out).toContain('1 erase the answer · 2 keep the answer · 3 keep writing')
    expect(await answersIn(folder)).toEqual({})
  })

  test('words said where a choice is asked for are the answer', async () => {
    const folder = emptyFolder()
    await pipe(folder, ['one', '.', ':back', ':replace', '.', 'no number', 'but words', '.', ':quit'])
    expect(await answersIn(folder)).toEqual({ warmup: 'no number\nbut words' })
  })

  test(':find searches all answers, :list takes a part, and names of objects are text', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [
      ...[
        'one line',
        'survey DATA, monthly',
        '.',
        'no such thing',
        ':constructor',
        ':__proto__',
        ':toString',
        '.',
      ],
      ...[':find data survey', ':find nothing of it', ':list Element B', ':list zz', ':quit'],
    ])
    expect(out).toContain('1 Warmup: survey DATA, monthly\nNo answer contains "nothing of it".\n8 Element B')
    expect(out).toContain('"zz" is not a part of this guide')
    expect(await answersIn(folder)).toEqual({
      warmup: 'one line\nsurvey DATA, monthly',
      'a.story.1': 'no such thing\n:constructor\n:__proto__\n:toString',
    })
  })

  test('an answer that is put off stays, a skipped question can be asked again, and a jump says why', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [
      'one',
      '.',
      ':back',
      ':later',
      ':skip',
      ':go 2',
      ':ask',
      ':go 1',
      ':skip',
    ])
    expect(out.match(/Your answer stays\. 1 of 20 answered\./g)).toHaveLength(2)
    expect(out).toContain('Skipped. 1 of 20 answered.')
    expect(out).toContain('Left open. 1 of 20 answered.')
    expect(await exported(folder)).toMatchObject({ answers: { warmup: 'one' }, skipped: [] })
  })

  test(':help tells every command', async () => {
    const { out } = await pipe(emptyFolder(), [':help', ':quit'])
    for (const word of [
      'back',
      'later',
      'skip',
      'list',
      'go',
      'story',
      'notes',
      'text',
      'undo',
      'replace',
      'edit',
      'open',
      'quit',
    ])
      expect(out).toContain(`:${word}`)
  })

  test('a near miss of a command is text, and told of', async () => {
    const folder = emptyFolder()
    const { out } = await pipe(folder, [':QUIT', ' :quit', ':lter', '.'])
    expect(out).toContain('(":QUIT" isn\'t a command, so it was added as text. Did you mean ":quit"?')
    expect(out).toContain('(The line starts with a space, so it was added as text. Did you mean ":quit"?')
    expect(out).toContain('Did you mean ":later"?')
    expect(await answersIn(folder)).toEqual({ warmup: ':QUIT\n :quit\n:lter' })
  })

  test('a numbered question understands :help and :quit, and says so to a dot', async () => {
    const folder = emptyFolder()
    const { out, code } = await pipe(folder, ['one', '.', ':back', ':replace', '.', '.', ':help', ':quit'])
    const choices = '1 erase the answer · 2 keep the answer · 3 keep writing'
    const hint = 'Type a number from 1 to 3. :quit leaves this, :help lists the choices.'
    expect(out).toContain([choices, hint, choices, hint].join('\n'))
    expect(code).toBe(0)
    expect(await answersIn(folder)).toEqual({ warmup: 'one' })
  })

  test('in a pipe :edit says that there is no terminal for an editor', async () => {
    const folder = emptyFolder()
    file(folder, 'editor.sh', 'printf "from the editor\\n" >> "$1"\n')
    const { out } = await pipe(folder, ['mine', ':edit', '.'], '--editor', 'sh editor.sh')
    expect(out).toContain("An editor needs a terminal, and this isn't one.")
    expect(await answersIn(folder)).toEqual({ warmup: 'mine' })
  })
})

test('the last question leads to the end, and from there round to what is open', async () => {
  const folder = emptyFolder()
  const { out, code } = await pipe(
    folder,
    [':later', 'a1', '.', 'a2', '.', 'a3', '.', 'o', 'w', '.', '8'],
    '--only',
    'warmup',
    '--only',
    'a.story',
  )
  expect(out).toContain(
    'That was the last question: 3 of 4 answered, 1 open.\nO go to the open question · R rest of the guide (16 open) · N read my notes · / search my notes · D Word document · H web page · P PDF · G list of questions · Q leave',
  )
  expect(out).toContain(
    'That was the last question: 4 of 4 answered.\nR rest of the guide (16 open) · N read my notes',
  )
  expect(code).toBe(0)
  expect(file(folder, NOTES)).toContain('only: ["warmup","a.story"]')
})

test('at the end letters always mean the same, whatever is still open', async () => {
  const folder = emptyFolder()
  const { out } = await pipe(folder, [':skip', 'g', '1', 'w', '.', 'x', 'd', 'q'], '--only', 'warmup')
  expect(out).toMatch(/\n1 Warmup\. Skipped\.\n2 [\s\S]*\nWhich question\? Type a number/)
  expect(out).toContain('Type a letter from the list.')
  expect(out).toContain(`The Word document: ${join(folder, 'equity-notes.docx')}`)
})

test('control characters and escape sequences in notes never reach the terminal', async () => {
  const folder = emptyFolder()
  await pipe(folder, ['\u001b]0;title\u0007 and \u001b[2J', '.', ':back', ':text', ':quit'])
  const { out } = await pipe(folder, [':go 1', ':text', ':notes', ':quit'])
  expect(out).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
})

test('input that becomes something else than UTF-8 is read up to there, and what was answered is kept', async () => {
  const folder = emptyFolder()
  const input = Buffer.concat([Buffer.from('good one\n.\nbad '), Buffer.from([0xff]), Buffer.from('\n.\n')])
  const { code, err } = await plStories([], { folder, input })
  expect(code).toBe(1)
  expect(err).toContain('Line 3 of the input is not UTF-8 text. What was answered above it is saved')
  expect(file(folder, NOTES)).toContain('<!-- answer: warmup -->\ngood one\n<!-- /answer -->')
})

test('input that is not UTF-8 is refused, nothing of it is written', async () => {
  const folder = emptyFolder()
  const { code, err } = await plStories([], {
    folder,
    input: Buffer.from([0x66, 0xfc, 0x72, 0x0a, 0x2e, 0x0a]),
  })
  expect(code).toBe(2)
  expect(err).toContain('Line 1 of the input is not UTF-8 text.')
  expect(existsSync(join(folder, NOTES))).toBe(false)
})
