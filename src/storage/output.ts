import { fstatSync, writeSync } from 'node:fs'

/*
 * What is printed. The streams that Node makes for it take longer than most commands: a file or a pipe is written
 * without one. Their readers may be gone, which is fine (`| head`); a full disk is reported.
 */

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const
type Name = keyof typeof DESCRIPTORS
const NAMES = Object.keys(DESCRIPTORS) as Name[]

/** The streams that somebody has asked for. */
const made = new Set<Name>()
let failure: NodeJS.ErrnoException | undefined

/** Looks after each stream from when it is first asked for. */
export function watchOutput(): void {
  for (const name of NAMES) {
    const make = Object.getOwnPropertyDescriptor(process, name)?.get
    if (!make) continue
    const get = () => {
      const stream: NodeJS.WriteStream = make.call(process)
      Object.defineProperty(process, name, { value: stream, configurable: true })
      made.add(name)
      stream.on('error', error => {
        if (name === 'stdout') failure ??= error
      })
      // A terminal that tells no size, as under cron, script and expect, has the usual one.
      if (stream.isTTY && !stream.columns) Object.assign(stream, { columns: 80, rows: 24 })
      return stream
    }
    Object.defineProperty(process, name, { get, configurable: true })
  }
}

/** Waits until all is out. @returns why it could not be written. */
export async function outputFailure(): Promise<NodeJS.ErrnoException | undefined> {
  if (made.has('stdout')) await new Promise<void>(written => process.stdout.write('', () => written()))
  return failure
}

/** A terminal, or another device; undefined for a file and for a pipe. */
export const deviceAt = (name: Name = 'stdout'): NodeJS.WriteStream | undefined =>
  made.has(name) || fstatSync(DESCRIPTORS[name]).isCharacterDevice() ? process[name] : undefined

/** Whether a person can be asked at all. */
export const isAttended = () => deviceAt()?.isTTY === true && process.stdin.isTTY

/** Writes a text that is not long. */
export function print(text: string, name: Name = 'stdout'): void {
  const rest = leftOf(text, name)
  if (rest.length > 0) process[name].write(rest)
}

/** Piece by piece, no faster than whoever reads takes it; none after one that could not be written. */
export async function printAll(pieces: Iterable<string | Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    const rest = leftOf(piece, 'stdout')
    if (rest.length === 0) continue
    const error = await new Promise(written => process.stdout.write(rest, written))
    if (error) return
  }
}

/** What is left to the stream: all of it where there is one, and whatever cannot be written at once. */
function leftOf(piece: string | Uint8Array, name: Name): Uint8Array {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
  let at = 0
  try {
    while (at < bytes.length && !deviceAt(name)) at += writeSync(DESCRIPTORS[name], bytes, at)
  } catch {
    // The stream then says why, or waits for the reader.
  }
  return bytes.subarray(at)
}
