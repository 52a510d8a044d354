import { basename, dirname, resolve } from 'node:path'
import type { Answer } from '../domain/answers.ts'
import { Stopped, UserError } from '../domain/errors.ts'
import { type Guide, labelOf, type QuestionId, questionOf } from '../domain/guide.ts'
import type { Bytes } from '../import/archive.ts'
import type { FindGuides, Found } from '../import/formats.ts'
import { accounting, type Group, type Reading } from '../import/reading.ts'
import type { AnswersInput } from '../schema/answers.ts'
import { allGuidesNear, findGuide } from '../storage/catalog.ts'
import { type Input, inputBytes, inputsOf } from '../storage/io.ts'
import { columnsSaid, rememberColumns } from '../storage/state.ts'
import type { Asker } from './choose-ui.ts'

/* Answers come home: files of any format are read, and people asked where a file leaves it open. */

export interface ReadOptions {
  /** The head of the column of a table that names the groups. */
  labelColumn?: string | undefined
  /** Which row of a table: its name, or its number below the heads. */
  row?: string | undefined
  /** Where somebody is there to be asked; undefined if they would rather leave. */
  ask?: Asker | undefined
}

/** The rest of a sentence about a file in which people could have answered, and none of our questions stand. */
export const NOTHING_ASKED =
  'holds no answers: none of the questions of a guide, or their labels, were found in it.'

/** For files at a path: the guide that is asked for, else the one that a file names, else those that may be meant. */
export function guideFinder(asked: Guide | undefined): (path: string) => FindGuides {
  const known = new Map<string, Promise<readonly Guide[]>>()
  const find = async (path: string, id: string | undefined) => {
    if (asked) return [asked]
    if (id !== undefined) return [(await findGuide(undefined, path, id)).guide]
    return (await allGuidesNear(dirname(path))).map(({ guide }) => guide)
  }
  return path => id => {
    const key = `${dirname(path)}\n${id ?? ''}`
    const found = known.get(key) ?? find(path, id)
    known.set(key, found)
    return found
  }
}

/**
 * What a file says. Nothing is written.
 * @returns undefined if it holds nothing of a guide.
 * @throws UserError (exit 2) if it cannot be read.
 */
export async function readIncoming(file: Bytes, find: FindGuides, options: ReadOptions) {
  const { readForm } = await import('../import/formats.ts')
  const { labelColumn } = options
  const found = await readForm(file, find, { decided: new Map(), labelColumn })
  if (!found || found.reading.unclear.length === 0) return found
  const { guide, reading } = found
  const table = reading.heads && JSON.stringify([guide.id, ...reading.heads])
  const said = table === undefined ? undefined : await columnsSaid(table)
  const decided = said ?? (await askedOf(file, guide, reading, options))
  if (!decided) return found
  if (!said && table !== undefined) await rememberColumns(table, decided)
  const again = await readForm(file, async () => [guide], { decided, labelColumn })
  for (const { key, where } of said ? reading.unclear : [])
    again?.reading.told.push(
      `${where}: used for ${said?.get(key) || 'no question'}, as you chose for this table before`,
    )
  return again
}

/** What is meant by the places that could mean several questions; undefined where nobody can be asked. */
async function askedOf({ name }: Bytes, guide: Guide, { unclear }: Reading, { ask }: ReadOptions) {
  if (!ask) return undefined
  const decided = new Map<string, QuestionId>()
  for (const { key, ids, where, text } of unclear) {
    const words = text.length > 160 ? `${text.slice(0, 160)}…` : text
    const named = ids.flatMap(id => {
      const question = questionOf(guide, id)
      return question ? [[labelOf(guide, question), id]] : []
    })
    const choices = { ...Object.fromEntries(named), 'none of these': '' }
    const message = `${name}, ${where}. Which question does this answer?\n\n${words}\n`
    const id = await ask<QuestionId>(message, choices)
    if (id === undefined) throw new Stopped(130)
    decided.set(key, id)
  }
  return decided
}

