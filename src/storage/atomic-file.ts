import fs from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'
import { hashOf } from '../domain/guide.ts'

/** What the system's short words mean, as the second half of a sentence. */
const MEANING: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EISDIR: 'that is a folder, not a file',
  EACCES: "you don't have permission",
  EPERM: "you don't have permission",
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file would be larger than allowed here',
  EIO: 'the disk reported an error',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links form a loop',
  EBUSY: 'another program has the file open',
  EPIPE: 'the program reading it has stopped',
  ENXIO: "it can't be opened as a file",
  EMFILE: 'too many files are open',
}

export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? ''

/** What this gives; undefined where the system refuses: for what is only a convenience, or has another way. */
export function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch (error) {
    if (codeOf(error) === '') throw error
    return undefined
  }
}

export const isMissing = (error: unknown) => codeOf(error) === 'ENOENT'

/** What Windows answers while another program, such as Word or a virus scanner, has the file open. */
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY'])

/** The system's error as a sentence for the person: exit code 3 for writing, 2 for reading. Other errors are our bugs. */
export function ioError(error: unknown, doing: string, exitCode: 2 | 3, platform: string = process.platform) {
  const code = codeOf(error)
  if (error instanceof UserError || code === '') return error
  const why =
    platform === 'win32' && HELD.has(code)
      ? "another program (such as Word or a sync tool) has the file open, or you don't have permission"
      : (MEANING[code] ?? code)
  return new UserError(`Could not ${doing}: ${why}.`, exitCode)
}

/** Where a path really leads, through links, whether or not the file exists. What is no file leads nowhere else. */
export function realTarget(path: string): string {
  try {
    return fs.realpathSync.native(path)
  } catch (error) {
    if (!isMissing(error)) throw ioError(error, `reach ${path}`, 3)
    // A link such as /dev/stdout may lead to a pipe, which has no path.
    if (fs.statSync(path, { throwIfNoEntry: false })) return path
    const folder = dirname(path)
    if (!fs.existsSync(folder)) throw ioError(error, `write in ${folder}`, 3)
    const there = realTarget(folder)
    if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return join(there, basename(path))
    return realTarget(resolve(there, fs.readlinkSync(path)))
  }
}

/** The path as the disk spells it: a letter with an accent may be one character there and two here. */
export function asOnDisk(path: string): string {
  if (!/[^\u0000-\u007f]/.test(path) || fs.existsSync(path)) return path
  const [folder, name] = [asOnDisk(dirname(path)), basename(path).normalize()]
  return join(folder, namesIn(folder).find(each => each.normalize() === name) ?? basename(path))
}

/** What stands at a path, if it is no file and no folder: a device, a pipe or a socket. */
export function specialAt(path: string): 'device' | 'pipe' | undefined {
  // Reading or writing it tells why it can't be reached.
  const there = attempt(() => fs.statSync(path))
  if (!there || there.isFile() || there.isDirectory()) return undefined
  return there.isFIFO() || there.isSocket() ? 'pipe' : 'device'
}

/** File systems take names of 255 bytes, and an ending needs its share. */
const LONGEST_NAME = 200

/** `.NAME.` for the files beside a file that serve it. A long name is cut, and told from others by a hash. */
function hiddenPrefix(path: string): string {
  const name = basename(path)
  const bytes = Buffer.from(name)
  if (bytes.length <= LONGEST_NAME) return `.${name}.`
  const cut = new TextDecoder().decode(bytes.subarray(0, LONGEST_NAME - 20), { stream: true })
  return `.${cut}~${hashOf(name).toString(36)}.`
}

/** `.NAME.ending`, beside the file. */
export const siblingPath = (path: string, ending: string) =>
  join(dirname(path), `${hiddenPrefix(path)}${ending}`)

/** The hidden files beside a file that serve it and have this ending. */
export function siblings(path: string, ending: RegExp, names = namesIn): string[] {
  const prefix = hiddenPrefix(path)
  const isOne = (name: string) => name.startsWith(prefix) && ending.test(name.slice(prefix.length))
  return names(dirname(path)).flatMap(name => (isOne(name) ? [join(dirname(path), name)] : []))
}

