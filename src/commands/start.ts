import { dirname } from 'node:path'
import { type Outcome, withOutcomes } from '../domain/actions.ts'
import { type Answers, answerTo, count, countInWords, stateOf, wordCount } from '../domain/answers.ts'
import { oneOf, orNothing, Stopped, sentenceOf, UserError } from '../domain/errors.ts'
import { type Guide, type Question, type QuestionId, questionOf, select } from '../domain/guide.ts'
import { type Interview, ORDERS, type Order, questionOrder, runInterview } from '../domain/interview.ts'
import type { NotesStore } from '../domain/interview-protocol.ts'
import type { Notes } from '../notes/notes.ts'
import type { GivenOutcome } from '../schema/answers.ts'
import { askerFor, askOnce, chooseInterviewUi, sessionEnd } from '../session/choose-ui.ts'
import type { Incoming } from '../session/incoming.ts'
import { copyRemarks, notesRemarks } from '../session/remarks.ts'
import { withRepair } from '../session/repair.ts'
import { flushOrPrint, notesStore, resume, sessionServices, withDrafts } from '../session/session.ts'
import { assertWritable, realTarget } from '../storage/atomic-file.ts'
import { clearLitter, DraftFile, DraftIndex, recoveredDrafts, redirect } from '../storage/drafts.ts'
import { printNotice } from '../storage/io.ts'
import { goOnCommand, locate, type NotesContext, type Options } from '../storage/locate.ts'
import { lastChanged, type NotesFile, newRound, notesFile, recordAnswers } from '../storage/notes-file.ts'
import { isAttended, print } from '../storage/output.ts'
import { lastNotes } from '../storage/state.ts'

/** Leads a person through the guide and saves their answers as they go, after those that are given in a file. */
export async function start(options: Options): Promise<number> {
  // Whose answers come from a file is not asked in which folder to go on.
  const unasked = options.answers !== undefined || options.input === false
  const found = await (unasked || !isAttended()
    ? locate(options, 3)
    : withRepair(() => locateWithPerson(options), options))
  const given = await givenAnswers(options, found.guide)
  for (const { actions } of given) if (actions) await outcomesIn(actions, found, options.newRound)
  const located = options.newRound ? await inNewRound(found, options) : found
  const { path, guide } = located
  const order = questionOrder(guide, wanted('order', options, located, orderOf))
  const route = wanted('only', options, located, from => routeOf(order, guide, from))
  assertWritable(path)
  if (!unasked) await offerLost(located, options.accessible)
  const file = notesFile(path, guide, { order: options.order, only: options.only })
  const differing: QuestionId[] = []
  for (const each of given) differing.push(...(await takeIn(file, each, located, options.overwrite)))
  const store = notesStore(file)
  // Where the answers come through the pipe, questions can't.
  const nobody = options.input === false || options.answers === '-'
  const exitCode = nobody
    ? await leaveOpen(route, store)
    : await lead(located, file, { order, route, store }, options)
  sayDiffering(differing)
  return exitCode || (differing.length > 0 || given.some(({ hasLeft }) => hasLeft) ? 1 : 0)
}

async function inNewRound(found: NotesContext, options: Options): Promise<NotesContext> {
  assertWritable(found.path)
  say(await newRound(found, (await rounds()).dayHere()))
  return locate({ ...options, notes: found.path }, 3)
}

/** Loaded where there are any: the first question would wait for it. */
const rounds = () => import('../session/rounds.ts')

