import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import about from '../../package.json' with { type: 'json' }
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { openTerminal } from '../support/terminal.ts'

const NOTES = 'equity-notes.md'

/** A folder in which two questions are answered and one is skipped. */
async function begunFolder(): Promise<string> {
  const folder = emptyFolder()
  await plStories([], { folder, input: 'the warmup\n.\n:skip\nthe second\n.\n:quit\n' })
  return folder
}

describe('status', () => {
  test('tells the place, the counts and every id with its state', async () => {
    const folder = await begunFolder()
    const { out, code } = await plStories(['status'], { folder })
    expect(code).toBe(0)
    expect(out).toContain(`2 of 20 answered, 1 skipped, 17 open\n${join(folder, NOTES)}\n`)
    expect(out).toContain('Element A: Academic Equity › the story\n   2  a.story.1       skipped\n')
    expect(out).toContain('   3  a.story.2       answered, 2 words\n')
  })

  test('--json gives numbers and states', async () => {
    const folder = await begunFolder()
    const status = JSON.parse((await plStories(['status', '--json'], { folder })).out)
    expect(status).toMatchObject({ guide: 'ca-qpls-equity', total: 20, answered: 2, skipped: 1, open: 17 })
    expect(status.questions[1]).toEqual({
      id: 'a.story.1',
      element: 'a',
      kind: 'story',
      text: EQUITY.questions[1]?.text,
      state: 'skipped',
    })
    expect(status.questions[0].element).toBeNull()
  })

  test('of nothing says where the notes would be and writes nothing', async () => {
    const folder = emptyFolder()
    const { out, code } = await plStories(['status', '--notes', 'no-such-folder/mine.md'], { folder })
    expect(code).toBe(0)
    expect(out).toContain(
      `Nothing is written yet. Your notes will be in ${join(folder, 'no-such-folder/mine.md')}`,
    )
    expect(readdirSync(folder)).toEqual([])
  })

  test('tells of answers whose question is no longer in the guide', async () => {
    const folder = await begunFolder()
    file(
      folder,
      NOTES,
      `${file(folder, NOTES)}\n<!-- answer: a.story.9 -->\nold words here\n<!-- /answer -->\n`,
    )
    expect((await plStories(['status'], { folder })).out).toContain(
      'No longer in the guide, but still in your notes: a.story.9 (3 words)',
    )
    const read = await plStories(['read'], { folder })
    expect(read.out).toContain('old words here')
    expect(read.err).toContain('No longer in the guide, but still in your notes: a.story.9')
    const exported = await plStories(['export', 'json'], { folder })
    expect(exported.err).toContain('No longer in the guide, but still in your notes: a.story.9')
  })
})

describe('read', () => {
  test('shows the notes without marks, the guide, or a part', async () => {
    const folder = await begunFolder()
    const notes = (await plStories(['read'], { folder })).out
    expect(notes).toContain('### What stands out to you about this standard and why?\n\nthe warmup\n')
    expect(notes).not.toContain('<!--')
    expect((await plStories(['read', 'guide'], { folder })).out).toContain('## PL Story Questions')
    const part = (await plStories(['read', 'a.story'], { folder })).out
    expect(part).toContain('*Skipped.*')
    expect(part).toContain('the second')
    expect(part).not.toContain('your PL system')
  })

  test('of notes that are not there says what to do', async () => {
    const { code, err } = await plStories(['read'], { folder: emptyFolder() })
    expect(code).toBe(2)
    expect(err).toContain('pl-stories read guide')
  })
})

describe('answer', () => {
  const textOf = async (folder: string, id: string) =>
    JSON.parse((await plStories(['export', 'json'], { folder })).out).answers[id]

  test('records a text given as an argument or through a pipe, and says what it did', async () => {
    const folder = emptyFolder()
    expect((await plStories(['answer', 'warmup', '- a bullet'], { folder })).err).toBe(
      `${join(folder, NOTES)}: created (warmup)\n`,
    )
    const piped = await plStories(['answer', 'B.Story.1'], { folder, input: '\nfrom a pipe\r\nof Windows\n' })
    expect(piped).toMatchObject({ code: 0, out: '', err: `${join(folder, NOTES)}: changed (b.story.1)\n` })
    expect(await textOf(folder, 'warmup')).toBe('- a bullet')
    expect(await textOf(folder, 'b.story.1')).toBe('from a pipe\nof Windows')
    await plStories(['answer', 'b.story.2', '-'], { folder, input: 'named as -\n' })
    expect(await textOf(folder, 'b.story.2')).toBe('named as -')
    expect((await plStories(['answer', 'warmup', '- a bullet'], { folder })).err).toContain('unchanged')
  })

  test('keeps another answer that is there, unless told otherwise', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'action', 'first'], { folder })
    const kept = await plStories(['answer', 'action', 'second'], { folder })
    expect(kept.code).toBe(1)
    expect(kept.err).toContain('action already has a different answer')
    expect(await textOf(folder, 'action')).toBe('first')
    await plStories(['answer', 'action', 'second', '--append'], { folder })
    expect(await textOf(folder, 'action')).toBe('first\n\nsecond')
    await plStories(['answer', 'action', 'third', '--overwrite'], { folder })
    expect(await textOf(folder, 'action')).toBe('third')
  })
})