/** The names in a folder; none where it cannot be read. */
export const namesIn = (folder: string): string[] => attempt(() => fs.readdirSync(folder)) ?? []

/** Fifty bits that nobody can foretell. Node's crypto would take longer to load than all the rest of a save. */
export const randomToken = () => Math.random().toString(36).slice(2, 12)

/** The hidden names in folders, each of which is read once: a folder may hold thousands of notes. */
export function hiddenNames(): typeof namesIn {
  const known = new Map<string, string[]>()
  return folder => {
    const names = known.get(folder) ?? namesIn(folder).filter(name => name.startsWith('.'))
    known.set(folder, names)
    return names
  }
}

/** What is to be written: whole, or in pieces that are made as they are asked for, from the start each time. */
export type Content = Uint8Array | Iterable<string>

/** About so many characters go to the disk or the pipe at once. */
const ENOUGH = 65_536

/** The content in pieces that are worth a write of their own, none cut within a character. */
export function* piecesOf(content: Content): Generator<string | Uint8Array> {
  if (content instanceof Uint8Array) return yield content
  let pending = ''
  for (const piece of typeof content === 'string' ? [content] : content) {
    // Joined to a large piece, little ones would have it copied.
    if (pending.length + piece.length < ENOUGH) {
      pending += piece
      continue
    }
    if (pending !== '') yield pending
    let from = 0
    while (piece.length - from >= ENOUGH) {
      const isPair = /[\ud800-\udbff]/.test(piece[from + ENOUGH - 1] ?? '')
      const to = from + ENOUGH + (isPair ? 1 : 0)
      yield piece.slice(from, to)
      from = to
    }
    pending = piece.slice(from)
  }
  if (pending !== '') yield pending
}

/**
 * Replaces a file whole, or not at all: a temporary file beside it, fsync, rename, fsync of the folder.
 * Mode and group stay, and the owner where possible; a new file is readable by its owner alone. What is no file is
 * written to. The path must be the file itself, not a link.
 * `confirm` is asked last and may call it off; `token` names the temporary file.
 * @returns whether it was written.
 * @throws UserError (exit 3)
 */
export async function writeAtomically(
  path: string,
  content: Content,
  confirm = () => true,
  token = randomToken(),
): Promise<boolean> {
  try {
    const before = assertReplaceable(path)
    if (before && !before.isFile()) return await writeInto(path, content)
    const temporary = siblingPath(path, `${token}.tmp`)
    try {
      const shared = writeNew(temporary, content, before)
      const done = shared
        ? confirm() && overwrite(path, temporary)
        : await renameOver(temporary, path, confirm).catch(error => {
            // In a sticky folder only its owner may replace a file, and others may still write to it.
            if (!before || process.platform === 'win32' || !HELD.has(codeOf(error))) throw error
            return confirm() && overwrite(path, temporary)
          })
      if (done) syncPath(dirname(path))
      return done
    } finally {
      removeFile(temporary)
    }
  } catch (error) {
    throw ioError(error, `write ${path}`, 3)
  }
}

/** Writes to a device or a pipe, in the background: a pipe waits for its reader. */
async function writeInto(path: string, content: Content): Promise<true> {
  const file = await open(path, 'w')
  try {
    for (const piece of piecesOf(content)) await file.writeFile(piece)
  } finally {
    await file.close()
  }
  return true
}

/** @returns whether the file must not be replaced by this one: it has other names, or its group would lose it. */
function writeNew(temporary: string, content: Content, before: fs.Stats | undefined): boolean {
  const file = fs.openSync(temporary, 'wx', 0o600)
  try {
    for (const piece of piecesOf(content)) fs.writeFileSync(file, piece)
    const shared = before !== undefined && (before.nlink > 1 || !keepsAccess(file, before))
    fs.fsyncSync(file)
    return shared
  } finally {
    fs.closeSync(file)
  }
}