async function lead(
  { path, guide, notes }: NotesContext,
  file: NotesFile,
  { order, route, store }: Pick<Interview, 'order' | 'route' | 'store'>,
  options: Options,
): Promise<number> {
  const drafts = new DraftFile(path)
  clearLitter(drafts.target)
  const attended = process.stdin.isTTY === true
  // What is open comes first then; the middle of a sentence waits for the next session.
  const fromTheTop = !attended || options.answers !== undefined
  const again = goOnCommand(path, options.guide)
  const ending = sessionEnd()
  const session = sessionServices(file, drafts, ending, options.editor)
  const ui = await chooseInterviewUi(session, options.accessible)
  const before = count(route, await store.answers())
  try {
    const left = fromTheTop ? undefined : resume(drafts, guide, route, await store.answers())
    const remarks = [
      ...(attended && drafts.beside ? [BESIDE] : []),
      ...(notes ? [...notesRemarks(path, notes), ...(await copyRemarks(path, notes))] : []),
      ...(left?.remarks ?? []),
    ]
    await runInterview({
      ...{ guide, order, route, store, remarks, draft: left?.draft, fromTheTop, attended },
      ...{ ui: withDrafts(ui, drafts, attended), fresh: !notes },
    })
    await ui.close()
    const { open, answered, skipped } = count(route, await store.answers())
    if (ui.inputEnded() && answered + skipped === 0) sayNobody(path)
    else sayWhere(path, open, again)
    return ending.exitCode() ?? (ui.inputEnded() && open > 0 ? 1 : 0)
  } catch (error) {
    await ui.close()
    ending.flush()
    flushOrPrint(drafts, again)
    if (!(error instanceof UserError) || error.exitCode !== 1) throw error
    const nothing = count(route, await store.answers()).open === before.open
    throw nothing ? new UserError(error.message) : error
  } finally {
    ending.end()
  }
}

const BESIDE =
  "pl-stories can't write to its state folder, so unsaved words are kept in a hidden file beside your notes."

/** Words whose notes were moved or renamed may be put here, or left for them. */
async function offerLost({ path, guide }: NotesContext, accessible?: boolean): Promise<void> {
  if (!isAttended()) return
  const here = realTarget(path)
  for (const lost of new DraftIndex().lost()) {
    const { question, text } = lost.draft
    if (lost.notes === here || !questionOf(guide, question)) continue
    const message = `Unsaved words for ${lost.notes}, which is no longer there (${question}, ${wordCount(text)}).`
    const choices = { 'put them here': true, 'keep them for those notes': false }
    const move = await askOnce(message, choices, accessible)
    if (move === undefined) throw new Stopped(130)
    await redirect(lost, move ? { notes: here } : { left: true })
  }
}

function sayWhere(path: string, open: number, again: string): void {
  const why = open > 0 ? 'To go on' : 'To change answers or make a document'
  print(`\nYour notes are in ${path}\n${why}: ${again}\n`)
}

function sayNobody(path: string): void {
  printNotice(
    `\nThe input ended before anything was answered, so nothing was written. Your notes would be in ${path}\n` +
      'To answer, start pl-stories in a terminal window. Or send the answers in through a pipe, each followed by a line with a single dot.',
  )
}

/**
 * What an option says, else the lines in front of the notes: where those are wrong, it is told where they stand and
 * what takes their place.
 */
function wanted<T>(
  name: 'order' | 'only',
  options: Options,
  { path, notes }: NotesContext,
  read: (from: Pick<Notes, 'order' | 'only'>) => T,
): T {
  if (options[name] !== undefined) return read(options)
  try {
    return read(notes ?? {})
  } catch (error) {
    throw new UserError(
      `${path}, in the line "${name}:" at its top: ${sentenceOf(error)}\nFix that line, or use --${name} instead.`,
    )
  }
}

const orderOf = ({ order = 'guide' }: Pick<Notes, 'order'>): Order => oneOf('order', order, ORDERS)

function routeOf(order: Question[], guide: Guide, { only = [] }: Pick<Notes, 'only'>): Question[] {
  if (only.length === 0) return order
  const parts = new Set(select(guide, only))
  return order.filter(question => parts.has(question))
}

/* Answers from a file: recorded before the interview, which then asks what is still open. */

/**
 * Reads the answers of all files, and says what of them is taken and what is left over.
 * @throws UserError (exit 2) with everything that is wrong with them; nothing is written then.
 */
async function givenAnswers(options: Options, guide: Guide): Promise<Incoming[]> {
  const { answers } = options
  if (answers !== undefined) {
    const { incomingAnswers } = await import('../session/incoming.ts')
    const given = await incomingAnswers(answers, guide, {
      ...{ row: options.row, labelColumn: options.labelColumn },
      ask: options.input === false ? undefined : askerFor(options.accessible),
    })
    say(given.flatMap(({ remarks }) => remarks))
    return given
  }
  for (const option of ['overwrite', 'row', 'labelColumn'] as const)
    if (options[option] !== undefined) throw new UserError(NEEDS_FILE[option])
  return []
}

