import { linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { guideDocument, LAYOUTS } from '../../src/export/guide-document.ts'
import { EQUITY, emptyFolder, file, leaveDraft, plStories } from '../support/helpers.ts'
import { openTerminal } from '../support/terminal.ts'
import { notesWith, rowsOf, WRITERS } from './room.ts'

const LABEL = 'Element A · your PL system · 1 of 3'

function folderWith(answers: Record<string, string>, change = (text: string) => text): string {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'equity-notes.md'), change(notesWith(answers).source.text))
  return folder
}

describe('export markdown', () => {
  test('is the file itself without front matter, marks and our comment, the owner’s words in their place', async () => {
    const answer = 'First line\nsecond line.\n\n\n\nAfter three empty lines, 5 < 6 and snake_case [03:12].'
    const folder = folderWith({ warmup: answer, 'a.story.1': '- a list' }, text =>
      text
        .replace(
          '## PL Story Questions',
          'Ours, *before* the story.\n\n<!-- ours alone -->\n\n## PL Story Questions',
        )
        .replace('<!-- jots -->\n', '<!-- jots -->\n- [03:12] A2 uses data\n')
        .replace('- a list\n<!-- /answer -->\n', '- a list\n<!-- /answer -->\n- our own list\n'),
    )
    const { code, out, err } = await plStories(['export', '--jots'], { folder })
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(answer)
    expect(out).toContain('Ours, *before* the story.\n\n<!-- ours alone -->\n\n## PL Story Questions')
    expect(out).toContain('- [03:12] A2 uses data')
    expect(out).toContain('- a list\n\n* our own list')
    expect(out).toContain(`##### ${LABEL}`)
    expect(out).not.toMatch(/<!-- (?:\/?answer|\/?jots|Write between)|^guide:|^---/m)
    expect(out).toContain('Publisher: California Department of Education')
    expect(out).toContain('unofficial')
  })

  test('reads the same on the screen: empty lines in an answer stay', async () => {
    const folder = folderWith({ warmup: 'one\n\n\n\ntwo' })
    expect((await plStories(['read'], { folder })).out).toContain('one\n\n\n\ntwo')
    expect((await plStories(['read', 'warmup'], { folder })).out).toContain('one\n\n\n\ntwo')
  })

  test('an answer that the guide no longer asks for goes along, and is told of', async () => {
    const folder = folderWith({}, text => `${text}\n<!-- answer: d.story.1 -->\nkept\n<!-- /answer -->\n`)
    for (const args of [['export'], ['export', '--layout', 'compare'], ['export', 'csv']]) {
      const { out, err } = await plStories(args, { folder })
      expect(out).toMatch(/no longer in the guide/i)
      expect(out).toContain('kept')
      expect(err).toContain('d.story.1')
    }
  })
})

test('--layout compare sets each story answer beside the one about your PL system', async () => {
  const folder = folderWith({ 'a.story.1': 'theirs', 'a.comparison.1': 'ours' })
  const { out } = await plStories(['export', 'html', '--layout', 'compare'], { folder })
  expect(out).toMatch(
    /<th scope="col">The story<\/th><th scope="col">Your PL system<\/th>[\s\S]*?the story · 1 of 3[\s\S]*?your PL system · 1 of 3[\s\S]*?theirs[\s\S]*?ours/,
  )
})

test('each of the like questions says which it is, in every layout', async () => {
  const { answers } = notesWith({})
  const likes = EQUITY.questions.filter(({ text }, _, all) => all.filter(one => one.text === text).length > 1)
  expect(likes).toHaveLength(10)
  for (const layout of LAYOUTS) {
    const document = guideDocument(EQUITY, { answers, jots: '' }, { title: 'Notes', facts: [], layout })
    for (const [i, text] of [WRITERS.markdown(document), WRITERS.html(document)].entries())
      for (const { element, kind, number } of likes) {
        // In a table of two columns the words stand once, and the heads of the columns tell the side.
        const side =
          layout === 'compare' && i === 1 ? '' : kind === 'story' ? 'the story · ' : 'your PL system · '
        expect(text).toContain(`${element?.title.slice(0, 9)} · ${side}${number} of 3`)
      }
  }
})

test('--brief says what was discussed, who does what by when, and what was not reached', async () => {
  const folder = folderWith(
    {
      'b.story.2': 'They read one policy a month.\n\nAnd more.',
      action: '- [ ] Share the survey (Ana, by 15 January)\n- Call',
    },
    text => text.replace('format: 1', 'format: 1\ngroup: Table 4'),
  )
  const { out } = await plStories(['export', '--brief'], { folder })
  expect(out).toContain('Table 4')
  expect(out).toContain('2 of 20 questions answered')
  expect(out).toContain('| **Element B** | **How are school and district policies that lead to')
  expect(out).toContain('They read one policy a month. And more.')
  expect(out).toMatch(
    /## Not yet answered\n\nWarmup \(1 question\); Element A · the story \(3 questions\);.*Element B · the story \(2 questions\)/,
  )
})

