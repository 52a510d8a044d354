import { isUtf8 } from 'node:buffer'
import { type Dirent, existsSync, fstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { inColumns, type Source, stripControls, UserError } from '../domain/errors.ts'
import { readNotes } from '../notes/notes.ts'
import {
  asOnDisk,
  attempt,
  type Content,
  ioError,
  isMissing,
  namesIn,
  piecesOf,
  realTarget,
  specialAt,
  writeAtomically,
} from './atomic-file.ts'
import { deviceAt, print, printAll } from './output.ts'

/**
 * The text of a UTF-8 file, to the character; undefined if there is none. A byte order mark stays in the text.
 * @throws UserError if it cannot be read (exit code `unreadable`) or is not UTF-8 (exit 2).
 */
export async function readText(path: string, unreadable: 2 | 3 = 2): Promise<string | undefined> {
  const bytes = readBytes(path, unreadable)
  return bytes && decoded(path, bytes)
}

/** The bytes of a file, at once: what reads in the background takes longer to load than most files. */
export function readBytes(path: string, unreadable: 2 | 3 = 2, doing = `read ${path}`): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw ioError(error, doing, unreadable)
  }
}

/** @throws UserError (exit 2) if the bytes are not UTF-8 text. */
export function decoded(path: string, bytes: Buffer): string {
  const { text, badAt } = legible(path, bytes)
  if (!badAt) return text
  throw new UserError(
    `${path} is not UTF-8 text (line ${badAt.line}). It was left as it is. Open it in an editor and save it with the encoding UTF-8.`,
  )
}

/** Bytes as a text, whatever they are. What is no UTF-8 is read as the old encoding of Windows, to show the place. */
export function legible(name: string, bytes: Buffer): Source & { badAt?: { line: number; column: number } } {
  if (isUtf8(bytes)) return { name, text: bytes.toString() }
  const again = Buffer.from(bytes.toString())
  const at = bytes.findIndex((byte, i) => byte !== again[i])
  const shown = new TextDecoder('windows-1252').decode(bytes)
  const before = shown.slice(0, at).split('\n')
  return { name, text: shown, badAt: { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 } }
}

/** What a JSON file holds; undefined if it is not there, or was cut off or edited. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Where a result goes. */
export interface Destination {
  /** What `-o` names; `-` is standard output. */
  output?: string | undefined
  overwrite?: boolean | undefined
  /** The file for a person at a terminal, who would not want the text on the screen. */
  beside?: string | undefined
  /** Whether questions about it are asked in plain lines. */
  accessible?: boolean | undefined
  /** What the command reads: never written over. */
  inputs: readonly string[]
}

/**
 * Puts a result where it belongs, and says where that is. Returns the exit code: 1 if a different file is already there.
 * @throws UserError (exit 2) if that would replace notes or an input.
 */
export async function writeResult(content: Content, destination: Destination): Promise<number> {
  const { output, beside } = destination
  const terminal = deviceAt()?.isTTY === true
  // A binary format is wanted in a file of the shell, never in a pipe.
  const aside = terminal || (content instanceof Uint8Array && !fstatSync(1).isFile())
  const path = output && STDOUT.test(output) ? undefined : (output ?? (aside ? beside : undefined))
  if (path !== undefined) return keep(content, resolve(path), destination)
  const refused = "This format can't be shown in a terminal. Name a file with -o, such as -o notes.docx."
  if (terminal && content instanceof Uint8Array) throw new UserError(refused)
  const pieces = piecesOf(content)
  await printAll(terminal ? Array.from(pieces, withoutControls) : pieces)
  return 0
}

/** Under its other names it may be a socket, which cannot be opened, or a file that the shell has just made. */
const STDOUT = /^(?:-|\/dev\/stdout|\/dev\/fd\/1|\/proc\/self\/fd\/1)$/

const withoutControls = (piece: string | Uint8Array) =>
  typeof piece === 'string' ? stripControls(piece) : piece