/** Gives a file the owner, group and mode of another. Only root may give files away; the group alone has to do then. */
function keepsAccess(file: number, { uid, gid, mode }: fs.Stats): boolean {
  const now = fs.fstatSync(file)
  const given = (owner: number) => attempt(() => fs.fchownSync(file, owner, gid) ?? true)
  if (process.platform !== 'win32' && (now.uid !== uid || now.gid !== gid) && !given(uid) && !given(-1))
    return false
  if ((mode & 0o7777) !== (now.mode & 0o7777)) fs.fchmodSync(file, mode & 0o7777)
  return true
}

/**
 * Writes into a file what another one holds, which stays beside it, as a copy, until that is done. If the disk is
 * full, the file is as it was: what is longer than before is written first.
 */
function overwrite(path: string, temporary: string): true {
  const bytes = fs.readFileSync(temporary)
  const file = fs.openSync(path, 'r+')
  const copy = temporary.replace(/tmp$/, 'copy')
  try {
    const { size } = fs.fstatSync(file)
    fs.renameSync(temporary, copy)
    syncPath(dirname(copy))
    try {
      writeAt(file, bytes, size, bytes.length)
    } catch (error) {
      fs.ftruncateSync(file, size)
      removeFile(copy)
      throw error
    }
    writeAt(file, bytes, 0, Math.min(size, bytes.length))
    fs.ftruncateSync(file, bytes.length)
    fs.fsyncSync(file)
  } finally {
    fs.closeSync(file)
  }
  removeFile(copy)
  return true
}

function writeAt(file: number, bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; ) at += fs.writeSync(file, bytes, at, to - at, at)
}

/** Copies that {@link overwrite} has left because the computer stopped in the middle of it. */
export const leftCopies = (path: string, names = namesIn) => siblings(path, /^\w+\.copy$/, names)

const RENAME_PATIENCE_MS = 3000

/**
 * Puts a file in the place of another, unless `confirm` calls it off: without a pause between the two, in which
 * somebody could write what the rename would undo. On Windows a file that is held for a moment is waited for.
 */
export async function renameOver(
  from: string,
  to: string,
  confirm: () => boolean,
  { rename = fs.renameSync, platform = process.platform as string } = {},
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

/** Waits until a file, or the names in a folder, are on the disk: only then a rename lasts through a power cut. */
export function syncPath(path: string, flags = 'r'): void {
  try {
    const handle = fs.openSync(path, flags)
    try {
      fs.fsyncSync(handle)
    } finally {
      fs.closeSync(handle)
    }
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
    const now = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
    return now ? [now.dev, now.ino, now.size, now.mtimeNs, now.ctimeNs].join(' ') : ''
  } catch (error) {
    throw ioError(error, `reach ${path}`, 3)
  }
}

/**
 * A rename would replace even a file that its owner has made read-only; we do not.
 * @returns what is there now.
 */
function assertReplaceable(path: string): fs.Stats | undefined {
  const now = fs.statSync(path, { throwIfNoEntry: false })
  if (now?.isDirectory()) throw new UserError(`Could not write ${path}: that is a folder, not a file.`, 3)
  if (now && ((now.mode & 0o222) === 0 || !mayWrite(path)))
    throw new UserError(`Could not write ${path}: it is read-only for you.`, 3)
  return now
}

const mayWrite = (path: string) => attempt(() => fs.accessSync(path, fs.constants.W_OK) ?? true) ?? false

/**
 * Makes sure, before anybody is asked anything, that the file could be written.
 * @throws UserError (exit 3)
 */
export function assertWritable(path: string): void {
  const target = realTarget(path)
  const now = assertReplaceable(target)
  if (now && !now.isFile()) return
  const trial = siblingPath(target, `${randomToken()}.tmp`)
  try {
    fs.closeSync(fs.openSync(trial, 'wx', 0o600))
    fs.unlinkSync(trial)
  } catch (error) {
    throw ioError(error, `write in ${dirname(path)}`, 3)
  }
}

/** When a file was last written, in milliseconds; undefined if there is none that can be reached. */
export const writtenAt = (path: string) => attempt(() => fs.statSync(path).mtimeMs)

/** Removes a file if it is there and can be removed. */
export function removeFile(path: string): void {
  attempt(() => fs.rmSync(path, { force: true }))
}
