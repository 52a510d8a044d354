import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseGuide } from '../../src/schema/guide.ts'
import { longGuide } from '../commands/own-guides.ts'
import { BIN } from '../support/place.ts'
import { inTurn, type Program, table, told } from './measure.ts'
import { EQUITY, filledNotes, WORDS } from './samples.ts'

/* Whether the cost grows with the work, and no faster. */

const ROUNDS = 3
const GUIDES = [100, 1000, 10_000]
const GROUPS = [100, 1000, 10_000]

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