async function keep(content: Content, path: string, { overwrite, inputs }: Destination) {
  const target = realTarget(path)
  if (specialAt(target)) {
    await writeAtomically(target, content)
    return say(`${path}: written`, 0)
  }
  const before = readBytes(target, 3, `write ${path}`)
  assureNoInput(path, target, before, inputs)
  if (before && isSame(before, content)) return say(`${path}: unchanged`, 0)
  if (before && !overwrite) return say(`${path}: not replaced. ${OTHER}`, 1)
  await writeAtomically(target, content)
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

const OTHER = 'A different file is already there: --overwrite replaces it, -o names another one.'

function say(line: string, exitCode: number): number {
  printNotice(line)
  return exitCode
}

function assureNoInput(path: string, target: string, before: Buffer | undefined, inputs: readonly string[]) {
  const there = attempt(() => statSync(target))
  for (const input of inputs) {
    const one = attempt(() => statSync(input))
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

export interface Input {
  /** Absolute. */
  path: string
  /** As the person knows it. */
  name: string
  /** Whether the person named the file itself, and not only its folder. */
  named: boolean
  /** Why it is not opened, as the rest of a sentence. */
  skipped?: string
}

/** The path of what comes through the pipe. */
export const PIPE = '-'

/** Which files of a folder are meant by their names, else all, and whether those of its folders too. */
type Search = { wanted?: RegExp; recursive?: boolean | undefined }

/**
 * The files that are meant: each by its name, or by a pattern with `*` or `?`, which not every shell replaces; of a
 * folder those that are wanted, `table-2.md` before `table-10.md`.
 * A file that is not there is among them: whoever reads it tells.
 * @throws UserError (exit 2) if a folder cannot be read.
 */
export async function inputsOf(names: readonly string[], search: Search = {}): Promise<Input[]> {
  const inputs: Input[] = []
  for (const name of names.flatMap(expanded)) {
    const there = attempt(() => statSync(name))
    if (name === PIPE) inputs.push({ path: PIPE, name: 'the pipe', named: true })
    else if (there?.isDirectory()) addFolder(name, search, inputs)
    else inputs.push({ path: asOnDisk(resolve(name)), name, named: true })
  }
  return inputs
}

/** What a name with `*` or `?` stands for in its folder; the name itself if it is a file, or stands for nothing. */
function expanded(name: string): string[] {
  const pattern = basename(name)
  if (!/[*?]/.test(pattern) || existsSync(name)) return [name]
  const parts = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
  const meant = new RegExp(`^${parts}$`, process.platform === 'win32' ? 'isu' : 'su')
  const found = namesIn(dirname(name)).filter(each => meant.test(each) && !each.startsWith('.'))
  return found.length > 0 ? inOrder(found).map(each => join(dirname(name), each)) : [name]
}

/** `table-2` before `table-10`. The collator is made here: every start would wait for it. */
function inOrder(names: string[]): string[] {
  const { compare } = new Intl.Collator('en', { numeric: true })
  return names.sort((a, b) => compare(a, b) || (a < b ? -1 : 1))
}

function addFolder(folder: string, search: Search, inputs: Input[]): void {
  const { wanted = /^/, recursive } = search
  const visible = new Map(
    entriesOf(folder).flatMap(each => (UNSEEN.test(each.name) ? [] : [[each.name, each]])),
  )
  const folders: string[] = []
  for (const name of inOrder([...visible.keys()])) {
    const path = join(folder, name)
    const input = { path: resolve(path), name: path, named: false }
    const kind = kindOf(path, visible.get(name))
    if (kind === 'folder') folders.push(path)
    else if (kind !== 'file') inputs.push({ ...input, skipped: kind })
    else inputs.push(wanted.test(name) ? input : { ...input, skipped: 'not a type of file that can be read' })
  }
  if (recursive) for (const each of folders) addFolder(each, search, inputs)
  else if (folders.length > 0)
    inputs.push({ path: resolve(folder), name: folders.join(', '), named: false, skipped: SUBFOLDERS })
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw ioError(error, `read the folder ${folder}`, 2)
  }
}

/** Hidden files, and notes as they were before their marks were fixed. */
const UNSEEN = /^\.|\.orig\d*$/
const SUBFOLDERS = 'not read (--recursive reads subfolders, too)'

/** What stands at a path; what is neither file nor folder in words, because it must not be opened. */
function kindOf(path: string, entry: Dirent | undefined): string {
  if (entry?.isDirectory()) return 'folder'
  if (entry?.isFile()) return 'file'
  const link = entry?.isSymbolicLink()
  if (link && !specialAt(path))
    return attempt(() => statSync(path))?.isDirectory() ? 'is a link to a folder: not followed' : 'file'
  return 'is a device, a pipe or a socket: not opened'
}

/**
 * All that comes through the pipe, as UTF-8 text.
 * @throws UserError if nothing is piped in, with an example, or if it is not UTF-8.
 */
export async function allInput(what: string, example: string): Promise<string> {
  const bytes = await pipedBytes(what, example)
  if (isUtf8(bytes)) return bytes.toString().replace(/^\ufeff/, '')
  throw new UserError('What came through the pipe is not UTF-8 text. Nothing was written.')
}

async function pipedBytes(what: string, example: string): Promise<Buffer> {
  if (process.stdin.isTTY)
    throw new UserError(`Give ${what}, as an argument or through a pipe. Example: ${example}`)
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** @throws UserError (exit 2) if there is no such file, or nothing comes through the pipe that `-` stands for. */
export async function inputBytes({ path, name }: Pick<Input, 'path' | 'name'>): Promise<Buffer> {
  if (path === PIPE)
    return pipedBytes(
      'the answers',
      'pl-stories start --answers answers.yaml, or cat answers.yaml | pl-stories start --answers -',
    )
  const bytes = readBytes(path)
  if (!bytes) throw new UserError(`There is no file ${name}.`)
  return bytes
}

/** Says something beside the result: on standard error, in a window with its lines broken at words. */
export function printNotice(said: string | readonly (string | false | undefined)[]): void {
  const sentences = [said].flat().filter(sentence => typeof sentence === 'string')
  if (sentences.length > 0)
    print(`${inColumns(stripControls(sentences.join('\n')), deviceAt('stderr')?.columns)}\n`, 'stderr')
}
