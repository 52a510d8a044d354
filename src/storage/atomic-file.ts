import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'

/** What the system's short words mean, as the second half of a sentence. */
const MEANING: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'that is a folder, not a file',
  EACCES: 'you are not allowed to',
  EPERM: 'you are not allowed to',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EFBIG: 'the file would be larger than allowed here',
  EIO: 'the disk reported an error',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links lead in a circle',
  EBUSY: 'another program holds the file',
  EMFILE: 'too many files are open',
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? ''
export const isMissing = (error: unknown) => codeOf(error) === 'ENOENT'

/** The system's error as a sentence for the person: exit code 3 for writing, 2 for reading. Other errors are our bugs. */
export function ioError(error: unknown, doing: string, exitCode: 2 | 3): unknown {
  const code = codeOf(error)
  if (error instanceof UserError || code === '') return error
  return new UserError(`Could not ${doing}: ${MEANING[code] ?? code}.`, exitCode)
}

/**
 * The text of a UTF-8 file, to the character; undefined if there is none. A byte order mark stays in the text.
 * @throws UserError if it cannot be read (exit code `unreadable`) or is not UTF-8 (exit 2).
 */
export async function readText(path: string, unreadable: 2 | 3 = 2): Promise<string | undefined> {
  let bytes: Buffer
  try {
    // At once: what reads in the background takes longer to load than most files.
    bytes = readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw ioError(error, `read ${path}`, unreadable)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UserError(
      `${path} is not UTF-8 text (line ${lineOfBadByte(bytes)}). It was left as it is. Open it in an editor and save it with the encoding UTF-8.`,
    )
  }
}

/** Where a path really leads, through links, whether or not the file exists. */
export function realTarget(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    if (!isMissing(error)) throw ioError(error, `reach ${path}`, 3)
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
      throw new UserError(`${path} is a link that leads nowhere.`, 3)
    return join(realFolder(dirname(path)), basename(path))
  }
}

function realFolder(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    throw ioError(error, `write in ${path}`, 3)
  }
}

/** `.NAME.PID.ending`, beside the file. The process id tells whose it is once that process is gone. */
export function siblingPath(path: string, ending: string, pid: number | '' = process.pid): string {
  return join(dirname(path), `.${basename(path)}${pid === '' ? '' : `.${pid}`}.${ending}`)
}

/** What is to be written: whole, or in pieces that are made as they are asked for, from the start each time. */
export type Content = Uint8Array | Iterable<string>

/** So many characters go to the disk or the pipe at once. */
const ENOUGH = 65_536

/** The content in pieces that are worth a write of their own. */
export function* piecesOf(content: Content): Generator<string | Uint8Array> {
  if (content instanceof Uint8Array || typeof content === 'string') return yield content
  let pending = ''
  for (const piece of content) {
    pending += piece
    if (pending.length < ENOUGH) continue
    yield pending
    pending = ''
  }
  if (pending !== '') yield pending
}

/**
 * Replaces a file whole, or not at all: a temporary file beside it, fsync, rename, fsync of the folder.
 * The mode stays; a new file is readable by its owner alone. The path must be the file itself, not a link.
 * `confirm` is asked last before the rename and may call it off.
 * @returns whether it was written.
 * @throws UserError (exit 3)
 */
export async function writeAtomically(
  path: string,
  content: Content,
  confirm = () => true,
): Promise<boolean> {
  const temporary = siblingPath(path, 'tmp')
  try {
    const before = assureReplaceable(path)
    const file = await open(temporary, 'w', 0o600)
    try {
      if (before && (before.mode & 0o7777) !== 0o600) await file.chmod(before.mode & 0o7777)
      if (before && (before.uid !== process.getuid?.() || before.gid !== process.getgid?.())) {
        // Only the owner of the machine may give files away; for others the file becomes theirs, as with any editor.
        await file.chown(before.uid, before.gid).catch(() => {})
      }
      // At once: in the background a long text would first be copied as bytes.
      for (const piece of piecesOf(content)) writeFileSync(file.fd, piece)
      await file.sync()
    } finally {
      await file.close()
    }
    const confirmed = await renameOver(temporary, path, confirm)
    if (confirmed) await syncFolder(dirname(path))
    // A crash elsewhere may have cleared it away.
    else await unlink(temporary).catch(() => {})
    return confirmed
  } catch (error) {
    await unlink(temporary).catch(() => {})
    throw ioError(error, `write ${path}`, 3)
  }
}

/** What Windows says while another program, such as Word or a scanner for viruses, has the file open. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY'])
const RENAME_PATIENCE_MS = 3000

/**
 * Puts a file in the place of another, unless `confirm` calls it off: without a pause between the two, in which
 * somebody could write what the rename would undo. On Windows a file that is held for a moment is waited for.
 */
export async function renameOver(
  from: string,
  to: string,
  confirm: () => boolean,
  {
    rename = renameSync,
    platform = process.platform,
  }: { rename?: typeof renameSync; platform?: string } = {},
): Promise<boolean> {
  for (let wait = 10; ; wait *= 2) {
    if (!confirm()) return false
    try {
      rename(from, to)
      return true
    } catch (error) {
      if (platform !== 'win32' || !HELD.has(codeOf(error)) || wait > RENAME_PATIENCE_MS / 2) throw error
      await sleep(wait)
    }
  }
}

