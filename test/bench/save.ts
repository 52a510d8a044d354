import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { notesStore } from '../../src/session/session.ts'
import { notesFile } from '../../src/storage/notes-file.ts'
import { parseGuide } from '../support/guides.ts'
import { ROOT } from '../support/place.ts'
import { median, table, told } from './measure.ts'

const GUIDE = parseGuide({
  name: 'equity.yaml',
  text: readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'),
})
const ROUNDS = 41

/** The least that a durable save can do with the same bytes. */
async function bareSave(path: string, bytes: Buffer): Promise<void> {
  const file = await open(`${path}.tmp`, 'w')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
  await rename(`${path}.tmp`, path)
  const folder = await open(join(path, '..'))
  await folder.sync()
  await folder.close()
}

/** One answer saved in notes of several sizes, in turn with the bare save of the same bytes. */
export async function saveTable(): Promise<string[]> {
  // Not the temporary folder, which may lie in memory, where nothing is synced.
  const folder = mkdtempSync(join(ROOT, 'dist', 'bench-'))
  try {
    const rows: string[][] = []
    let most = 0
    for (const [name, words] of SIZES) {
      const { ours, bare } = await compare(join(folder, `${words}.md`), words)
      most = Math.max(most, ours / bare)
      rows.push([name, told(ours), told(bare), `${(ours / bare).toFixed(2)} ×`])
    }
    return [...table(['', 'a save', 'bare', ''], rows), ...(most > TARGET ? ['', WHY] : [])]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const TARGET = 1.5
const WHY = `More than ${TARGET} × is what it takes to find the answer, to compare what is there and to encode it: 20 MB of text become bytes once, and nothing of them is known from the save before.`

const SIZES = [
  ['20 answers of 60 words', 60],
  ['20 answers of 20 KB', 4000],
  ['20 answers of 1 MB', 200_000],
] as const

async function compare(path: string, words: number) {
  const desk = notesStore(notesFile(path, GUIDE), async () => {})
  const save = (id: string, text: string, before: string) => desk.save(id, { text, skipped: false }, before)
  const text = 'Word '.repeat(words).replace(/(?:Word ){12}/g, line => `${line.trim()}\n`)
  for (const { id } of GUIDE.questions) await save(id, text, '')
  const bytes = readFileSync(path)
  const ours: number[] = []
  const bare: number[] = []
  let before = text
  for (let i = 0; i < ROUNDS; i++) {
    const next = `${text}${i}`
    // The walk has read the notes to ask the question.
    await desk.answers()
    ours.push(await timed(() => save('b.story.2', next, before)))
    bare.push(await timed(() => bareSave(`${path}.bare`, bytes)))
    before = next
  }
  return { ours: median(ours), bare: median(bare) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
