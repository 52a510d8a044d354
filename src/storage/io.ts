import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { printable, UserError } from '../domain/errors.ts'
import { readNotes } from '../notes/notes.ts'
import { type Content, ioError, isMissing, piecesOf, realTarget, writeDurably } from './atomic-file.ts'
import { tell } from './tell.ts'

/** Where a result goes. */
export interface Destination {
  /** What `-o` names; `-` is standard output. */
  output?: string | undefined
  overwrite?: boolean | undefined
  /** The file for a person at a terminal, who would not want the text on the screen. */
  beside?: string | undefined
  /** What the command reads: never written over. */
  inputs: readonly string[]
}

/**
 * Puts a result where it belongs, and says where that is. Returns the exit code: 1 if another file stands there.
 * @throws UserError (exit 2) if that would replace notes or an input.
 */
export async function deliver(content: Content, destination: Destination): Promise<number> {
  const { output, beside } = destination
  const terminal = process.stdout.isTTY === true
  const path = output === '-' ? undefined : (output ?? (terminal ? beside : undefined))
  if (path !== undefined) return keep(content, resolve(path), destination)
  if (terminal && content instanceof Uint8Array)
    throw new UserError('This format is no text for a terminal. Name a file with -o, such as -o notes.docx.')
  await print(content, terminal)
  return 0
}

/** Piece by piece, no faster than whoever reads takes it. */
async function print(content: Content, terminal: boolean): Promise<void> {
  const pieces = piecesOf(content)
  const shown = terminal
    ? Array.from(pieces, piece => (typeof piece === 'string' ? printable(piece) : piece))
    : pieces
  await pipeline(Readable.from(shown), process.stdout, { end: false }).catch(error => {
    // What becomes of standard output itself is seen to in one place, in cli.ts.
    if (error.syscall !== 'write' && error.code !== 'EPIPE') throw error
  })
}

async function keep(content: Content, path: string, { overwrite, inputs }: Destination) {
  const target = realTarget(path)
  const before = await readFile(target).catch(error => {
    if (isMissing(error)) return undefined
    throw ioError(error, `write ${path}`, 3)
  })
  await assureNoInput(path, target, before, inputs)
  if (before && isSame(before, content)) return say(`${path}: unchanged`, 0)
  if (before && !overwrite)
    return say(
      `${path}: unchanged. Another file stands there, which was kept. Add --overwrite to replace it, or name another file with -o.`,
      1,
    )
  await writeDurably(target, content)
  return say(`${path}: ${before ? 'changed' : 'created'}`, 0)
}

function isSame(before: Buffer, content: Content): boolean {
  let at = 0
  for (const piece of piecesOf(content)) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    if (Buffer.compare(before.subarray(at, at + bytes.length), bytes) !== 0) return false
    at += bytes.length
  }
  return at === before.length
}

function say(line: string, exitCode: number): number {
  tell(line)
  return exitCode
}

async function assureNoInput(
  path: string,
  target: string,
  before: Buffer | undefined,
  inputs: readonly string[],
): Promise<void> {
  const there = await stat(target).catch(() => undefined)
  for (const input of inputs) {
    const one = await stat(input).catch(() => undefined)
    const same = one && there && one.ino === there.ino && one.dev === there.dev
    if (same || resolve(input) === path)
      throw new UserError(`${path} is what this export is made from. Name another file with -o.`)
  }
  if (before && mayBeNotes(before) && readNotes({ name: path, text: before.toString('utf8') }).isNotes)
    throw new UserError(`${path} is a notes file, which no export replaces. Name another file with -o.`)
}

/** Most results are not, and many are too large to be read for nothing. */
const mayBeNotes = (bytes: Buffer) =>
  ['---', '\ufeff---'].some(start => bytes.subarray(0, 6).toString().startsWith(start)) ||
  ['<!-- answer: ', '<!-- jots -->'].some(mark => bytes.includes(mark))
