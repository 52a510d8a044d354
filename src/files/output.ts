import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { printable, UserError } from '../errors.ts'
import { readNotes } from '../notes.ts'
import { ioError, isMissing, realTarget, writeDurably } from './durable.ts'

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
export async function deliver(content: string | Uint8Array, destination: Destination): Promise<number> {
  const { output, beside } = destination
  const terminal = process.stdout.isTTY === true
  const path = output === '-' ? undefined : (output ?? (terminal ? beside : undefined))
  if (path !== undefined) return keep(content, resolve(path), destination)
  if (terminal && typeof content !== 'string')
    throw new UserError('This format is no text for a terminal. Name a file with -o, such as -o notes.docx.')
  process.stdout.write(terminal && typeof content === 'string' ? printable(content) : content)
  return 0
}

async function keep(content: string | Uint8Array, path: string, { overwrite, inputs }: Destination) {
  const target = await realTarget(path)
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const before = await readFile(target).catch(error => {
    if (isMissing(error)) return undefined
    throw ioError(error, `write ${path}`, 3)
  })
  await assureNoInput(path, target, before, inputs)
  if (before && Buffer.compare(before, bytes) === 0) return say(`${path}: unchanged`, 0)
  if (before && !overwrite)
    return say(
      `${path}: unchanged. Another file stands there, which was kept. Add --overwrite to replace it, or name another file with -o.`,
      1,
    )
  await writeDurably(target, bytes)
  return say(`${path}: ${before ? 'changed' : 'created'}`, 0)
}

function say(line: string, exitCode: number): number {
  process.stderr.write(`${line}\n`)
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
  if (before && readNotes({ name: path, text: before.toString('utf8') }).isNotes)
    throw new UserError(`${path} is a notes file, which no export replaces. Name another file with -o.`)
}
