import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Source } from '../domain/errors.ts'
import { ioError } from './atomic-file.ts'
import { badByte } from './utf8.ts'

export interface Input {
  /** Absolute. */
  path: string
  /** As the person knows it. */
  name: string
  /** Whether the person named the file itself, and not only its folder. */
  named: boolean
}

const NOTES = /\.md$/i

/**
 * The files that are meant: each by its name; of a folder its notes, or others that are wanted by their ending,
 * `table-2.md` before `table-10.md`.
 * A file that is not there is among them: whoever reads it tells.
 * @throws UserError (exit 2) if a folder cannot be read.
 */
export async function inputsOf(names: readonly string[], wanted = NOTES): Promise<Input[]> {
  const inputs: Input[] = []
  for (const name of names) {
    const isFolder = await stat(name).then(
      found => found.isDirectory(),
      () => false,
    )
    if (!isFolder) inputs.push({ path: resolve(name), name, named: true })
    else
      for (const file of await filesIn(name, wanted))
        inputs.push({ path: resolve(name, file), name: join(name, file), named: false })
  }
  return inputs
}

async function filesIn(folder: string, wanted: RegExp): Promise<string[]> {
  const names = await readdir(folder).catch(error => {
    throw ioError(error, `read the folder ${folder}`, 2)
  })
  const { compare } = new Intl.Collator('en', { numeric: true })
  return names
    .filter(name => wanted.test(name) && !name.startsWith('.'))
    .sort((a, b) => compare(a, b) || (a < b ? -1 : 1))
}

/** What is no UTF-8 is read as the old encoding of Windows, so that the place can be shown. */
export type Legible = Source & { badAt?: { line: number; column: number } }

/**
 * The text of a file, whatever it holds.
 * @throws UserError (exit 2) if there is none, or it cannot be read.
 */
export async function readLegible({ path, name }: Input): Promise<Legible> {
  const bytes = await readFile(path).catch(error => {
    throw ioError(error, `read ${name}`, 2)
  })
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const at = badByte(bytes, text)
  if (at === undefined) return { name, text }
  const legible = new TextDecoder('windows-1252').decode(bytes)
  const before = legible.slice(0, at).split('\n')
  return { name, text: legible, badAt: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } }
}
