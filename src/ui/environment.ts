import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { withoutComment } from '../domain/interview-protocol.ts'
import type { Edited } from './session-port.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** An editor that comes back this fast without a change has probably opened a window and gone on its own. */
const AT_ONCE_MS = 1500

/** The command line of the person's editor: the one asked for, else the first that exists. */
export function chooseEditor(
  asked: string | undefined,
  env: Environment = process.env,
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

interface Editing {
  text: string
  /** A comment that stands above the text, for the editor alone. */
  above: string
  file: string
  editor: string | undefined
  /** Asks whether an editor that came back at once is done. */
  closed(): Promise<boolean>
  /** Keeps what came back elsewhere, before its file is removed. @returns whether it could be kept. */
  taken(text: string): boolean
}

/**
 * Hands the text to an editor in a file beside the notes, which stays until it has been read back. Whatever goes
 * wrong, a text comes back: the edited one, or the one given.
 */
export async function editText(editing: Editing): Promise<Edited> {
  const { text, above, file, editor } = editing
  if (!editor) return { text, remark: 'No editor found. Name one with --editor, such as --editor nano.' }
  const given = await writeNew(file, above + text).catch((error: NodeJS.ErrnoException) => error)
  if (given instanceof Error) {
    const why = given.code === 'ENOSPC' ? 'the disk is full' : "this folder can't be written"
    return { text, remark: `The editor's file could not be made beside your notes: ${why}.` }
  }
  return withEditor({ ...editing, editor, file: given })
}

/** A file of that name, or of one like it where an older session has left one: it may hold somebody's words. */
async function writeNew(file: string, text: string, again = 0): Promise<string> {
  const name = again === 0 ? file : file.replace(/\.edit\.md$/, `-${again}.edit.md`)
  try {
    await writeFile(name, text === '' ? '' : `${text}\n`, { flag: 'wx', mode: 0o600 })
    return name
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return writeNew(file, text, again + 1)
    await remove(name)
    throw error
  }
}

async function withEditor(editing: Editing & { editor: string }): Promise<Edited> {
  const { text, above, file, editor, closed, taken } = editing
  const began = performance.now()
  const unchanged = (back: string | undefined) => back === withoutLastEnd(text)
  const code = await run(editor, file, above.split('\n').length)
  let back = await readBack(file)
  const atOnce = code === 0 && unchanged(back.text) && performance.now() - began < AT_ONCE_MS
  if (atOnce && (await closed())) back = await readBack(file)
  const failure =
    code === 127
      ? `The editor "${editor}" could not be started`
      : code !== 0 && `The editor ended with an error (${code ?? 'a signal'})`
  const kept = back.text !== undefined && failure && !unchanged(back.text)
  if (back.text !== undefined && !kept && (failure || taken(back.text))) await remove(file)
  if (back.text !== undefined && !failure) return { text: back.text }
  const where = kept ? ` What it wrote is still in ${file}.` : ''
  return { text, remark: `${back.why ?? failure}, so your text is unchanged.${where}` }
}

async function readBack(file: string): Promise<{ text?: string; why?: string }> {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    return { text: withoutComment(withoutLastEnd(decoder.decode(await readFile(file)))) }
  } catch (error) {
    if (error instanceof TypeError) return { why: `The editor's file ${file} is not UTF-8 text` }
    return { why: `The editor's file could not be read (${(error as Error).message})` }
  }
}

/** A file whose text is elsewhere, too. If it can't be removed, the next start finds its text in the notes. */
const remove = (file: string) => rm(file).catch(() => {})

/** Editors end a file with a line end of their own. */
const withoutLastEnd = (text: string) => text.replace(/\r?\n$/, '')

/** Known beforehand, because what a shell says of a missing program is for programmers. */
function isMissing(editor: string): boolean {
  const [program = ''] = editor.trim().split(/\s+/)
  return /^[\w.+-]+$/.test(program) && !onPath(program, process.env)
}

/** Editors that can be told at which line to begin. */
const BEGINS_AT = /^(?:\S*\/)?(?:nano|pico|n?vim?|emacs|micro)(?: |$)/

/** Opens a file at a line, in editors that take one, and waits until it is closed. */
export async function openAtLine(editor: string | undefined, file: string, line: number): Promise<void> {
  if (editor) await run(editor, file, line)
}

async function run(editor: string, file: string, line: number): Promise<number | null> {
  if (process.platform !== 'win32' && isMissing(editor)) return 127
  const at = BEGINS_AT.test(editor.trim()) ? [`+${line}`] : []
  const child =
    process.platform === 'win32'
      ? spawn(`${editor} "${file}"`, { shell: true, stdio: 'inherit' })
      : spawn('sh', ['-c', `${editor} "$@"`, editor, ...at, file], { stdio: 'inherit' })
  return once(child, 'close').then(
    ([code]) => code,
    () => 127,
  )
}

/** Whether a browser or another program can show itself to the person. */
export function canOpen({ DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME }: Environment = process.env): boolean {
  return process.platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY || WSL_DISTRO_NAME)
}

/** Asks the system to show an address or a file, if it can; the address is printed beside it anyway. */
export async function openInBrowser(url: string): Promise<void> {
  if (!canOpen()) return
  const openers: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  }
  const [program, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}

/* Detects a terminal and accessibility needs. */

const isSet = (value: string | undefined) => value !== undefined && value !== '' && value !== '0'

/** Whether what is printed should never be drawn again. */
export const prefersPlain = (accessible = false) =>
  accessible || isSet(process.env.ACCESSIBLE) || process.env.TERM === 'dumb'
