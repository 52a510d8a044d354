import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docx } from '../../src/export/docx.ts'
import { guideDocument } from '../../src/export/guide-document.ts'
import { longGuide } from '../commands/own-guides.ts'
import { parseGuide } from '../support/guides.ts'
import { BIN } from '../support/place.ts'
import { inTurn, type Program, table, told } from './measure.ts'
import { EQUITY, filledNotes, WORDS } from './samples.ts'

/* Whether the cost grows with the work, and no faster. */

const ROUNDS = 3
const GUIDES = [100, 1000, 10_000]
const GROUPS = [100, 1000, 10_000]
const MOST_HANDOUTS = 1000
const TARGET_MS = 10
const WHY = `A Word file was to take ${TARGET_MS} ms. More of it is unpacking and reading markup: the elements of each file are objects, made by htmlparser2, and collected afterwards.`

export async function scaleTable(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-bench-'))
  const pl = (name: string, ...words: string[]): Program => ({ name, words: [BIN, ...words], folder })
  try {
    const programs = [
      ...guides(folder).flatMap(rows => rows(pl)),
      ...[...groups(folder), ...forms(folder)].map(row => row(pl)),
    ]
    const measured = await inTurn(programs, ROUNDS)
    const each = (measured.at(-1)?.ms ?? 0) / MOST_HANDOUTS
    return [
      ...table(
        ['', 'takes', 'memory'],
        measured.map(({ name, ms, peak }) => [name, told(ms), `${peak.toFixed(0)} MiB`]),
      ),
      ...(each > TARGET_MS ? ['', WHY] : []),
    ]
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
      filledNotes(guide, () => WORDS),
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
  return GROUPS.map(size => {
    const place = `groups-${size}`
    mkdirSync(join(folder, place))
    for (let i = 0; i < size; i++)
      writeFileSync(
        join(folder, place, `table-${i}.md`),
        filledNotes(EQUITY, id => `${WORDS.repeat(6)}(${id}, ${i})`),
      )
    return pl =>
      pl(`combine, ${size.toLocaleString('en')} files`, 'combine', place, '--no-privacy-check', '-o', '-')
  })
}

/** Word files of about 50 KB that people filled in, and a form of 30 people by 20 questions. */
function forms(folder: string): ((pl: Pl) => Program)[] {
  const heads = EQUITY.questions.map(({ id }) => id).join(',')
  const rows = Array.from({ length: 30 }, (_, n) =>
    EQUITY.questions.map(({ id }) => `"${WORDS}(${id} ${n})"`).join(','),
  )
  writeFileSync(join(folder, 'form.csv'), `${[heads, ...rows].join('\n')}\n`)
  const handouts = [100, MOST_HANDOUTS].map(size => {
    const place = `handouts-${size}`
    mkdirSync(join(folder, place))
    for (let i = 0; i < size; i++) writeFileSync(join(folder, place, `table-${i}.docx`), filledHandout(i))
    return (pl: Pl) =>
      pl(
        `combine, ${size.toLocaleString('en')} Word files`,
        'combine',
        place,
        '--no-privacy-check',
        '-o',
        '-',
      )
  })
  return [
    pl => pl('combine, a form of 30 people by 20 questions', 'combine', 'form.csv', '-o', '-'),
    ...handouts,
  ]
}

/** Words that can't be packed well. */
function filledHandout(seed: number): Uint8Array {
  const noise = (i: number) => createHash('sha512').update(`${seed} ${i}`).digest('hex')
  const text = (question: number) =>
    Array.from({ length: 30 }, (_, i) => noise(question * 100 + i).replace(/(.{7})/g, '$1 ')).join('\n\n')
  const answers = new Map(EQUITY.questions.map(({ id }, i) => [id, { text: text(i), skipped: false }]))
  return docx(guideDocument(EQUITY, { answers, jots: '' }, { title: EQUITY.title, facts: [] }))
}