test('csv has a row for each question and says what it leaves out', async () => {
  const folder = folderWith({ action: '- [ ] =cmd (Ana)' }, text =>
    text
      .replace('## Warmup', 'My own line.\n\n## Warmup')
      .replace('<!-- jots -->\n', '<!-- jots -->\n- one\n- two\n'),
  )
  const { out, err } = await plStories(['export', 'csv'], { folder })
  const rows = rowsOf(out)
  expect(rows).toHaveLength(21)
  expect(rows.at(-1)).toEqual([
    '',
    'Take Action',
    '1',
    '1',
    'action',
    EQUITY.questions.at(-1)?.text,
    'answered',
    '\u200b- [ ] =cmd (Ana)',
  ])
  expect(err).toContain('1 line that you wrote outside the answers and 2 jots')
})

describe('where results go', () => {
  const bytes = (folder: string, name: string) => readFileSync(join(folder, name)).toString('hex')

  test('the ending of -o tells the format, --format overrules it, and - is standard output', async () => {
    const folder = folderWith({ warmup: 'words' })
    for (const name of ['a.docx', 'a.html', 'a.csv', 'a.json', 'a.md'])
      expect(await plStories(['export', '-o', name], { folder })).toMatchObject({ code: 0, out: '' })
    expect(bytes(folder, 'a.docx')).toMatch(/^504b0304/)
    expect(file(folder, 'a.html')).toMatch(/^<!doctype html>/)
    await plStories(['export', '-o', 'page', '--format', 'html'], { folder })
    expect(file(folder, 'page')).toBe(file(folder, 'a.html'))
    expect((await plStories(['export', 'html', '-o', '-'], { folder })).out).toBe(file(folder, 'a.html'))
    expect(await plStories(['export', '-o', 'a.odt'], { folder })).toMatchObject({
      code: 2,
      err: expect.stringContaining('markdown, html, pdf, docx'),
    })
  })

  test('notes, a guide that was read, and links to them are never written over', async () => {
    const folder = folderWith({ warmup: 'words' })
    writeFileSync(
      join(folder, 'mine.yaml'),
      readFileSync(new URL('../../guide/equity.yaml', import.meta.url)),
    )
    writeFileSync(join(folder, 'others.md'), file(folder, 'equity-notes.md'))
    symlinkSync('equity-notes.md', join(folder, 'link.md'))
    linkSync(join(folder, 'equity-notes.md'), join(folder, 'hard.md'))
    const before = ['equity-notes.md', 'mine.yaml', 'others.md'].map(name => file(folder, name))
    for (const name of [
      'equity-notes.md',
      './equity-notes.md',
      'link.md',
      'hard.md',
      'others.md',
      'mine.yaml',
    ]) {
      const args = ['export', 'markdown', '--guide', 'mine.yaml', '--overwrite', '-o', name]
      const { code, err } = await plStories(args, { folder })
      expect({ name, code }).toEqual({ name, code: 2 })
      expect(err).toContain('Name another file with -o')
    }
    expect(await plStories(['handout', '--overwrite', '-o', 'equity-notes.md'], { folder })).toMatchObject({
      code: 2,
    })
    expect(['equity-notes.md', 'mine.yaml', 'others.md'].map(name => file(folder, name))).toEqual(before)
  })

  test('another file stays unless --overwrite is given; the same bytes are no change', async () => {
    const folder = folderWith({ warmup: 'words' })
    file(folder, 'a.html', 'somebody’s page')
    const args = ['export', '-o', 'a.html']
    expect(await plStories(args, { folder })).toMatchObject({
      code: 1,
      err: expect.stringContaining('--overwrite'),
    })
    expect(file(folder, 'a.html')).toBe('somebody’s page')
    expect(await plStories([...args, '--overwrite'], { folder })).toMatchObject({
      code: 0,
      err: expect.stringContaining('changed'),
    })
    expect(await plStories(args, { folder })).toMatchObject({
      code: 0,
      err: expect.stringContaining('unchanged'),
    })
  })

  test('what cannot be written is told, and nothing is left behind', async () => {
    const folder = folderWith({ warmup: 'words' })
    mkdirSync(join(folder, 'folder.html'))
    for (const name of ['folder.html', join('nowhere', 'a.html')])
      expect((await plStories(['export', '-o', name], { folder })).code).toBe(3)
    expect(statSync(join(folder, 'folder.html')).isDirectory()).toBe(true)
  })

  test('on a terminal a page, a Word file and a handout go beside the notes, and the path is said', async () => {
    const folder = folderWith({ warmup: 'words' })
    const files = {
      'equity-notes.html': ['export', 'html'],
      'equity-notes-brief.docx': ['export', 'docx', '--brief'],
      'equity-notes-compare.html': ['export', 'html', '--layout', 'compare'],
      'equity-handout.md': ['handout'],
    }
    await Promise.all(
      Object.entries(files).map(async ([name, args]) => {
        const screen = openTerminal({ folder, args, columns: 200 })
        await screen.shows(`${join(folder, name)}: created`)
        expect(await screen.ended).toBe(0)
      }),
    )
    const screen = openTerminal({ folder, args: ['export', 'csv'], columns: 200 })
    await screen.shows(',Take Action,1,1,action')
    expect(await screen.ended).toBe(0)
  })

  test('a terminal gets no Word file and no control characters', async () => {
    const folder = folderWith({ warmup: 'a \u009b31m b' })
    const word = openTerminal({ folder, args: ['export', 'docx', '-o', '-'], columns: 200 })
    await word.shows("can't be shown in a terminal")
    expect(await word.ended).toBe(2)
    const json = openTerminal({ folder, args: ['export', 'json'], columns: 200 })
    expect(await json.ended).toBe(0)
    expect(json.raw()).not.toContain('\u009b')
  })
})