/** Answers to record; its remarks are what is said of a file before that. */
export interface Incoming extends AnswersInput {
  name: string
  /** Whether words went to no question. */
  hasLeft: boolean
}

/**
 * The answers of a file, of the files in a folder, or of the pipe that `-` stands for.
 * @throws UserError (exit 2) with everything that is wrong with them.
 */
export async function incomingAnswers(name: string, guide: Guide, sought: ReadOptions): Promise<Incoming[]> {
  if (name === '') throw new UserError('--answers names a file, such as --answers answers.yaml.')
  const { READABLE } = await import('../import/formats.ts')
  const inputs = await inputsOf([name], { wanted: READABLE })
  const from: Sources = new Map()
  const all: Incoming[] = []
  for (const input of inputs) all.push(await incomingFrom(input, guide, sought, from))
  return all
}

/** Which file has answered a question first, and how. */
type Sources = Map<QuestionId, { text: string; name: string }>

async function incomingFrom(input: Input, guide: Guide, sought: ReadOptions, from: Sources) {
  const { name, named, skipped } = input
  const empty = { name, answers: new Map(), hasLeft: false }
  const nothing = (why: string) => ({ ...empty, remarks: [`${name}: ${why}`] })
  if (skipped) return nothing(skipped)
  const file = { name, bytes: await inputBytes(input) }
  const found = await readIncoming(file, async () => [guide], sought)
  if (found) return recordable(name, found, sought, from)
  if (!named) return nothing('holds no answers to this guide')
  const { formOf, isNamedTable } = await import('../import/formats.ts')
  const form = formOf(file)
  if ((form.text === '' && form.bytes.length > 0) || isNamedTable(form))
    throw new UserError(`${name} ${NOTHING_ASKED}`)
  const { readAnswers } = await import('../schema/answers.ts')
  // It says what an answers file is, or what is wrong with this one.
  return { name, ...readAnswers(form, guide), hasLeft: false }
}

/** One file's part. What another file has answered otherwise is left over, for nobody said which is meant. */
function recordable(name: string, { guide, reading }: Found, { row }: ReadOptions, from: Sources): Incoming {
  const group = theRow(name, reading, row)
  const answers = new Map<QuestionId, Answer>()
  const left = [...reading.left]
  for (const [id, answer] of group?.answers ?? []) {
    const before = from.get(id)
    if (before && answer.text !== '' && before.text !== answer.text)
      left.push({ where: `${id} (${before.name} has a different answer)`, text: answer.text })
    else answers.set(id, answer)
    if (!before && answer.text !== '') from.set(id, { text: answer.text, name })
  }
  const told = [...reading.told]
  if (group?.jots && !reading.isExact) told.push('its jots are not answers and were not recorded')
  const own = { ...reading, left, told, groups: group ? [{ ...group, answers }] : [] }
  const { actions } = reading
  const remarks = accounting(name, own, guide)
  return { name, answers, remarks, hasLeft: left.length > 0, ...(actions && { actions }) }
}

/** @throws UserError (exit 2) if it is not clear which row of a table is meant. */
function theRow(name: string, { groups, isDigest }: Reading, row: string | undefined): Group | undefined {
  if (isDigest && groups.length === 0)
    throw new UserError(
      `${name} is a brief, or a digest of several groups. Use what it was made from, or the digest as csv or json.`,
    )
  if (row === undefined && groups.length < 2) return groups[0]
  const named = groups.map(group => `${group.row ?? ''}${group.name ? ` "${group.name}"` : ''}`.trim())
  const rows = `Rows: ${named.join(', ')}.`
  if (row === undefined)
    throw new UserError(
      `${name} holds the answers of ${groups.length} people or groups. Name one with --row, such as --row ${groups[0]?.row ?? `"${groups[0]?.name}"`}. ${rows}`,
    )
  const found = groups.filter(group => group.name === row || String(group.row) === row)
  if (found.length === 1) return found[0]
  const many = found.length === 0 ? 'no' : 'more than one'
  throw new UserError(`${basename(resolve(name))} has ${many} row "${row}". ${rows}`)
}
