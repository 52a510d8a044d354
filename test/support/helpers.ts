import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Guide } from '../../src/domain/guide.ts'
import { readNotes, requireSound } from '../../src/notes/notes.ts'
import { asOnDisk } from '../../src/storage/atomic-file.ts'
import { readText } from '../../src/storage/io.ts'
import { thisProcess } from '../../src/storage/lock.ts'
import { parseGuide } from './guides.ts'
import { BIN, PROGRAM, plainEnv, ROOT } from './place.ts'

export { BIN, PROGRAM, plainEnv, ROOT }

/** A new empty folder, gone after the test. */
export function emptyFolder(): string {
  // The program names real paths; on macOS the folder for temporary files is a long one, and a link.
  const base = process.platform === 'darwin' ? '/tmp' : tmpdir()
  const folder = realpathSync(mkdtempSync(join(base, 'pl-stories-')))
  onTestFinished(() => {
    for (const each of [folder, `${folder}.state`]) rmSync(each, { recursive: true, force: true })
  })
  return folder
}

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface Call {
  folder: string
  input?: string | Buffer
  env?: Record<string, string>
  /** A file that takes standard output. */
  out?: string
  /** Whether whoever reads standard output goes away at once. */
  closeOutput?: boolean
  /** What starts the program: as another user, in a namespace, by a shell that limits it. */
  via?: string[]
}

/** Runs the built program as a shell would, with a pipe at each end. */
export function plStories(args: string[], call: Call): Promise<Ended> {
  const { folder, input = '', env = {}, closeOutput = false, via = [] } = call
  if (process.env.PL_STORIES_WINDOWS) return inWindows(args, call)
  const [program = '', ...words] = [...via, ...PROGRAM]
  const child = spawn(program, [...words, ...args], {
    cwd: folder,
    env: plainEnv(folder, env),
    stdio: ['pipe', call.out === undefined ? 'pipe' : openSync(call.out, 'w'), 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout?.setEncoding('utf8').on('data', text => {
    out += text
  })
  if (closeOutput) child.stdout?.destroy()
  child.stderr?.setEncoding('utf8').on('data', text => {
    err += text
  })
  // Who ends before reading all its input closes the pipe: that is no failure of the test.
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return new Promise(resolve => child.on('close', code => resolve({ code, out, err })))
}

/** The answers in the notes of a folder, as texts. */
export async function answersIn(folder: string, name = 'equity-notes.md'): Promise<Record<string, string>> {
  const notes = requireSound(readNotes({ name, text: (await readText(asOnDisk(join(folder, name)))) ?? '' }))
  const given = [...notes.answers].filter(([, { text }]) => text !== '')
  return Object.fromEntries(given.map(([id, { text }]) => [id, text]))
}

const draftFolder = (folder: string) => join(`${folder}.state`, 'pl-stories', 'drafts')

/** The drafts that are kept for the person who works in a folder. */
export function draftsOf(folder: string): Record<string, unknown>[] {
  const drafts = draftFolder(folder)
  if (!existsSync(drafts)) return []
  const names = readdirSync(drafts).filter(name => name.endsWith('.draft'))
  return names.map(name => JSON.parse(readFileSync(join(drafts, name), 'utf8')))
}

/** A draft as a session leaves it that was killed. */
export function leaveDraft(folder: string, question: string, text: string, notes = 'equity-notes.md'): void {
  const by = thisProcess().split(' ')
  by[3] = '999999'
  const draft = {
    question,
    opened: '',
    text,
    caret: 0,
    notes: join(folder, notes),
    saved: true,
    by: by.join(' '),
  }
  mkdirSync(draftFolder(folder), { recursive: true })
  writeFileSync(join(draftFolder(folder), 'left.draft'), JSON.stringify(draft))
}

/** A file of the folder: written when a text is given, and read. */
export function file(folder: string, name: string, text?: string | Buffer): string {
  const path = join(folder, name)
  if (text !== undefined) writeFileSync(path, text)
  return readFileSync(path, 'utf8')
}

export const EQUITY: Guide = parseGuide({
  name: 'equity.yaml',
  text: readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'),
})

/** Runs the program under Windows' own Node, through the driver of `npm run test:windows`. Z: is the root there. */
function inWindows(args: string[], { folder, input = '', env = {} }: Call): Promise<Ended> {
  const inside = (path: string) => `Z:${path.replaceAll('/', '\\')}`
  const known = plainEnv(folder, env)
  for (const name of ['HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME']) known[name] = inside(known[name] ?? '')
  const words = [inside(BIN), ...args.map(word => (word.startsWith(folder) ? inside(word) : word))]
  const { PATH: _, ...rest } = known
  const asked = { words, folder: inside(folder), env: rest, input: Buffer.from(input).toString('base64') }
  const outside = (text: string) =>
    Buffer.from(text, 'base64')
      .toString()
      .replace(/Z:(\\[^\s"'`]*)/g, (_, path: string) => path.replaceAll('\\', '/'))
  return new Promise((resolve, reject) => {
    const socket = connect(Number(process.env.PL_STORIES_WINDOWS), '127.0.0.1')
    let said = ''
    socket.setEncoding('utf8').on('data', piece => {
      said += piece
    })
    socket.on('error', reject).on('end', () => {
      const { code, out, err } = JSON.parse(said)
      resolve({ code, out: outside(out), err: outside(err) })
    })
    socket.write(`${JSON.stringify(asked)}\n`)
  })
}
