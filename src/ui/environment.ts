import { spawn } from 'node:child_process'
import { accessSync, constants, rmSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Edited } from './session-port.ts'

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
  const given = await writeNew(file, text).catch((error: NodeJS.ErrnoException) => error)
  if (given instanceof Error) {
    const why = given.code === 'ENOSPC' ? 'the disk is full' : 'nothing may be written beside your notes'
    return { text, remark: `The file for the editor could not be made: ${why}.` }
  }
  return withEditor(text, given, editor, closed)
}

/** A file of that name, or of one like it where an older session has left one: it may hold somebody's words. */
async function writeNew(file: string, text: string, again = 0): Promise<string> {
  const name = again === 0 ? file : file.replace(/\.edit\.md$/, `-${again}.edit.md`)
  try {
    const handle = await open(name, 'wx', 0o600)
    await handle.writeFile(text === '' ? '' : `${text}\n`).finally(() => handle.close())
    return name
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return writeNew(file, text, again + 1)
    throw error
  }
}

async function withEditor(
  text: string,
  file: string,
  editor: string,
  closed: () => Promise<boolean>,
): Promise<Edited> {
  const began = performance.now()
  const code = await run(editor, file)
  let back = await readBack(file)
  if (
    code === 0 &&
    back.text === withoutLastEnd(text) &&
    performance.now() - began < AT_ONCE_MS &&
    (await closed())
  )
    back = await readBack(file)
  if (back.text === undefined) return { text, remark: `${back.why}, so your text is as it was.` }
  if (code !== 0) return failed(text, back.text, file, editor, code)
  removeRead(file)
  return { text: back.text }
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
    removeRead(file)
    return { text, remark: `${why}, so your text is as it was.` }
  }
  return {
    text,
    remark: `${why}, so your text is as it was. What it had written stays in ${file}.`,
  }
}

async function readBack(file: string): Promise<{ text: string } | { text?: undefined; why: string }> {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    return { text: withoutLastEnd(decoder.decode(await readFile(file))) }
  } catch (error) {
    if (error instanceof TypeError) return { why: `What the editor left in ${file} is not UTF-8 text` }
    return { why: `What the editor left could not be read (${(error as Error).message})` }
  }
}

/** Its text has been read: a file that cannot be removed is no loss. */
function removeRead(file: string): void {
  try {
    rmSync(file)
  } catch {
    // The next start finds its text in the notes and removes it.
  }
}

/** Editors end a file with a line end of their own. */
const withoutLastEnd = (text: string) => text.replace(/\r?\n$/, '')

/** What a shell says of a program that is not there is for programmers. */
function isMissing(editor: string): boolean {
  const [program = ''] = editor.trim().split(/\s+/)
  return /^[\w.+-]+$/.test(program) && !onPath(program, process.env)
}

async function run(editor: string, file: string): Promise<number | null> {
  if (process.platform !== 'win32' && isMissing(editor)) return 127
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
      : spawn('sh', ['-c', `${editor} "$@"`, editor, file], {
          stdio: 'inherit',
        })
  return new Promise<number | null>(resolve => {
    child.once('error', () => resolve(127))
    child.once('close', code => resolve(code))
  })
}

/** Asks the system to show an address. Where no program can, the address that is printed beside has to do. */
export async function openInBrowser(url: string): Promise<void> {
  const { spawn } = await import('node:child_process')
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url]
  const child = spawn(program as string, args, {
    stdio: 'ignore',
    detached: true,
  })
  child.on('error', () => {})
  child.unref()
}

/* Who is there, and how it suits them to be spoken to. */

const isSet = (value: string | undefined) => value !== undefined && value !== '' && value !== '0'

/** Whether a person can be asked at all. */
export const isAttended = () => process.stdin.isTTY && process.stdout.isTTY

/** Whether what is printed should never be drawn again. */
export const prefersPlain = (accessible: boolean) =>
  accessible || isSet(process.env.ACCESSIBLE) || process.env.TERM === 'dumb'
