import { readdirSync, readFileSync, statSync } from 'node:fs'
import { uptime } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { type Answers, answerTo, stored } from '../domain/answers.ts'
import type { Draft } from '../domain/face.ts'
import { besides, realTarget, versionOf } from './atomic-file.ts'
import { removeFile, SAID } from './drafts.ts'
import { processAlive } from './lock.ts'

/* What sessions that broke off have left beside the notes, under the id of their process. */

export interface LeftDraft {
  draft: Draft
  path: string
}

/** The drafts that no living session writes, the newest first. */
export function leftDrafts(target: string): LeftDraft[] {
  return leftFiles(target, /^(\d+)(?:\.said)?\.draft$/).flatMap(path => {
    // What is being said in this session will come to its place.
    if (path === besides(target, SAID)) return []
    const draft = readDraft(path)
    return draft ? [{ draft, path }] : []
  })
}

/** Those files of a folder beside which drafts lie. */
export function namesWithDrafts(folder: string): Set<string> {
  const drafts = namesIn(folder).map(name => /^\.(.+?)\.\d+(?:\.said)?\.draft$/.exec(name)?.[1])
  return new Set(drafts.filter(name => name !== undefined))
}

/** The drafts beside the notes at a path whose words are not in them. */
export async function unsavedDrafts(path: string, answers: Answers): Promise<Draft[]> {
  const target = versionOf(path) === '' ? path : realTarget(path)
  const drafts = leftDrafts(target).map(({ draft }) => draft)
  return drafts.filter(draft => !saysNothingNew(draft, answers))
}

/** Whether a draft says no more than the notes, or than what its session set out from. */
export function saysNothingNew(draft: Draft, answers: Answers): boolean {
  const text = stored(draft.text)
  return text === '' || text === stored(draft.opened) || text === answerTo(answers, draft.question).text
}

/** A file for an editor, or what nano and vim keep of it when they are killed. */
const EDIT = /^(\d+)(?:-\d+)?\.edit\.md(?:\.save(?:\.\d+)?|\.sw[a-p])?$/
/** No text, so nothing can tell whether its words are in the notes. */
export const isSwapFile = (path: string) => /\.sw[a-p]$/.test(path)

/**
 * The files that were open in an editor, and the copies that editors made of them, the newest first. Those whose
 * text is in the notes by now are removed.
 */
export function leftEdits(target: string, answers: Answers): string[] {
  const known = new Set([...answers.values()].map(({ text }) => text))
  return leftFiles(target, EDIT).filter(path => {
    if (isSwapFile(path)) return true
    const text = textOf(path)
    if (text === undefined || (text !== '' && !known.has(text))) return true
    removeFile(path)
    return false
  })
}

/** Undefined for a file that somebody else may read alone, which is told of as well. */
function textOf(path: string): string | undefined {
  try {
    return stored(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Clears the temporary files of writes that a crash cut short. */
export function clearLitter(target: string): void {
  for (const path of leftFiles(target, /^(?:lock\.)?(\d+)(?:(?:\.said)?\.draft(?:\.\d+)?)?\.tmp$/))
    removeFile(path)
}

/** The files `.NAME.…` beside the notes that match and whose process is gone, the newest first. */
function leftFiles(target: string, pattern: RegExp): string[] {
  const prefix = `.${basename(target)}.`
  const left: { path: string; at: number }[] = []
  for (const name of namesIn(dirname(target))) {
    const pid = name.startsWith(prefix) ? pattern.exec(name.slice(prefix.length))?.[1] : undefined
    if (pid === undefined) continue
    const path = join(dirname(target), name)
    const at = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (at !== undefined && !writerAlive(Number(pid), at)) left.push({ path, at })
  }
  return left.sort((a, b) => b.at - a.at).map(({ path }) => path)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A process id is given out again after the machine was started anew; a file from before is nobody's. */
function writerAlive(pid: number, writtenAt: number): boolean {
  const startedAt = Date.now() - uptime() * 1000
  return pid !== process.pid && processAlive(pid) && writtenAt > startedAt
}

function readDraft(path: string): Draft | undefined {
  try {
    const { question, opened, text, caret } = JSON.parse(readFileSync(path, 'utf8')) as Partial<Draft>
    if (typeof question !== 'string' || typeof opened !== 'string' || typeof text !== 'string')
      return undefined
    return { question, opened, text, caret: typeof caret === 'number' ? caret : text.length }
  } catch {
    return undefined
  }
}