const NEEDS_FILE = {
  overwrite: '--overwrite replaces answers with those from a file. Name it with --answers FILE.',
  row: '--row names a row of a table of answers. Name the table with --answers FILE.',
  labelColumn: '--label-column names a column of a table of answers. Name the table with --answers FILE.',
}

/** The actions of earlier rounds that are meant; of this round, too, where it is about to become one. */
async function outcomesIn(given: readonly GivenOutcome[], { path, guide }: NotesContext, present = false) {
  const { earlierActions, outcomesOf } = await rounds()
  return outcomesOf(given, (await earlierActions(path, guide, present)).actions)
}

/**
 * Records the answers and what became of earlier actions, and says so. What happened stands below the answer to Take
 * Action. @returns the questions whose answer in the notes is another, and stays.
 */
async function takeIn(
  file: NotesFile,
  { name, answers: given, actions }: Incoming,
  located: NotesContext,
  overwrite?: boolean,
): Promise<QuestionId[]> {
  const outcomes = actions && (await outcomesIn(actions, located))
  const answers = outcomes ? withWhatHappened(given, outcomes, file.guide) : given
  const told = [...answers.keys()].filter(id => stateOf(answers, id) !== 'open').length
  if (told === 0 && !outcomes) say(`${name} has no answers, so nothing was recorded.`)
  const { outcome, recorded, differing } =
    told > 0 ? await recordAnswers(file, answers, overwrite) : NOTHING_RECORDED
  const same = told - recorded - differing.length
  const parts = [
    `${recorded} recorded`,
    same > 0 && `${same} already there`,
    differing.length > 0 && `${differing.length} different`,
  ]
  if (outcome) say(`${file.path}: ${outcome} (from ${name}: ${parts.filter(Boolean).join(', ')})`)
  if (outcomes)
    say(`Actions of earlier rounds (from ${name}): ${await (await rounds()).recordOutcomes(file, outcomes)}`)
  return differing
}

const NOTHING_RECORDED = { outcome: undefined, recorded: 0, differing: [] }

function withWhatHappened(answers: Answers, outcomes: readonly Outcome[], { action }: Guide): Answers {
  const id = action.questions[0]?.id ?? ''
  const { text } = answerTo(answers, id)
  const whole = withOutcomes(text, outcomes)
  return text === '' ? answers : new Map(answers).set(id, { text: whole, skipped: false })
}

/** Ends before the first question. @returns the exit code. */
async function leaveOpen(route: readonly Question[], store: NotesStore): Promise<number> {
  const counts = count(route, await store.answers())
  say(`No questions were asked. ${countInWords(counts)}.`)
  return counts.open > 0 ? 1 : 0
}

function sayDiffering(ids: readonly QuestionId[]): void {
  const [what, them] =
    ids.length === 1 ? ['has a different answer', 'it'] : ['have different answers', 'them']
  if (ids.length > 0)
    say(`Not changed: ${ids.join(', ')} already ${what}. Add --overwrite to replace ${them}.`)
}

const say = printNotice

/**
 * The notes to work on. Where a person has none in this folder but worked on others before, they are asked
 * whether to go on there.
 */
async function locateWithPerson(options: Options): Promise<NotesContext> {
  const here = await locate(options, 3)
  if (here.notes || options.notes !== undefined || !isAttended()) return here
  // Words that were never saved are a place to go on, too.
  if (recoveredDrafts(realTarget(here.path)).length > 0) return here
  const there = await lastPlace(here, options)
  if (!there) return here
  const { answered, total } = count(there.guide.questions, there.notes?.answers ?? new Map())
  const day = lastChanged(there.path).toLocaleDateString('en-US', { month: 'short', day: 'numeric' })
  const message = `No notes in ${dirname(here.path)}. You last worked on ${there.path} (${answered} of ${total}, ${day}).`
  const choices = { 'go on there': there, 'start new notes here': here }
  const place = await askOnce(message, choices, options.accessible)
  if (!place) throw new Stopped(130)
  return place
}

/** The notes last worked on, if they are still there and are of the guide that is asked for. */
async function lastPlace(here: NotesContext, options: Options): Promise<NotesContext | undefined> {
  const path = await lastNotes()
  if (path === undefined || path === here.path) return undefined
  const there = await locate({ ...options, notes: path }).catch(orNothing)
  return there?.notes ? there : undefined
}