describe('reading on a terminal', () => {
  test('shows what stands between colons, and code, as it was typed', async () => {
    const folder = emptyFolder()
    const text = 'We met at 10:30:15, :heart: to std:vector:int.\n\n```ts\nconst a = 1\n```'
    await plStories(['answer', 'warmup', text], { folder })
    const screen = openTerminal({ folder, args: ['read', 'warmup'] })
    expect(await screen.ended).toBe(0)
    const shown = await screen.text()
    expect(shown).toContain('We met at 10:30:15, :heart: to std:vector:int.')
    expect(shown).toContain('const a = 1')
  })

  test('list items keep the numbers that people gave them', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup', '1. one\n3. three\n   - nested'], { folder })
    const screen = openTerminal({ folder, args: ['read', 'warmup'] })
    expect(await screen.ended).toBe(0)
    expect(await screen.text()).toMatch(/1\. one\n +3\. three\n +\* nested/)
  })
})

describe('options and help', () => {
  test('help explains a command by its name or its other name', async () => {
    const folder = emptyFolder()
    for (const word of ['start', 'resume'])
      expect((await plStories(['help', word], { folder })).out).toContain('pl-stories start --only b')
    expect((await plStories(['help'], { folder })).out).toContain('help [command]')
  })

  test('the version, and help with an example for each command', async () => {
    const folder = emptyFolder()
    expect((await plStories(['--version'], { folder })).out).toBe(`${about.version}\n`)
    const { out: all } = await plStories(['--help'], { folder })
    const commands = [...all.matchAll(/^ {2}([a-z]+) .*? {2,}/gm)].map(([, name = '']) => name)
    expect(commands).toHaveLength(14)
    for (const command of ['', ...commands.filter(name => name !== 'help')]) {
      const { out, code } = await plStories([command, '--help'].filter(Boolean), { folder })
      expect(code).toBe(0)
      expect(out).toMatch(/Examples?:\n {2}(?:pl-stories|source)/)
      for (const line of out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
    }
  })

  test('a command may come after its options, and what screens show is understood', async () => {
    const folder = emptyFolder()
    const pl = (...args: string[]) => plStories(args, { folder, input: '' })
    expect((await pl('--only', 'b', 'start', '--no-input')).err).toContain('0 of 6 answered, 6 open.')
    expect((await pl('--only', 'Element B', '--no-input')).err).toContain('0 of 6 answered, 6 open.')
    expect((await pl('answer', '2', '- a list\n- of two')).err).toContain('created (a.story.1)')
    expect((await pl('read', 'element a')).out).toContain('- of two')
    expect((await pl('help', 'resume')).out).toContain('Usage: pl-stories start|resume')
    expect((await pl('facilitate', 'equity-30')).err).toMatch(/There is no plan "equity-30"\. Plans: .*60/)
  })

  test.skipIf(process.platform === 'win32')('colors can be chosen, for Markdown too', async () => {
    const folder = emptyFolder()
    const colors = async (env: Record<string, string>, ...args: string[]) => {
      const screen = openTerminal({ folder, env, args: ['read', 'guide', ...args] })
      await screen.ended
      return /\u001b\[[0-9;]*m/.test(screen.raw())
    }
    expect(await colors({})).toBe(true)
    expect(await colors({ NO_COLOR: '1' })).toBe(false)
    expect(await colors({ NO_COLOR: '1' }, '--color')).toBe(true)
    expect(await colors({ FORCE_COLOR: '1' })).toBe(true)
    expect(await colors({ FORCE_COLOR: '1' }, '--no-color')).toBe(false)
    expect(await colors({ FORCE_COLOR: '0' })).toBe(false)
  })

  test('--notes and --guide stand before or after the command', async () => {
    const folder = emptyFolder()
    await plStories(['--notes', 'our notes.md', 'answer', 'warmup', 'x'], { folder })
    const { out } = await plStories(['status', '--notes', 'our notes.md'], { folder })
    expect(out).toContain('1 of 20 answered')
    expect(readdirSync(folder)).toEqual(['our notes.md'])
  })

  test('a name that begins with a dash and holds a space is a name', async () => {
    const folder = emptyFolder()
    await plStories(['answer', 'warmup', '-x y', '--notes', '- our notes.md'], { folder })
    expect(readdirSync(folder)).toEqual(['- our notes.md'])
  })

  test('what goes into a pipe that nobody reads to the end is no mistake', async () => {
    const folder = await begunFolder()
    const { err, code } = await plStories(['read', 'guide'], { folder, closeOutput: true })
    expect(err).toBe('')
    expect(code).toBe(0)
  })

  test.runIf(existsSync('/dev/full') && !process.env.PL_STORIES_WINDOWS)(
    'an output that cannot be written is 3 and a sentence',
    async () => {
      const folder = await begunFolder()
      const { code, err } = await plStories(['export', 'json'], { folder, out: '/dev/full' })
      expect(code).toBe(3)
      expect(err).toMatch(/^The output could not be written: .*\n$/)
    },
  )
})

test('the guide is the one that the notes name, a file beside them too', async () => {
  const folder = emptyFolder()
  const sibling =
    'id: my-guide\nname: mine\ntitle: Mine\nsource: { publisher: Me }\nstories:\n  title: S\n  elements:\n    - id: x\n      title: X\n      story: [{ id: x.story.1, text: Why? }]\n'
  file(folder, 'my-guide.yaml', sibling)
  const { out } = await plStories(['--guide', 'my-guide.yaml'], { folder, input: 'because\n.\n:quit\n' })
  expect(readdirSync(folder).sort()).toEqual(['mine-notes.md', 'my-guide.yaml'])
  expect(out).toContain(`--guide ${join(folder, 'my-guide.yaml')}`)
  const status = await plStories(['status', '--notes', 'mine-notes.md'], { folder })
  expect(status.out).toContain('Mine: 1 of 1 answered')
})

test('what the person wrote outside the marks, and the file’s mode and links, stay', async () => {
  const folder = await begunFolder()
  const mine = `my own first line\n\n${file(folder, NOTES).replace('## Warmup', 'Warming up\n---\n\n## Warmup  ')}my last line`
  mkdirSync(join(folder, 'elsewhere'))
  file(folder, 'elsewhere/real.md', mine)
  chmodSync(join(folder, 'elsewhere/real.md'), 0o640)
  symlinkSync('elsewhere/real.md', join(folder, 'link.md'))
  const { code } = await plStories(['answer', 'action', 'now', '--notes', 'link.md'], { folder })
  expect(code).toBe(0)
  expect(file(folder, 'link.md')).toBe(
    mine.replace('<!-- answer: action -->\n\n', '<!-- answer: action -->\nnow\n'),
  )
  expect(readdirSync(join(folder, 'elsewhere'))).toEqual(['real.md'])
})

describe('bad input gets one clear sentence and exit 2, and nothing is written', () => {
  test('a value with spaces may stand behind an equals sign', async () => {
    const folder = emptyFolder()
    expect((await plStories(['answer', 'warmup', 'x', '--notes=my notes.md'], { folder })).code).toBe(0)
    const { out } = await plStories(['export', '--notes=my notes.md', '--title=Table 1', '-o', '-'], {
      folder,
    })
    expect(out).toContain('# Table 1')
  })

  test('an order or a part in front of the notes that is none is told with its line, and an option takes its place', async () => {
    for (const [name, value, instead] of [
      ['order', 'watchfirst', 'guide'],
      ['only', '[zz]', 'b'],
    ] as const) {
      const folder = emptyFolder()
      file(folder, NOTES, `---\nguide: ca-qpls-equity\n${name}: ${value}\n---\n`)
      const { code, err } = await plStories([], { folder, input: '' })
      expect(code).toBe(2)
      expect(err).toContain(`${NOTES}, in the line "${name}:" at its top: `)
      expect((await plStories([`--${name}`, instead], { folder, input: 'x\n.\n' })).code).toBe(1)
    }
  })

  const BAD: [name: string, args: string[], said: string, notes?: string][] = [
    ['an unknown command', ['strat'], 'There is no command "strat". Did you mean "start"?'],
    ['help on an unknown command', ['help', 'strat'], 'There is no command "strat". Did you mean "start"?'],
    ['a word too many', ['status', 'extra'], 'Too many words: "extra". The command is pl-stories status.'],
    ['words behind start', ['start', 'extra'], 'Too many words: "extra". The command is pl-stories start.'],
    ['a text without quotes', ['answer', 'warmup', 'my', 'words'], 'a text with spaces needs quotes'],
    ['an unknown option', ['--ony', 'a'], 'There is no option --ony. Did you mean --only?'],
    ['an option without its value', ['start', '--only'], 'Missing value: --only <part>'],
    ['an unknown part', ['start', '--only', 'a.stroy'], 'Did you mean "a.story"?'],
    ['an unknown order', ['start', '--order', 'watchfirst'], 'Did you mean "watch-first"?'],
    [
      'an unknown id',
      ['answer', 'a.story.4', 'x'],
      'There is no question "a.story.4" in this guide. Did you mean',
    ],
    ['no text', ['answer', 'warmup'], 'There is no text to record.'],
    ['append and overwrite', ['answer', 'warmup', 'x', '--append', '--overwrite'], 'not both'],
    ['an unknown format', ['export', 'jsn'], 'There is no format "jsn". Did you mean "json"?'],
    ['no notes to export', ['export', 'json'], 'There are no notes yet'],
    ['a part that is none', ['read', 'warmpu'], 'Did you mean "warmup"?'],
    ['a near miss of guide', ['read', 'gide'], 'Did you mean "guide"?'],
    ['a part without a name', ['start', '--only', ''], '"" is not a part of this guide. Parts: warmup,'],
    ['a guide without a name', ['--guide', '', 'status'], '--guide names a guide. Included guides: equity.'],
    [
      'a Word file as notes',
      ['status', '--notes', 'x.docx'],
      'x.docx is a Word file, and notes are Markdown.',
    ],
    ['a ~ that no shell has replaced', ['status', '--notes', '~/x.md'], 'Use the full path: --notes /'],
    ['no such guide', ['--guide', 'eqity'], 'Did you mean "equity"?'],
    ['a guide without its ending', ['--guide', 'own', 'status'], 'Did you mean "own.yaml"?'],
    [
      'a guide that is not one',
      ['--guide', 'other.txt', 'status'],
      'other.txt:1:1: this guide should be a group of fields',
    ],
    ['a file that is no notes', ['--notes', 'other.txt'], 'is not a notes file'],
    ['notes as standard input', ['--notes', '-'], '--notes names a file on your disk'],
    [
      'notes of an unknown guide',
      ['status'],
      'neither included nor beside them',
      '---\nguide: nobody\n---\n',
    ],
    [
      'notes that name a guide by its short name',
      ['status'],
      'beside them. Did you mean "ca-qpls-equity"?',
      '---\nguide: equity\n---\n',
    ],
    ['notes of another guide', ['--guide', 'equity'], 'not on "ca-qpls-equity"', '---\nguide: other\n---\n'],
    [
      'broken notes',
      [],
      `${NOTES}:2: the end mark of the answer to "warmup" is missing`,
      '\n<!-- answer: warmup -->\n',
    ],
  ]
  test.each(BAD)('%s', async (_, args, said, notes) => {
    const folder = emptyFolder()
    file(folder, 'other.txt', 'Dear all,\n')
    file(folder, 'own.yaml', '')
    if (notes) file(folder, NOTES, notes)
    const before = readdirSync(folder)
    const { code, out, err } = await plStories(args, { folder, input: '' })
    expect(err).toContain(said)
    expect(err).not.toMatch(/\n +at |\u0000/)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(readdirSync(folder)).toEqual(before)
    expect(file(folder, 'other.txt')).toBe('Dear all,\n')
    if (notes) expect(file(folder, NOTES)).toBe(notes)
  })

  test('notes that are not UTF-8', async () => {
    const folder = emptyFolder()
    file(folder, NOTES, Buffer.from('<!-- answer: warmup -->\nf\u00fcr\n<!-- /answer -->\n', 'latin1'))
    const { code, err } = await plStories(['answer', 'action', 'x'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('is not UTF-8 text (line 2)')
  })
})
