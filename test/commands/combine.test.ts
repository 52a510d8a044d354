import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { blankNotes, readNotes, withAnswer, withJots } from '../../src/notes/notes.ts'
import { progress } from '../../src/ui/terminal/renderer.ts'
import { EQUITY, emptyFolder, file, leaveDraft, plStories } from '../support/helpers.ts'
import { openTerminal } from '../support/terminal.ts'

interface Table {
  group?: string
  answers?: Record<string, string>
  skipped?: string[]
  jots?: string
}

/** Writes a notes file as a table leaves it. */
function table(folder: string, name: string, { group, answers = {}, skipped = [], jots }: Table): void {
  let text = blankNotes(EQUITY, { file: 'equity-notes.md', group })
  for (const [id, answer] of Object.entries(answers))
    text = withAnswer(readNotes({ name, text }), EQUITY, id, { text: answer, skipped: false })
  for (const id of skipped)
    text = withAnswer(readNotes({ name, text }), EQUITY, id, { text: '', skipped: true })
  if (jots !== undefined) text = withJots(readNotes({ name, text }), jots)
  file(folder, name, text)
}

/** Three tables, of which the third has only begun. */
function threeTables(): string {
  const folder = emptyFolder()
  table(folder, 'oak.md', {
    group: 'Table 1',
    answers: {
      warmup: 'Equity is named first.',
      'a.story.1': 'Three kinds of data.\n\n- [ ] find the survey (Dee, by May)',
      action: '- [ ] Share the survey (Ana, by 15 January)\n- [ ] Ask students (Ben, by Friday)',
    },
  })
  table(folder, 'elm.md', {
    group: 'Table 2',
    answers: { warmup: 'Systems, not heroes.', action: 'We will visit one another.' },
    skipped: ['a.story.1'],
  })
  table(folder, 'table-3.md', { answers: { warmup: 'La palabra “clima”.' }, jots: '- [03:12] A2 survey' })
  return folder
}

const ALL = ['oak.md', 'elm.md', 'table-3.md']

