import { sentenceOf } from '../domain/errors.ts'
import type { Capture, FacilitationMove, Room } from '../domain/facilitation.ts'
import { chatLines, inMinutes } from '../domain/plan.ts'
import { clockStatus, cutsFor, isClosed } from '../domain/room-clock.ts'
import { type Asked, type Effect, fits, type Leaf, type RoomAction } from './facilitation-effects.ts'
import { capture, groups, read, transfer } from './facilitation-groups.ts'
import * as told from './facilitation-messages.ts'
import type { Capturing, FacilitationServices } from './session-port.ts'
import type { Choice } from './terminal/select.ts'

/* What a facilitator can do, and what follows. Both UIs draw these actions and carry out their effects. */

type AtRoom = told.AtRoom

const move = (move: FacilitationMove) => (): Effect => ({ move })
const leaf = (leaf: Leaf) => (): Effect => ({ leaf })
const tell = (lines: (at: AtRoom) => ReturnType<Extract<Effect, { tell: unknown }>['tell']>) => {
  return (at: AtRoom): Effect => ({ tell: () => lines(at) })
}
const questions = tell(({ room }) => told.copyText(room))
const plan = tell(({ room, now }) => told.planText(room, now))
const digest = tell(({ services }) => services.share())
const page = tell(async ({ services }) => told.pageText(await services.openPage()))
const reads = true

const ACTIONS: readonly RoomAction[] = [
  { word: 'next', key: 'n', about: 'next step', needs: 'open', effect: move('next') },
  { word: 'capture', key: 'c', takes: '[2]', about: 'write for a group', needs: 'started', effect: capture },
  { word: 'pause', key: 'p', about: 'pause or resume the clock', needs: 'open', effect: pause },
  { word: 'back', key: 'u', about: 'previous step', needs: 'started', effect: back },
  { word: 'more', key: 'm', takes: '[3]', about: 'add a minute', needs: 'open', effect: more },
  { word: 'short', key: 's', about: 'short on time: cut, spread or run over', needs: 'open', effect: short },
  { word: 'jots', key: 'j', about: 'stopwatch and jots', needs: 'open', effect: () => ({ run: 'watch' }) },
  { word: 'keep', key: 'k', takes: '[words]', about: 'keep a room note', needs: 'started', effect: keep },
  { word: 'groups', key: 'g', about: 'groups: add, rename, give elements', effect: groups },
  { word: 'notes', key: 'f', about: 'facilitator notes', needs: 'open', reads, effect: leaf('notes') },
  { word: 'say', key: 't', about: 'what to say', needs: 'open', reads, effect: leaf('say') },
  { word: 'norms', key: 'o', about: 'norms, groups, roles, materials', reads, effect: leaf('opening') },
  { word: 'room', key: 'r', about: 'the room page, for the projector', effect: page },
  { word: 'blank', key: 'b', about: 'blank the room page, or show it', effect: blank },
  { word: 'copy', key: 'y', about: 'copy the questions for a chat', needs: 'open', reads, effect: copy },
  { word: 'digest', key: 'd', about: 'digest and brief summary (Word)', needs: 'started', effect: digest },
  { word: 'time', about: 'time left', needs: 'started', reads, effect: time },
  { word: 'questions', about: 'the questions of this step', needs: 'open', reads, effect: questions },
  { word: 'plan', about: 'all steps', reads, effect: plan },
  { word: 'until', takes: '4:30pm', about: 'when you have to end', effect: until },
  { word: 'read', takes: '[2]', about: 'read what a group wrote', needs: 'started', reads, effect: read },
  {
    word: 'move',
    takes: '[2]',
    about: 'move an answer to another group',
    needs: 'started',
    effect: transfer,
  },
  { word: 'restart', about: 'start this plan over', needs: 'started', effect: restart },
  { word: 'lead', about: 'take over from the other window', needs: 'following', effect: move('lead') },
  { word: 'help', key: '?', about: 'help', reads, effect: tell(helpText) },
  { word: 'quit', key: 'q', about: 'leave; everything is saved', reads, effect: quit },
]
/** Words and keys that mean the same. */
const ALSO = new Map(
  Object.entries({
    ...{ watch: 'jots', step: 'say', share: 'digest', note: 'keep', page: 'room', opening: 'norms' },
    ...{ '.': 'b', '+': 'm' },
  }),
)

export const WORDS = ACTIONS.map(({ word }) => word)
export const actionCalled = (word: string) => ACTIONS.find(action => action.word === (ALSO.get(word) ?? word))
export const actionAt = (key: string) => ACTIONS.find(action => action.key === (ALSO.get(key) ?? key))
const acting = (word: string): Effect => {
  const act = actionCalled(word)
  return act && { act }
}
export const TIME = acting('time')

/** What Esc offers: first what has no key. */
export function menuAt({ room }: AtRoom): Asked {
  const offered = ACTIONS.filter(action => fits(action, room)).sort(
    (a, b) => Number(!!a.key) - Number(!!b.key),
  )
  const choices = offered.map((act): Choice<Effect> => {
    return { name: act.about, value: { act }, ...(act.key && { key: act.key }) }
  })
  return { ask: 'What next?', choices }
}

/** The keys that are offered, with their words, the most needed first. */
export function keysAt({ room }: AtRoom): string[] {
  const { leading } = room
  const keys = ACTIONS.filter(action => action.key && fits(action, room)).map(
    ({ key = '', word }) => `${key.toUpperCase()} ${word}`,
  )
  const first =
    leading.startedAt === undefined ? ['Enter starts the clock'] : isClosed(leading) ? ['D digest'] : []
  return [...new Set([...first, ...keys.slice(0, 3), 'Esc menu', ...keys.slice(3)])]
}

