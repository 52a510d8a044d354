import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TextStore } from '../notes/digest.ts'
import { ioError } from './atomic-file.ts'

/** What a hundred tables write fits in memory; what comes after it goes to a file. */
const MOST_IN_MEMORY = 2 * 1024 * 1024
/** So much goes to the file at once, and comes from it where texts are told in the order in which they came. */
const CHUNK = 16_384
/** Before each text stands how many bytes it has. */
const HEAD = 4
/** Few texts have more. */
const LIKELY = 1024

/** A part of the file that is still being filled. */
interface Chunk {
  bytes: Buffer
  used: number
  begin: number
}

/**
 * Texts in a fixed amount of memory, however many. The file that takes the rest loses its name as soon as it is
 * made, so that nobody else can open it and no crash leaves it behind. What is told one after the other stands together
 * in it.
 */
export class SpillingStore implements TextStore {
  readonly #memory: Buffer[] = []
  #memoryLeft: number
  #file: number | undefined
  #fileEnd = 0
  readonly #chunks = new Map<string, Chunk>()
  /** What was read last, from where. */
  #read: Pick<Chunk, 'bytes' | 'begin'> = { bytes: Buffer.alloc(0), begin: 0 }

  constructor(mostInMemory = MOST_IN_MEMORY) {
    this.#memoryLeft = mostInMemory
  }

  /** @throws UserError (exit 3) if the disk takes no more. */
  put(text: string, beside: string): number {
    const bytes = Buffer.from(text)
    this.#memoryLeft -= bytes.length
    if (this.#memoryLeft >= 0 && this.#fileEnd === 0) return this.#memory.push(bytes) - 1
    let chunk = this.#chunks.get(beside)
    if (!chunk || chunk.used + HEAD + bytes.length > chunk.bytes.length) {
      if (chunk) this.#write(chunk)
      const size = Math.max(CHUNK, HEAD + bytes.length)
      chunk = { bytes: Buffer.allocUnsafe(size), used: 0, begin: this.#fileEnd }
      this.#chunks.set(beside, chunk)
      this.#fileEnd += size
    }
    const begin = chunk.begin + chunk.used
    chunk.used = chunk.bytes.writeUInt32LE(bytes.length, chunk.used)
    chunk.used += bytes.copy(chunk.bytes, chunk.used)
    return this.#memory.length + begin
  }

  #write({ bytes, used, begin }: Chunk): void {
    try {
      this.#file ??= namelessFile()
      for (let done = 0; done < used; ) done += writeSync(this.#file, bytes, done, used - done, begin + done)
    } catch (error) {
      throw ioError(error, `set the answers aside in ${tmpdir()}`, 3)
    }
  }

  get(at: number): string {
    const begin = at - this.#memory.length
    if (begin < 0) return this.#memory[at]?.toString() ?? ''
    for (const chunk of this.#chunks.values()) this.#write(chunk)
    // Clearing a map allocates a new table, even if it was empty.
    if (this.#chunks.size > 0) this.#chunks.clear()
    const head = this.#reach(begin, HEAD, LIKELY)
    const length = this.#read.bytes.readUInt32LE(head)
    const from = this.#reach(begin + HEAD, length, length)
    return this.#read.bytes.toString('utf8', from, from + length)
  }

  /** Where a part of the file stands in what was read last. More is read where it goes on from there. */
  #reach(begin: number, length: number, wanted: number): number {
    const from = begin - this.#read.begin
    if (from >= 0 && from + length <= this.#read.bytes.length) return from
    const goesOn = from >= 0 && from <= this.#read.bytes.length
    this.#read = { bytes: this.#bytesAt(begin, length, goesOn ? CHUNK : wanted), begin }
    return 0
  }

  /** At least so many bytes, up to as many as are wanted. */
  #bytesAt(begin: number, least: number, wanted: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(least, wanted))
    let done = 0
    for (let more = 1; more > 0 && done < bytes.length && this.#file !== undefined; done += more)
      more = readSync(this.#file, bytes, done, bytes.length - done, begin + done)
    if (done < least) throw new Error('text store: the file is shorter than what was written')
    return bytes.subarray(0, done)
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
