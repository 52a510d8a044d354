import { readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../domain/errors.ts'
import { hashOf } from '../domain/guide.ts'
import { attempt, codeOf, randomToken, removeFile, siblingPath, writtenAt } from './atomic-file.ts'

/*
 * Whose a file is: process ids are given out again, and two machines or two containers that share a folder have
 * each their own. So a process is known by its machine, that machine's start, its namespace, its id and its start.
 */

let self: string | undefined

/** This process, among all on all machines, as one line. */
export function thisProcess(): string {
  self ??= [hostname(), linux('/proc/sys/kernel/random/boot_id'), namespace(), process.pid, startOf('self')]
    .map(part => String(part).trim().replaceAll(' ', '_') || '-')
    .join(' ')
  return self
}

/** Whether the process that wrote a line of {@link thisProcess} still runs; undefined if nothing here knows. */
export function isAlive(line: string, writtenAt: number): boolean | undefined {
  const [host, boot, space, pid, start] = line.split(' ')
  const [ownHost, ownBoot, ownSpace] = thisProcess().split(' ')
  if (line === thisProcess()) return true
  if (boot !== ownBoot) return host === ownHost ? false : undefined
  if ((boot === '-' && host !== ownHost) || space !== ownSpace) return undefined
  if (!processAlive(Number(pid)) || (boot === '-' && writtenAt < startedAgain())) return false
  return start === '-' || startOf(pid ?? '') === start
}

/** A short name for this process in the names of files, and whether the process of such a name may still run. */
export const sessionName = () => `${machineName()}-${process.pid}`
const machineName = () => hashOf(`${hostname()} ${namespace()}`).toString(36)

export function sessionAlive(name: string, writtenAt: number, elsewhereMs: number): boolean {
  const [machine, pid] = name.split('-')
  if (machine !== machineName()) return Date.now() - writtenAt < elsewhereMs
  return Number(pid) !== process.pid && processAlive(Number(pid)) && writtenAt > startedAgain()
}

/** When the machine was started. */
const startedAgain = () => Date.now() - uptime() * 1000

function processAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // One that has ended stays in the list until its parent asks for it, which may be never in a container.
    return statOf(String(pid))[0] !== 'Z'
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** What Linux tells in /proc; empty elsewhere. */
const linux = (path: string) => attempt(() => readFileSync(path, 'utf8')) ?? ''
const namespace = () => attempt(() => readlinkSync('/proc/self/ns/pid')) ?? ''

/** When a process was started, in ticks since the machine was. The name before it may hold spaces. */
const startOf = (pid: string) => statOf(pid)[19] ?? ''
const statOf = (pid: string) => linux(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []

const PATIENCE_MS = 5000
/** Between making the lock and writing into it lies an instant in which the file is empty. */
const EMPTY_MS = 1000
/** Nobody holds a lock as long: on another machine, or in another container, its process has most likely gone. */
const ELSEWHERE_MS = 3000

export interface Lock {
  /** Names the temporary file of whoever holds the lock. */
  token: string
  /** Whether the lock is still ours; a machine that slept through a save may have lost it. */
  ours(): boolean
  release(): void
}

/**
 * Takes the lock of a file: one beside it, made exclusively, with its holder inside. That of a dead process is taken
 * over at once, with the temporary file it left; that of another machine after three seconds in which it stayed.
 * @throws UserError (exit 3) after five seconds; the system's error if the lock cannot be made.
 */
export async function takeLock(target: string): Promise<Lock> {
  const path = siblingPath(target, 'lock')
  const token = randomToken()
  const mine = `${token} ${thisProcess()}`
  const ours = () => contentOf(path) === mine
  const started = performance.now()
  let seen = { held: '', since: started }
  for (let wait = 1; ; wait = Math.min(wait * 2, 50)) {
    if (make(path, mine)) return { token, ours, release: () => void (ours() && removeFile(path)) }
    const now = performance.now()
    if (now - started > PATIENCE_MS)
      throw new UserError(
        `Another program has been saving these notes for five seconds (${path}). Try again; if nothing else is running, delete that file.`,
        3,
      )
    const held = contentOf(path) ?? ''
    if (held !== seen.held) seen = { held, since: now }
    const [, left, holder = ''] = /^(\w+) (.*)$/.exec(held) ?? []
    const alive = left === undefined ? undefined : isAlive(holder, writtenAt(path) ?? 0)
    const patience = left === undefined ? EMPTY_MS : ELSEWHERE_MS
    if (alive === false || (alive === undefined && now - seen.since > patience)) {
      removeDead(path, held)
      if (left !== undefined && alive === false) removeFile(siblingPath(target, `${left}.tmp`))
    } else await sleep(wait + Math.random() * wait)
  }
}

function make(path: string, mine: string): boolean {
  try {
    writeFileSync(path, mine, { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    const code = codeOf(error)
    // Windows answers EPERM while a deleted file is still open elsewhere.
    if (code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false
    // A full disk may leave it empty.
    if (contentOf(path) === '') removeFile(path)
    throw error
  }
}

const contentOf = (path: string) => attempt(() => readFileSync(path, 'utf8'))

/**
 * Two processes may find the same dead lock. Each renames what it finds to a name of its own and looks again: who has
 * moved somebody's fresh lock aside puts it back. Its holder asks `ours` before the notes are replaced.
 */
function removeDead(path: string, dead: string): void {
  const aside = `${path}.${randomToken()}.tmp`
  try {
    renameSync(path, aside)
  } catch {
    // Somebody else was faster.
    return
  }
  if (contentOf(aside) === dead) removeFile(aside)
  else renameSync(aside, path)
}
