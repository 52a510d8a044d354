import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { notesFile, saveAnswer } from '../../src/files/notes.ts'
import { parseGuide } from '../../src/guide-file.ts'
import type { Measured } from './bench.ts'

const SHIPPED = fileURLToPath(new URL('../guide/equity.yaml', import.meta.url))
const GUIDE = parseGuide({ name: 'equity.yaml', text: readFileSync(SHIPPED, 'utf8') })
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
export async function saveCost(folder: string): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const [name, words] of [
    ['save, 20 answers of 60 words', 60],
    ['save, 20 answers of 100 KB', 20_000],
    ['save, 20 answers of 1 MB', 200_000],
  ] as const)
    measured.push({ name, limit: 2, ...(await compare(join(folder, `${words}.md`), words)) })
  return measured
}

async function compare(path: string, words: number) {
  const file = notesFile(path, GUIDE)
  const text = 'Word '.repeat(words).replace(/(?:Word ){12}/g, line => `${line.trim()}\n`)
  for (const { id } of GUIDE.questions) await saveAnswer(file, id, { text, skipped: false }, '')
  const bytes = readFileSync(path)
  const ours: number[] = []
  const bare: number[] = []
  let before = text
  for (let i = 0; i < ROUNDS; i++) {
    const next = `${text}${i}`
    ours.push(await timed(() => saveAnswer(file, 'b.story.2', { text: next, skipped: false }, before)))
    bare.push(await timed(() => bareSave(`${path}.bare`, bytes)))
    before = next
  }
  return { ratio: median(ours) / median(bare), milliseconds: median(ours) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
