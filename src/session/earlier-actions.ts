import { existsSync } from 'node:fs'
import { type ActionState, actionsOf, type EarlierAction, withState } from '../domain/actions.ts'
import { didYouMean, sentenceOf, UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { type Outcome, STATE_NAMES, withOutcomes } from '../domain/review.ts'
import { answerIn, requireSound, withAnswer, withLine } from '../notes/notes.ts'
import type { GivenOutcome } from '../schema/answers.ts'
import { changeNotes, type NotesFile, notesFile, readNotesFile } from '../storage/notes-file.ts'
import { Rounds } from './rounds.ts'

/** The actions of the rounds before these notes, the oldest first (`present`: of this one, too), and sentences about rounds that can't be read. */
export async function earlierActions(
  path: string,
  guide: Guide,
  present = false,
): Promise<{ actions: EarlierAction[]; remarks: string[] }> {
  const rounds = new Rounds()
  const remarks: string[] = []
  for (let each: string | undefined = path; each !== undefined; each = rounds.missing()) {
    try {
      const notes = await readNotesFile(each)
      if (notes) rounds.add(each, requireSound(notes, guide), undefined, guide)
      else if (each !== path) remarks.push(`The notes of an earlier round are gone: ${each}`)
    } catch (error) {
      remarks.push(`The notes of an earlier round can't be read. ${sentenceOf(error)}`)
    }
  }
  return { actions: rounds.actions().filter(action => present || action.path !== path), remarks }
}

/** Changes the box of an action in its notes, and nothing else. What somebody rewrote meanwhile stays as it is. */
export async function settle(action: EarlierAction, state: ActionState, guide: Guide): Promise<void> {
  if (!existsSync(action.path)) throw new UserError(`The notes of this action are gone: ${action.path}`, 3)
  await changeNotes(notesFile(action.path, guide), notes => {
    const same = [...actionsOf(guide, id => [answerIn(notes, id)])].filter(
      ({ id, words, state }) => id === action.id && words === action.words && state === action.state,
    )
    const now = same.find(({ line }) => line === action.line) ?? same[0]
    return now ? withLine(notes, now.id, now.line, line => withState(line, state)) : notes.source.text
  })
}

/** Which actions are meant. @throws UserError for the first that no action fits, or more than one. */
export function outcomesOf(given: readonly GivenOutcome[], actions: readonly EarlierAction[]): Outcome[] {
  return given.map(({ action: wanted, state, note, refused }) => {
    const words = plainLine(wanted)
    const those = (fits: (line: string) => boolean) => actions.filter(each => fits(plainLine(each.words)))
    const exact = those(line => line === words)
    const fitting = exact.length > 0 ? exact : those(line => line.includes(words))
    const open = (all: readonly EarlierAction[]) => all.filter(each => each.state === 'open')
    const [action, ...more] = open(fitting).length > 0 ? open(fitting) : fitting
    if (action && more.length === 0) return { action, state, note: note ?? '' }
    const lines = (action ? [action, ...more] : open(actions)).map(each => each.words)
    const list = lines.map(line => `"${line}"`).join(', ')
    throw action
      ? refused(`more than one action says "${wanted}"`, `Write more of its line: ${list}.`)
      : refused(
          `no action of an earlier round says "${wanted}"`,
          didYouMean(wanted, lines) || `Still open: ${list || 'none'}.`,
        )
  })
}

const plainLine = (line: string) =>
  line
    .replace(/^\s*(?:[-*+•]\s|\d+[.)]\s)?\s*(?:\\?\[[ xX-]?\\?\]\s)?/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

/** Records what happened in these notes, and the boxes where the actions are. @returns `1 done, 2 still open`. */
export async function recordOutcomes(file: NotesFile, outcomes: readonly Outcome[]): Promise<string> {
  const { guide } = file
  const [question] = guide.action.questions
  if (question && outcomes.some(({ note }) => note.trim() !== ''))
    await changeNotes(file, notes => {
      const text = withOutcomes(answerIn(notes, question.id).text, outcomes)
      return withAnswer(notes, guide, question.id, { text, skipped: false })
    })
  for (const { action, state } of outcomes) await settle(action, state, guide)
  const count = (state: ActionState) => outcomes.filter(each => each.state === state).length
  const counts = (['done', 'dropped', 'open'] as const).map(state => `${count(state)} ${STATE_NAMES[state]}`)
  return counts.filter(each => !each.startsWith('0 ')).join(', ')
}