/** A rename lasts through a power cut once its folder is on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch (error) {
    // Windows, some network disks and folders one may not list cannot do it; there the rename has to suffice.
    if (!CANNOT_SYNC.has(codeOf(error))) throw error
  }
}

const CANNOT_SYNC = new Set(['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'])

/**
 * Tells one state of a file from another: whoever replaces or writes it, with or without our lock, changes this.
 * An empty text if there is no file.
 */
export function versionOf(path: string): string {
  try {
    const now = statSync(path, { bigint: true, throwIfNoEntry: false })
    return now ? [now.dev, now.ino, now.size, now.mtimeNs, now.ctimeNs].join(' ') : ''
  } catch (error) {
    throw ioError(error, `reach ${path}`, 3)
  }
}

/**
 * A rename would replace even a file that its owner has made read-only; we do not.
 * @returns what stands there now.
 */
function assureReplaceable(path: string): Stats | undefined {
  const now = statSync(path, { throwIfNoEntry: false })
  if (now?.isDirectory()) throw new UserError(`Could not write ${path}: that is a folder, not a file.`, 3)
  if (now && ((now.mode & 0o222) === 0 || !mayWrite(path)))
    throw new UserError(`Could not write ${path}: the file is read-only.`, 3)
  return now
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Makes sure, before anybody is asked anything, that the file could be written.
 * @throws UserError (exit 3)
 */
export function assertWritable(path: string): void {
  const target = realTarget(path)
  assureReplaceable(target)
  const trial = siblingPath(target, 'tmp')
  try {
    closeSync(openSync(trial, 'w', 0o600))
    unlinkSync(trial)
  } catch (error) {
    throw ioError(error, `write in ${dirname(path)}`, 3)
  }
}

/** Makes a folder with all above it; one that exists is fine. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
}

/* Where in a file is what should be UTF-8, and is not. */

/** The offset of the first byte that is not UTF-8. `decoded` is the text of the bytes, with a sign in place of each such. */
export function badByte(bytes: Buffer, decoded: string): number | undefined {
  // That sign may also have been written as itself.
  for (
    let at = decoded.indexOf('\ufffd'), offset = 0, from = 0;
    at !== -1;
    at = decoded.indexOf('\ufffd', at + 1)
  ) {
    offset += Buffer.byteLength(decoded.slice(from, at))
    from = at
    if (!bytes.subarray(offset, offset + 3).equals(REPLACEMENT)) return offset
  }
  return undefined
}

const REPLACEMENT = Buffer.from('\ufffd')

/** Its line, counted from 1. */
export function lineOfBadByte(bytes: Buffer): number {
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return bytes.subarray(0, badByte(bytes, decoded)).toString('latin1').split('\n').length
}

const LOCK_PATIENCE_MS = 5000
/** A lock is held for one read, change and write. One this old belongs to a process id that was given out again. */
const STALE_MS = 60_000
/** Between making the lock and writing the process id into it lies an instant in which the file is empty. */
const EMPTY_MS = 1000

export function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export interface Held {
  /** Whether the lock is still ours; a machine that slept through a save may have lost it, or see `takeOver`. */
  ours(): boolean
  release(): void
}

/**
 * Takes the lock: a file made exclusively, with the process id inside. One left by a dead process is taken over,
 * and `afterCrash` is told that process's id so that its litter can be cleared.
 * @throws UserError (exit 3) after five seconds; the system's error if the file cannot be made.
 */
export async function takeLock(path: string, afterCrash: (pid: number) => Promise<void>): Promise<Held> {
  const mine = `${process.pid} ${performance.timeOrigin} ${performance.now()}`
  const started = Date.now()
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    if (make(path, mine))
      return {
        ours: () => content(path) === mine,
        release() {
          if (content(path) === mine) rmSync(path, { force: true })
        },
      }
    const dead = await deadHolder(path)
    if (dead !== undefined) await takeOver(path, dead, afterCrash)
    else if (Date.now() - started > LOCK_PATIENCE_MS) {
      throw new UserError(
        `Another program has been saving these notes for five seconds (${path}). Try again; if nothing else is running, delete that file.`,
        3,
      )
    } else await sleep(wait + Math.random() * wait)
  }
}

function make(path: string, mine: string): boolean {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Windows answers EPERM while a deleted file is still open elsewhere.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false
    throw error
  }
  try {
    writeSync(file, mine)
  } catch (error) {
    unlinkSync(path)
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

function content(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What stands in the lock if its holder is gone. */
async function deadHolder(path: string): Promise<string | undefined> {
  const held = content(path)
  const since = await stat(path).catch(() => undefined)
  if (held === undefined || !since) return undefined
  const age = Date.now() - since.mtimeMs
  const pid = Number.parseInt(held, 10)
  if (Number.isNaN(pid)) return age > EMPTY_MS ? held : undefined
  return !processAlive(pid) || age > STALE_MS ? held : undefined
}

/**
 * Two processes may find the same dead lock. Each renames what it finds to a name of its own and looks again:
 * who has moved somebody's fresh lock aside puts it back. Its holder asks `ours` before the notes are replaced,
 * cannot have replaced them meanwhile without it, and begins again.
 */
async function takeOver(
  path: string,
  dead: string,
  afterCrash: (pid: number) => Promise<void>,
): Promise<void> {
  const aside = `${path}.${process.pid}.tmp`
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if (content(aside) !== dead) {
    await rename(aside, path)
    return
  }
  await unlink(aside)
  const pid = Number.parseInt(dead, 10)
  if (!Number.isNaN(pid) && !processAlive(pid)) await afterCrash(pid)
}