test('who was not there reads who said what, who said nothing, and what will be done', async () => {
  const folder = threeTables()
  const { code, out, err } = await plStories(['combine', ...ALL], { folder })
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('3 groups · Table 1, Table 2, Table 3')
  expect(out).toContain('3 of 20 questions were answered by at least one group.')
  expect(out).toMatch(
    /\*\*Table 1:\*\*\n\nEquity is named first\.\n\n\*\*Table 2:\*\*\n\nSystems, not heroes\./,
  )
  expect(out).toMatch(
    /Three kinds of data[^#]*\*\*Table 2:\*\*\n\n\*Skipped\.\*\n\n\*\*Table 3:\*\*\n\n\*Not answered yet\.\*/,
  )
  expect(out).toMatch(/## Questions no group answered\n[\s\S]*- Element B · the story \(3 questions\)/)
  expect(out).toContain('| Table 1 | Share the survey | Ana | 15 January |')
  expect(out).toContain('| Table 1 | find the survey | Dee | May |')
  expect(out).toContain('| Table 2 | visit one another | We |  |')
  expect(out).toMatch(/## Jots from the video\n\n### Table 3\n\n- \[03:12\] A2 survey/)
})

test('labels name the groups in turn, one for each file', async () => {
  const folder = threeTables()
  const labels = ['--label', 'Oak', '--label', 'Elm', '--label', 'Ash']
  const { code, out } = await plStories(['combine', ...ALL, ...labels], { folder })
  expect(code).toBe(0)
  expect(out).toContain('Oak, Elm, Ash')
  expect(out).not.toContain('Table 1')
  const { code: wrong, err } = await plStories(['combine', ...ALL, '--label', 'Oak'], { folder })
  expect([wrong, err]).toEqual([2, expect.stringContaining('there are 3 files and 1 label')])
})

test('a folder means its notes, in the order people count', async () => {
  const folder = emptyFolder()
  for (const n of [1, 2, 10]) table(folder, `table-${n}.md`, { answers: { warmup: `Said by ${n}.` } })
  file(folder, 'readings.txt', 'not ours')
  const { code, out } = await plStories(['combine', '.'], { folder })
  expect(code).toBe(0)
  expect(out).toContain('Table 1, Table 2, Table 10')
})

test('one missing, one broken, one empty, a Word file and notes on another guide are told of; the rest is combined', async () => {
  const folder = threeTables()
  file(folder, 'broken.md', '---\nguide: ca-qpls-equity\n---\n\n<!-- answer: warmup -->\nno end\n')
  file(folder, 'other.md', '---\nguide: somebody-elses\n---\n<!-- answer: q -->\nx\n<!-- /answer -->\n')
  file(folder, 'empty.md', '')
  writeFileSync(join(folder, 'latin.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]))
  file(folder, 'table.docx', 'PK\x03\x04 word/')
  const rest = ['gone.md', 'broken.md', 'other.md', 'empty.md', 'latin.md', 'table.docx']
  const { code, out, err } = await plStories(['combine', 'gone.md', ...ALL, ...rest.slice(1)], { folder })
  expect(code).toBe(1)
  expect(out).toContain('3 groups')
  expect(out).toMatch(/## Not in this digest\n\n- gone\.md was not there\n- broken\.md has damaged marks/)
  expect(err).toContain('There is no file gone.md.')
  expect(err).toContain('broken.md:5: the end mark of the answer to "warmup" is missing')
  expect(err).toMatch(/other\.md .*"somebody-elses"/)
  expect(err).toContain('empty.md is empty.')
  expect(err).toContain('latin.md is not UTF-8 text (line 1)')
  expect(err).toContain("table.docx can't be read: the file is damaged.")
})

test('a digest as YAML holds the same as one as JSON', async () => {
  const folder = threeTables()
  const [yaml, json] = await Promise.all(
    ['yaml', 'json'].map(format => plStories(['combine', ...ALL, '--format', format], { folder })),
  )
  expect(parse(yaml?.out ?? '')).toEqual(JSON.parse(json?.out ?? ''))
  expect(yaml?.out).toMatch(/^guide: ca-qpls-equity$/m)
})

test('where nothing is left to combine, nothing is written', async () => {
  const folder = emptyFolder()
  const { code, out, err } = await plStories(['combine', 'gone.md', '-o', 'digest.md'], { folder })
  expect([code, out]).toEqual([2, ''])
  expect(err).toBe('There is no file gone.md.\nNo notes found to combine.\n')
  expect(readdirSync(folder)).toEqual([])
  mkdirSync(join(folder, 'returned/b'), { recursive: true })
  file(folder, 'returned/table-1.pages', 'x')
  file(folder, 'returned/b/table-2.md', 'x')
  expect(await plStories(['combine', 'returned'], { folder })).toMatchObject({
    code: 2,
    err: 'returned/table-1.pages: not a type of file that can be read.\nreturned/b: not read (--recursive reads subfolders, too).\nNo notes found to combine.\n',
  })
})

test('notes on the guide of most are combined, and --guide asks for another', async () => {
  const folder = threeTables()
  file(
    folder,
    'mini.yaml',
    'id: mini\nname: mini\ntitle: Mini\nsource: { publisher: Us }\nstories: { title: Stories, elements: [] }\nwarmup: { title: Start, questions: [{ id: warmup, text: Why? }] }\n',
  )
  file(folder, 'mini.md', '---\nguide: mini\n---\n<!-- answer: warmup -->\nBecause.\n<!-- /answer -->\n')
  const most = await plStories(['combine', 'mini.md', ...ALL], { folder })
  expect([most.code, most.out.includes('Because.')]).toEqual([1, false])
  expect(most.err).toContain('mini.md holds notes on the guide "mini", not on "ca-qpls-equity"')
  const mini = await plStories(['combine', 'mini.md', ...ALL, '--guide', 'mini.yaml'], { folder })
  expect([mini.code, mini.out.includes('Because.')]).toEqual([1, true])
})

test('a copy and a file named twice are taken once, and said so', async () => {
  const folder = threeTables()
  file(folder, 'copy.md', file(folder, 'oak.md'))
  const { code, out, err } = await plStories(['combine', 'oak.md', 'copy.md', './oak.md'], { folder })
  expect(code).toBe(0)
  expect(out).toContain('1 group')
  expect(err).toBe('./oak.md is named twice; counted once.\ncopy.md is identical to oak.md; counted once.\n')
})

test('a digest in the folder is no fault, and last week’s is replaced on demand', async () => {
  const folder = threeTables()
  const once = await plStories(['combine', '.', '-o', 'digest.md'], { folder })
  expect([once.code, once.err]).toEqual([0, `${join(folder, 'digest.md')}: created\n`])
  const again = await plStories(['combine', '.', '-o', 'digest.md'], { folder })
  expect([again.code, again.err]).toEqual([0, `${join(folder, 'digest.md')}: unchanged\n`])
  table(folder, 'table-4.md', { answers: { warmup: 'Late, but here.' } })
  expect((await plStories(['combine', '.', '-o', 'digest.md'], { folder })).code).toBe(1)
  expect((await plStories(['combine', '.', '-o', 'digest.md', '--overwrite'], { folder })).code).toBe(0)
  expect(file(folder, 'digest.md')).toContain('4 groups')
  const other = await plStories(['combine', '.', '-o', 'second.md'], { folder })
  expect([other.code, other.err]).toEqual([0, expect.stringContaining('digest.md is a digest or a brief.')])
  const named = await plStories(['combine', 'oak.md', 'digest.md'], { folder })
  expect(named.code).toBe(1)
})

test('no notes are ever written over', async () => {
  const folder = threeTables()
  const before = file(folder, 'oak.md')
  const { code } = await plStories(['combine', 'elm.md', 'oak.md', '-o', 'oak.md', '--overwrite'], { folder })
  expect(code).toBe(2)
  expect((await plStories(['combine', 'elm.md', '-o', 'oak.md', '--overwrite'], { folder })).code).toBe(2)
  expect(file(folder, 'oak.md')).toBe(before)
})

/** All that a file says, with the files in it where it is a Word file, and their names. */
function insides(bytes: Buffer): string {
  if (!bytes.subarray(0, 2).equals(Buffer.from('PK'))) return bytes.toString()
  const texts: string[] = []
  let at = bytes.readUInt32LE(bytes.length - 22 + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [length, extra, comment] = [
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ]
    const local = bytes.readUInt32LE(at + 42)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const data = bytes.subarray(from, from + bytes.readUInt32LE(at + 20))
    const text = bytes.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)
    texts.push(bytes.toString('utf8', at + 46, at + 46 + length), text.toString())
    at += 46 + length + extra + comment
  }
  return texts.join('\n')
}

test.each([
  ['md'],
  ['html'],
  ['docx'],
  ['csv'],
  ['json'],
  ['md', '--layout', 'compare'],
  ['html', '--brief'],
  ['docx', '--brief'],
])('with --anonymous neither names nor their order are in a %s file %s %s', async (ending, ...variant) => {
  const folder = threeTables()
  const other = emptyFolder()
  for (const [name, as] of Object.entries({
    'oak.md': 'zebra.md',
    'elm.md': 'yak.md',
    'table-3.md': 'xerus.md',
  }))
    file(other, as, file(folder, name).replace(/^group: .*/m, `group: ${as} people`))
  const digest = async (place: string, files: string[]) => {
    const args = ['--anonymous', ...variant, '-o', `d.${ending}`]
    const { code } = await plStories(['combine', ...files, 'gone.md', ...args], { folder: place })
    expect(code).toBe(1)
    return readFileSync(join(place, `d.${ending}`))
  }
  const [one, two] = await Promise.all([
    digest(folder, ALL),
    digest(other, ['xerus.md', 'yak.md', 'zebra.md']),
  ])
  const said = insides(one)
  expect(said).toContain('Systems, not heroes.')
  expect(said).not.toMatch(/Table [123]|table-3|\boak\b|\belm\b|gone|\.md\b/)
  expect(two.equals(one)).toBe(true)
})

test('with --anonymous, who writes their own group’s name is told', async () => {
  const folder = threeTables()
  table(folder, 'oak.md', { group: 'Table 1', answers: { warmup: 'Fine.\nWe at table 1 differ.' } })
  const { err } = await plStories(['combine', ...ALL, '--anonymous'], { folder })
  expect(err).toMatch(/^oak\.md:\d+: names its own group \("Table 1"\), which the digest repeats$/m)
})

test('--layout compare sets the story beside our system, and --brief is one page', async () => {
  const folder = threeTables()
  table(folder, 'oak.md', {
    group: 'Oak',
    answers: { 'a.story.1': 'They do.', 'a.comparison.1': 'We do not.' },
  })
  const compare = await plStories(
    ['combine', 'oak.md', 'elm.md', '--layout', 'compare', '--format', 'html'],
    { folder },
  )
  expect(compare.out).toMatch(/<td>[\s\S]*They do\.[\s\S]*<td>[\s\S]*We do not\.[\s\S]*<\/table>/)
  const brief = await plStories(['combine', ...ALL, '--brief', '--title', 'For Ms. Ortiz'], { folder })
  expect(brief.out).toContain('# For Ms. Ortiz')
  expect(brief.out).toContain('| **Element A** | **How does the PL system use disaggregated')
  expect(brief.out).toContain('## Not yet answered')
})

test('what one person noted for all groups stands there once', async () => {
  const folder = emptyFolder()
  const jots = '- [03:12] a coach'
  table(folder, 'a.md', { group: 'a', answers: { warmup: 'a' }, jots: `${jots}\n- [04:00] ours alone` })
  table(folder, 'b.md', { group: 'b', answers: { warmup: 'b' }, jots })
  const { out } = await plStories(['combine', 'a.md', 'b.md'], { folder })
  expect(out).toMatch(/### All groups\n\n- \[03:12\] a coach\n\n### a\n\n- \[04:00\] ours alone\n/)
  expect(out.match(/a coach/g)).toHaveLength(1)
})

test('on the one page groups take turns', async () => {
  const folder = emptyFolder()
  const names = Array.from({ length: 30 }, (_, i) => `g${i}`)
  for (const name of names) {
    const answers = Object.fromEntries(
      ['warmup', 'a.story.1', 'a.story.2', 'a.story.3', 'b.story.1', 'c.story.1'].map(id => [
        id,
        `${name} says ${'word '.repeat(60)}`,
      ]),
    )
    table(folder, `${name}.md`, { group: name, answers })
  }
  const { out } = await plStories(['combine', '.', '--brief'], { folder })
  // Each answer in a cell is told from the one before by its group.
  const heard = new Set([...out.matchAll(/\*(g\d+):\* \1 says/g)].map(([, name]) => name))
  expect(heard.size).toBeGreaterThan(6)
})

test('for other programs: each answer with who said it, actions and jots', async () => {
  const folder = threeTables()
  const { out } = await plStories(['combine', ...ALL, '--format', 'json'], { folder })
  const digest = JSON.parse(out)
  expect(digest.groups).toEqual(['Table 1', 'Table 2', 'Table 3'])
  expect(digest.questions[1]).toMatchObject({ id: 'a.story.1', skipped: ['Table 2'], open: ['Table 3'] })
  expect(digest.actions).toContainEqual({
    from: 'Table 1',
    what: 'Share the survey',
    who: 'Ana',
    when: 'by 15 January',
    state: 'open',
  })
  expect(digest.jots).toEqual([{ who: 'Table 3', text: '- [03:12] A2 survey' }])
  const csv = await plStories(['combine', ...ALL, '--format', 'csv'], { folder })
  expect(csv.out).toMatch(/^Table 2,Element A: .*,The story,1,3,a\.story\.1,.*,skipped,\r$/m)
  expect(csv.out).toMatch(/^Table 3,Element A: .*,a\.story\.1,.*,open,\r$/m)
})

test('what looks like student information is named once with its place, and not with --no-privacy-check', async () => {
  const folder = threeTables()
  table(folder, 'elm.md', { answers: { warmup: 'Fine.\nHer mother: (916) 555-0123' } })
  table(folder, 'oak.md', { answers: { warmup: 'Only 3 foster youth.' } })
  const { code, err } = await plStories(['combine', ...ALL], { folder })
  expect(code).toBe(0)
  const line =
    1 +
    file(folder, 'elm.md')
      .split('\n')
      .findIndex(words => words.startsWith('Her mother'))
  expect(err).toContain(`elm.md:${line}: looks like a telephone number\n`)
  expect(err).toMatch(/oak\.md:\d+: looks like a count of 10 or fewer in a student group/)
  expect(err.match(/can't find everything/g)).toHaveLength(1)
  const quiet = await plStories(['combine', ...ALL, '--no-privacy-check'], { folder })
  expect(quiet.err).toBe('')
})

test('words that are in no notes yet are told of', async () => {
  const folder = threeTables()
  leaveDraft(folder, 'warmup', 'half a sentence', 'elm.md')
  file(folder, 'oak.md', `${file(folder, 'oak.md')}\nMy own line.\n`)
  const { code, err } = await plStories(['combine', ...ALL], { folder })
  expect(code).toBe(0)
  expect(err).toContain('Not yet in elm.md: what was being written at warmup (3 words).')
  expect(err).toContain('1 line that people wrote outside the answers')
})

test('a link to notes is read, and nothing is left behind', async () => {
  const folder = threeTables()
  mkdirSync(join(folder, 'room'))
  symlinkSync('../oak.md', join(folder, 'room', 'oak.md'))
  const { code, out } = await plStories(['combine', 'room', 'elm.md'], { folder })
  expect([code, out.includes('Table 1, Table 2')]).toEqual([0, true])
  expect(readdirSync(folder).sort()).toEqual(['elm.md', 'oak.md', 'room', 'table-3.md'])
})

test('at a terminal a page is a file beside the notes, and the screen says where', async () => {
  const folder = threeTables()
  const screen = openTerminal({ folder, args: ['combine', ...ALL, '--format', 'html'], columns: 200 })
  expect(await screen.ended).toBe(0)
  expect(await screen.text()).toBe(`${join(folder, 'equity-digest.html')}: created`)
  expect(file(folder, 'equity-digest.html')).toContain('Systems, not heroes.')
})

/** A terminal that keeps what is written to it, and a clock that a test moves. */
function terminal() {
  const out = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: true })
  const clock = { ms: 0 }
  const shown = (spoken: boolean) =>
    progress(
      out as unknown as NodeJS.WriteStream,
      spoken,
      done => `${done} done`,
      () => clock.ms,
    )
  return { clock, shown, written: () => out.read() ?? '' }
}

test('long work says how far it is on one line that it takes away again; short work says nothing', () => {
  const { clock, shown, written } = terminal()
  const work = shown(false)
  work.at(1)
  expect(written()).toBe('')
  clock.ms = 800
  work.at(2)
  work.at(3)
  clock.ms = 1000
  work.at(4)
  work.end()
  expect(written()).toBe('\r2 done\u001b[K\r4 done\u001b[K\r\u001b[K')
})

test('for a screen reader it is a line now and then', () => {
  const { clock, shown, written } = terminal()
  const work = shown(true)
  for (clock.ms = 0; clock.ms < 25_000; clock.ms += 100) work.at(clock.ms / 100)
  work.end()
  expect(written()).toBe('7 done\n107 done\n207 done\n')
})

test.skipIf(process.env.PL_STORIES_BINARY)(
  'cost grows with the number of files, and memory hardly',
  { timeout: 60_000 },
  async () => {
    const folder = emptyFolder()
    const words = 'Access to coaching is not the same at every site, and nobody asked us why. '.repeat(4)
    const answers = Object.fromEntries(EQUITY.questions.map(({ id }) => [id, words]))
    table(folder, 'one.md', { answers })
    const text = file(folder, 'one.md')
    const made = (count: number) => {
      mkdirSync(join(folder, String(count)))
      for (let n = 0; n < count; n++)
        writeFileSync(join(folder, String(count), `t${n}.md`), text.replaceAll('why.', `why (${n}).`))
    }
    file(
      folder,
      'peak.mjs',
      `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS))`,
    )
    const peak = async (count: number) => {
      made(count)
      const env = { NODE_OPTIONS: `--import ${join(folder, 'peak.mjs')}` }
      const { code, err } = await plStories(['combine', String(count), '-o', `${count}.md`], { folder, env })
      expect(code).toBe(0)
      return Number(/peak (\d+)/.exec(err)?.[1]) / 1024
    }
    const few = await peak(100)
    const many = await peak(800)
    expect(many).toBeLessThan(300)
    expect(many - few).toBeLessThan(120)
  },
)
