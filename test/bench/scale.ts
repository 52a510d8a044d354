import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Guide } from '../../src/domain/guide.ts'
import { blankNotes, readNotes, withAnswers } from '../../src/notes/notes.ts'
import { parseGuide } from '../../src/schema/guide.ts'
import { longGuide } from '../commands/own-guides.ts'
import { BIN, ROOT } from '../support/place.ts'
import { inTurn, type Program, table, told } from './measure.ts'

/* Whether the cost grows with the work, and no faster. */

const ROUNDS = 3
const GUIDES = [100, 1000, 10_000]
const GROUPS = [100, 1000, 10_000]
const WORDS = 'They look at data every month, and so should we. '

const filled = (guide: Guide, text: (id: string) => string) => {
  const notes = readNotes({ name: 'notes.md', text: blankNotes(guide, { file: 'notes.md' }) })
  const answers = new Map(guide.questions.map(({ id }) => [id, { text: text(id), skipped: false }]))
  return withAnswers(notes, guide, answers)
}

export async function scaleTable(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const pl = (name: string, ...words: string[]): Program => ({ name, words: [BIN, ...words], folder })
  try {
    const programs = [...guides(folder).flatMap(rows => rows(pl)), ...groups(folder).map(row => row(pl))]
    const measured = await inTurn(programs, ROUNDS)
    return table(
      ['', 'takes', 'memory'],
      measured.map(({ name, ms, peak }) => [name, told(ms), `${peak.toFixed(0)} MiB`]),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Pl = (name: string, ...words: string[]) => Program

function guides(folder: string): ((pl: Pl) => Program[])[] {
  return GUIDES.map(size => {
    const text = longGuide(size)
    const guide = parseGuide({ name: 'guide.yaml', text })
    writeFileSync(join(folder, `guide-${size}.yaml`), text)
    writeFileSync(
      join(folder, `notes-${size}.md`),
      filled(guide, () => WORDS),
    )
    const of = ['--guide', `guide-${size}.yaml`, '--notes', `notes-${size}.md`]
    const named = (what: string) => `${what}, a guide of ${size.toLocaleString('en')} questions`
    return pl => [
      pl(named('check'), 'check', `guide-${size}.yaml`),
      pl(named('status'), 'status', ...of),
      pl(named('answer'), 'answer', 'e0.s1', 'Again', '--overwrite', ...of),
      pl(named('export html'), 'export', 'html', '-o', '-', ...of),
    ]
  })
}

function groups(folder: string): ((pl: Pl) => Program)[] {
  const guide = parseGuide({
    name: 'equity.yaml',
    text: readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'),
  })
  return GROUPS.map(size => {
    const place = `groups-${size}`
    mkdirSync(join(folder, place))
    for (let i = 0; i < size; i++)
      writeFileSync(
        join(folder, place, `table-${i}.md`),
        filled(guide, id => `${WORDS.repeat(6)}(${id}, ${i})`),
      )
    return pl =>
      pl(`combine, ${size.toLocaleString('en')} files`, 'combine', place, '--no-privacy-check', '-o', '-')
  })
}
