import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { open, readFile, unlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Edited } from './sitting.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** An editor that comes back this fast without a change has probably opened a window and gone on its own. */
const AT_ONCE_MS = 1500

/** The command line of the person's editor: the one asked for, else the first that exists. */
export function chooseEditor(
  asked: string | undefined,
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const wanted = asked || env.VISUAL || env.EDITOR
  if (wanted) return wanted
  if (platform === 'win32') return 'notepad'
  if (env.TERM_PROGRAM === 'vscode' && onPath('code', env)) return 'code --wait'
  return ['nano', 'vi'].find(name => onPath(name, env))
}

function onPath(name: string, env: Environment): boolean {
  return (env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}

/**
 * Hands the text to an editor in a file beside the notes, which stays until it has been read back.
 * Whatever goes wrong, a text comes back: the edited one, or the one given.
 */
export async function editText(
  text: string,
  file: string,
  editor: string | undefined,
  closed: () => Promise<boolean>,
): Promise<Edited> {
  if (!editor)
    return {
      text,
      remark: 'No editor was found. Name one with --editor, for instance --editor nano.',
    }
  const handle = await open(file, 'w', 0o600)
  await handle.writeFile(text === '' ? '' : `${text}\n`).finally(() => handle.close())
  const began = performance.now()
  const code = await run(editor, file)
  let back = await readBack(file)
  if (
    code === 0 &&
    back === withoutLastEnd(text) &&
    performance.now() - began < AT_ONCE_MS &&
    (await closed())
  )
    back = await readBack(file)
  if (back === undefined)
    return {
      text,
      remark: `What the editor left in ${file} is not UTF-8 text, so your answer is as it was. The file stays there.`,
    }
  if (code !== 0) return failed(text, back, file, editor, code)
  await unlink(file)
  return { text: back }
}

async function failed(
  text: string,
  back: string,
  file: string,
  editor: string,
  code: number | null,
): Promise<Edited> {
  const why =
    code === 127
      ? `The editor "${editor}" could not be started`
      : `The editor ended with an error (${code ?? 'a signal'})`
  if (back === withoutLastEnd(text)) {
    await unlink(file)
    return { text, remark: `${why}, so your text is as it was.` }
  }
  return {
    text,
    remark: `${why}, so your text is as it was. What it had written stays in ${file}.`,
  }
}

async function readBack(file: string): Promise<string | undefined> {
  try {
    return withoutLastEnd(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)))
  } catch {
    return existsSync(file) ? undefined : ''
  }
}

/** Editors end a file with a line end of their own. */
const withoutLastEnd = (text: string) => text.replace(/\r?\n$/, '')

function run(editor: string, file: string): Promise<number | null> {
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
      : spawn('sh', ['-c', `${editor} "$@"`, editor, file], {
          stdio: 'inherit',
        })
  // Ctrl+C in an editor is the editor's.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  return new Promise<number | null>(resolve => {
    child.once('error', () => resolve(127))
    child.once('close', code => resolve(code))
  }).finally(() => process.off('SIGINT', ignore))
}
