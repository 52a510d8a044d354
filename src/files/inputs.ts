import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { ioError } from './durable.ts'

export interface Input {
  /** Absolute. */
  path: string
  /** As the person knows it. */
  name: string
  /** Whether the person named the file itself, and not only its folder. */
  named: boolean
}

/**
 * The files that are meant: each by its name; of a folder its .md files, `table-2.md` before `table-10.md`.
 * A file that is not there is among them: whoever reads it tells.
 * @throws UserError (exit 2) if a folder cannot be read.
 */
export async function inputsOf(names: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = []
  for (const name of names) {
    const isFolder = await stat(name).then(
      found => found.isDirectory(),
      () => false,
    )
    if (!isFolder) inputs.push({ path: resolve(name), name, named: true })
    else
      for (const file of await notesIn(name))
        inputs.push({ path: resolve(name, file), name: join(name, file), named: false })
  }
  return inputs
}

async function notesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(error => {
    throw ioError(error, `read the folder ${folder}`, 2)
  })
  const { compare } = new Intl.Collator('en', { numeric: true })
  return names
    .filter(name => /\.md$/i.test(name) && !name.startsWith('.'))
    .sort((a, b) => compare(a, b) || (a < b ? -1 : 1))
}