function helpText({ named }: AtRoom): string[] {
  const rows = ACTIONS.map(({ word, takes = '', about }) => [`${named(word)} ${takes}`.trimEnd(), about])
  const width = Math.max(...rows.map(([asked = '']) => asked.length))
  return [
    ...rows.map(([asked = '', about]) => `${asked.padEnd(width)}  ${about}`),
    'A paste, or a line without a colon, starts what a group says: nothing you type is lost.',
  ]
}

/** What Enter does: it starts or resumes the clock. */
export function enterEffect(at: AtRoom): Effect {
  const { leading, following } = at.room
  if (following) return { say: told.refusal(at) }
  if (leading.startedAt === undefined) return { move: 'start' }
  if (leading.since !== undefined || isClosed(leading)) return undefined
  return { move: 'pause', say: 'The clock is running again.' }
}

/** What the writing UI shows and asks during a capture. */
export function capturing(
  room: () => Room,
  { now }: FacilitationServices,
  { group }: Capture,
  run: (line: string) => void,
): Capturing {
  return {
    heading() {
      const left = told.leftText(clockStatus(room().leading, now()))
      return group ? `${group.label} · ${left}` : left
    },
    isCommand: word => actionCalled(word) !== undefined,
    run,
  }
}

/** What a paste, or a line that is not a command, starts. Lines of a chat can become notes of the room. */
export function wordsEffect(text: string): Effect {
  const lines = chatLines(text)
  if (lines.length === 0) return acting('capture')
  return {
    ask: `This looks like a chat: ${lines.length} messages.`,
    choices: [
      { name: 'keep them as room notes, without names', value: { note: lines } },
      { name: 'write them down for a group', value: acting('capture') },
    ],
  }
}

function quit({ room, typed }: AtRoom): Effect {
  const leave: Effect = { move: 'leave' }
  if (typed || room.following || isClosed(room.leading) || room.leading.startedAt === undefined) return leave
  const choices = [
    { name: 'stay', value: undefined },
    { name: 'leave', value: leave },
  ]
  return { ask: 'Leave the room? Everything is saved, and the clock pauses.', choices }
}

function blank({ room, services, named }: AtRoom): Effect {
  if (services.page() === undefined) return { say: `The room page isn't open. To open it: ${named('room')}` }
  const say = room.blank
    ? 'The room page is shown again.'
    : `The room page is blank. To show it: ${named('blank')}`
  return { move: 'blank', say }
}

function keep(_: AtRoom, words: string): Effect {
  const note = (text: string): Effect => ({ note: [text] })
  return words === '' ? { line: 'Room note', next: note } : note(words)
}

function copy({ room }: AtRoom): Effect {
  const lines = told.copyText(room)
  return lines.length > 0 ? { copy: lines } : { say: 'This step has no questions.' }
}

function time({ room, now }: AtRoom): Effect {
  return { say: told.timeText(room, now) }
}

function back({ room: { leading } }: AtRoom): Effect {
  return leading.at > 0 ? { move: 'back' } : { say: 'This is the first step.' }
}

function pause({ room: { leading }, named }: AtRoom): Effect {
  const say =
    leading.since === undefined
      ? 'The clock is running again.'
      : `The clock is paused. To resume: ${named('pause')}, or Enter.`
  return { move: 'pause', say }
}

function more(_: AtRoom, argument: string): Effect {
  const minutes = argument === '' ? 1 : Number(argument)
  if (minutes > 0 && minutes <= 600)
    return { move: { more: minutes }, say: `Added ${inMinutes(minutes)} to this step.` }
  return { say: 'Type how many minutes, such as :more 3.' }
}

function short({ room, now, named }: AtRoom): Effect {
  const { plan, leading } = room
  const { behind } = clockStatus(leading, now)
  const pace = told.pace({ behind })
  if (behind < 0.5)
    return { say: `${pace} Nothing needs to be cut. Do you have to end earlier? ${named('until')}` }
  const cuts = cutsFor(leading, plan, now)
  const later = inMinutes(Math.round(behind))
  const choices: (Choice<Effect> | false)[] = [
    cuts.length > 0 && {
      name: `take the plan's cuts: ${told.cutsText(plan, cuts)}`,
      value: { move: { short: 'cut' }, say: 'The cuts are taken.' },
    },
    {
      name: 'shorten every remaining step except the video',
      value: { move: { short: 'spread' }, say: 'Every remaining step except the video is shorter now.' },
    },
    {
      name: `run over: end ${later} later`,
      value: { move: { short: 'over' }, say: `You end ${later} later.` },
    },
    { name: 'leave it as it is', value: undefined },
  ]
  return { ask: pace, choices: choices.filter(choice => choice !== false) }
}

function until({ services }: AtRoom, time: string): Effect {
  const next = (word: string): Effect => {
    try {
      const until = services.momentOf(word)
      return { move: { until }, say: `You have to end at ${services.timeOf(until)}.` }
    } catch (error) {
      return { say: sentenceOf(error) }
    }
  }
  return time === '' ? { line: 'When do you have to end? For example, 4:30pm', next } : next(time)
}

function restart(): Effect {
  return {
    ask: 'Start this plan over? What the groups have written stays.',
    choices: [
      { name: 'keep going', value: undefined },
      { name: 'start over', value: { move: 'restart' } },
    ],
  }
}
