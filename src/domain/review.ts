import type { ActionState, EarlierAction } from './actions.ts'
import { answerTo } from './answers.ts'
import { capitalized, type Question } from './guide.ts'
import type { InterviewUi, NotesStore, Reply } from './interview-protocol.ts'
import { PREVIOUS_ACTIONS } from './plan.ts'

/* What became of the actions of earlier rounds. The box changes in their own notes; what happened goes into the new ones. */

/** `Share the survey (Ana, by Jan 15)` */
export function actionText({ what, who, when }: Pick<EarlierAction, 'what' | 'who' | 'when'>): string {
  const aside = [who, when].filter(part => part !== '').join(', ')
  return aside === '' ? what : `${what} (${aside})`
}

/** Notes of a round have the day on which the next one began in their name; people may call them otherwise. */
export function roundName(since?: string): string {
  if (since === undefined) return 'this round'
  if (!/^\d{4}-\d\d-\d\d$/.test(since)) return since
  return `until ${new Date(since).toLocaleDateString('en-US', { dateStyle: 'medium', timeZone: 'UTC' })}`
}

export const STATE_NAMES = { done: 'done', dropped: 'dropped', open: 'still open' } as const

/** An answer with a line on what became of an earlier action. It is no action of the answer's own. */
function withOutcome(answer: string, { what }: EarlierAction, state: ActionState, note: string): string {
  const line = `- ${capitalized(STATE_NAMES[state])}: ${what}. ${note.replace(/\s+/g, ' ').trim()}`
  if (answer.split('\n').includes(line)) return answer
  return answer === '' ? line : `${answer}\n${line}`
}

/** What became of an action, and what happened. */
export interface Outcome {
  action: EarlierAction
  state: ActionState
  note: string
}

/** An answer with a line for each of which something is said. */
export const withOutcomes = (answer: string, outcomes: readonly Outcome[]) =>
  outcomes.reduce(
    (text, { action, state, note }) => (note.trim() === '' ? text : withOutcome(text, action, state, note)),
    answer,
  )

/**
 * Asks what became of each open action, and then what happened, as a question whose answer goes below the answer to
 * `question`. @returns the reply with which the person went elsewhere, if they did.
 */
export async function reviewActions(
  actions: readonly EarlierAction[],
  question: Question,
  { store, ui }: { store: NotesStore; ui: InterviewUi },
  ask: (about: Question, noting: NotesStore) => Promise<Reply>,
): Promise<Reply | undefined> {
  for (const [i, action] of actions.entries()) {
    const which = `Still open from the round ${roundName(action.since)} (${i + 1} of ${actions.length}): ${actionText(action)}`
    const state = await ui.choose(which, STATES)
    if (!state) return undefined
    await store.settle(action, state)
    const text = `What happened? ${action.what}: ${STATE_NAMES[state]}`
    const save: NotesStore['save'] = async (_, { text }) => {
      const before = answerTo(await store.answers(), question.id).text
      const after = withOutcomes(before, [{ action, state, note: text }])
      return store.save(question.id, { text: after, skipped: false }, before)
    }
    const noting: NotesStore = Object.assign(Object.create(store), { save })
    const reply = await ask({ ...question, id: PREVIOUS_ACTIONS, text }, noting)
    if (!STAYS.has(reply.action)) return reply
  }
  return undefined
}

const STATES = [
  ...(['done', 'dropped', 'open'] as const).map(value => ({ name: STATE_NAMES[value], value })),
  { name: 'decide later', value: undefined },
]
const STAYS = new Set<Reply['action']>(['next', 'later', 'skip'])
