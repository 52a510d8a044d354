import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TextStore } from '../notes/digest.ts'
import { ioError } from './atomic-file.ts'

/** What a hundred tables write fits in memory; what comes after it goes to a file. */
const MOST_IN_MEMORY = 8 * 1024 * 1024

/**
 * Texts in a fixed amount of memory, however many. The file that takes the rest loses its name as soon as it is
 * made, so that nobody else can open it and no crash leaves it behind.
 */
export class SpillingStore implements TextStore {
  readonly #memory: Buffer[] = []
  #memoryLeft: number
  #file: number | undefined
  #fileEnd = 0
  /** Of each text in the file, where it begins, and how many bytes it has. */
  readonly #begins: number[] = []
  readonly #lengths: number[] = []

  constructor(mostInMemory = MOST_IN_MEMORY) {
    this.#memoryLeft = mostInMemory
  }

  /** @throws UserError (exit 3) if the disk takes no more. */
  put(text: string): number {
    const bytes = Buffer.from(text)
    this.#memoryLeft -= bytes.length
    if (this.#memoryLeft >= 0 && this.#begins.length === 0) return this.#memory.push(bytes) - 1
    try {
      this.#file ??= namelessFile()
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#fileEnd + done)
    } catch (error) {
      throw ioError(error, `set the answers aside in ${tmpdir()}`, 3)
    }
    this.#lengths.push(bytes.length)
    this.#begins.push(this.#fileEnd)
    this.#fileEnd += bytes.length
    return this.#memory.length + this.#begins.length - 1
  }

  get(at: number): string {
    const inFile = at - this.#memory.length
    if (inFile < 0) return this.#memory[at]?.toString() ?? ''
    const begin = this.#begins[inFile] ?? 0
    const bytes = Buffer.alloc(this.#lengths[inFile] ?? 0)
    for (let done = 0; done < bytes.length && this.#file !== undefined; ) {
      const more = readSync(this.#file, bytes, done, bytes.length - done, begin + done)
      if (more === 0) throw new Error('text store: the file is shorter than what was written')
      done += more
    }
    return bytes.toString()
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

function namelessFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'pl-stories-'))
  try {
    return openSync(join(folder, 'answers'), 'wx+', 0o600)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