test('what was being written and is not in the notes is told of', async () => {
  const folder = folderWith({ warmup: 'words' })
  leaveDraft(folder, 'action', 'in the middle of')
  const { code, err } = await plStories(['export'], { folder })
  expect(code).toBe(0)
  expect(err).toContain('action')
  expect(err).toContain('4 words')
})

test('what a format cannot do is said, and nothing is written', async () => {
  const folder = folderWith({ warmup: 'words' })
  for (const [args, said] of [
    [['export', 'htmml'], 'Did you mean "html"?'],
    [['export', '--layout', 'story'], 'Layouts: sequence, compare'],
    [['export', 'csv', '--brief'], '--brief'],
    [['export', 'json', '--layout', 'compare'], '--layout'],
    [['export', 'csv', '--title', 'x'], '--title'],
    [['export', '--brief', '--layout', 'compare'], "can't be used together"],
    [['export', 'html', '--format', 'docx'], "can't be used together"],
    [['export', '--title', ' '], '--title'],
    [['export', 'json', '--jots'], '--jots works only for markdown'],
    [['export', '--only', 'd'], '"d"'],
    [['handout', '--format', 'json'], 'markdown, html, docx or pdf'],
    [['export', '--notes', 'none.md'], 'no notes yet'],
  ] as const) {
    const { code, out, err } = await plStories([...args], { folder })
    expect({ args, code, out }).toEqual({ args, code: 2, out: '' })
    expect(err).toContain(said)
  }
})

test('--title names the page, and a title of the owner’s is kept without it', async () => {
  const folder = folderWith({ warmup: 'x' }, text => text.replace(/^# .*$/m, '# Our hour & "more"'))
  const own = (await plStories(['export', 'html'], { folder })).out
  expect(own).toContain('<h1>Our hour &amp; &quot;more&quot;</h1>')
  expect((await plStories(['export', 'html', '--title', 'Table 1'], { folder })).out).toContain(
    '<title>Table 1</title>',
  )
})

describe('handout', () => {
  test('is the guide with a label and room to write under each question, and needs no notes', async () => {
    const folder = emptyFolder()
    const { code, out } = await plStories(['handout'], { folder })
    expect(code).toBe(0)
    for (const { text } of EQUITY.questions) expect(out).toContain(text)
    expect(out).toContain(LABEL)
    expect(out.match(/^_{20,}$/gm)?.length).toBeGreaterThan(80)
    expect(out).toContain('unofficial')
  })

  test('of a plan, --only takes a part', async () => {
    const folder = emptyFolder()
    const both = await plStories(['handout', 'equity-45', '--only', 'story'], { folder })
    expect(both.out).toContain('the story')
    expect(both.out).not.toContain('Take Action')
    file(
      folder,
      'a.yaml',
      'title: A\nguide: ca-qpls-equity\nminutes: 5\nsteps:\n  - id: a\n    minutes: 5\n    ask: a\n',
    )
    const none = await plStories(['handout', 'a.yaml', '--only', 'b'], { folder })
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('The plan a asks nothing about b.')])
  })

  test('of one element has that element alone', async () => {
    const { out } = await plStories(['handout', '--only', 'b', '--format', 'html'], { folder: emptyFolder() })
    expect(out.match(/class="question"/g)).toHaveLength(6)
    expect(out).toContain('Element B: Systemic Equity')
    expect(out).not.toContain('Take Action')
  })
})

test('every command has an example in its help', async () => {
  const { out } = await plStories(['--help'], { folder: emptyFolder() })
  const names = [...out.matchAll(/^ {2}([a-z]+)\b.* {2}\S/gm)].map(([, name = '']) => name)
  expect(names).toContain('combine')
  for (const name of names.filter(name => name !== 'help')) {
    const help = await plStories([name, '--help'], { folder: emptyFolder() })
    expect(help.out).toMatch(/^Examples?:\n {2}(?:pl-stories|source) /m)
  }
})
