import { sentenceOf } from '../domain/errors.ts'
import {
  type Capture,
  clockStatus,
  cutsFor,
  type FacilitationMove,
  isClosed,
  type Room,
  type Short,
} from '../domain/facilitation.ts'
import { chatLines, inMinutes } from '../domain/plan.ts'
import {
  type Asked,
  choice,
  confirmed,
  type Effect,
  fits,
  type Leaf,
  type RoomAction,
  type RoomUi,
  say,
  tell,
} from './facilitation-effects.ts'
import * as told from './facilitation-messages.ts'
import { capture, groups, moveTo, read } from './group-actions.ts'
import type { Capturing, FacilitationServices } from './session-port.ts'
import type { Choice } from './terminal/select.ts'

/* What a facilitator can do, and what follows. Both UIs draw these actions and carry out their effects. */

type AtRoom = told.AtRoom

const move = (move: FacilitationMove) => (): Effect => ({ move })
const show = (leaf: Leaf) => (): Effect => ({ run: ui => ui.show(leaf) })
const time = ({ room, now }: AtRoom) => say(told.timeText(room, now))
const plan = ({ room, now }: AtRoom) => tell(() => told.planText(room, now))
const digest = ({ services }: AtRoom) => tell(() => services.share())
const page = ({ services }: AtRoom) => tell(async () => told.pageText(await services.openPage()))
const questions = ({ room }: AtRoom) => tell(() => told.copyText(room))
const reads = true

const ACTIONS: readonly RoomAction[] = [
  { word: 'next', key: 'n', about: 'next step', needs: 'open', effect: move('next') },
  { word: 'capture', key: 'c', takes: '[2]', about: 'write for a group', needs: 'started', effect: capture },
  { word: 'pause', key: 'p', about: 'pause or resume the clock', needs: 'open', effect: pause },
  { word: 'back', key: 'u', about: 'previous step', needs: 'started', effect: back },
  { word: 'more', key: 'm', takes: '[3]', about: 'add a minute', needs: 'open', effect: more },
  { word: 'short', key: 's', about: 'short on time: what to cut', needs: 'open', effect: short },
  { word: 'jots', key: 'j', about: 'stopwatch and jots', needs: 'open', effect: () => ({ run: watch }) },
  { word: 'keep', key: 'k', takes: '[words]', about: 'keep a room note', needs: 'started', effect: keep },
  { word: 'groups', key: 'g', about: 'groups: add, rename, give elements', effect: groups },
  { word: 'notes', key: 'f', about: 'facilitator notes', needs: 'open', reads, effect: show('notes') },
  { word: 'say', key: 't', about: 'what to say', needs: 'open', reads, effect: show('say') },
  { word: 'norms', key: 'o', about: 'norms, groups, roles, materials', reads, effect: show('opening') },
  { word: 'room', key: 'r', about: 'the room page, for the projector', effect: page },
  { word: 'blank', key: 'b', about: 'blank the room page, or show it', effect: blank },
  { word: 'copy', key: 'y', about: 'copy the questions for a chat', needs: 'open', reads, effect: copy },
  { word: 'digest', key: 'd', about: 'digest and brief summary (Word)', needs: 'started', effect: digest },
  { word: 'time', about: 'time left', needs: 'started', reads, effect: time },
  { word: 'questions', about: 'the questions of this step', needs: 'open', reads, effect: questions },
  { word: 'plan', about: 'all steps', reads, effect: plan },
  { word: 'until', takes: '4:30pm', about: 'when you have to end', effect: until },
  { word: 'read', takes: '[2]', about: 'read what a group wrote', needs: 'started', reads, effect: read },
  { word: 'move', takes: '[2]', about: 'move an answer to another group', needs: 'started', effect: moveTo },
  { word: 'restart', about: 'start this plan over', needs: 'started', effect: restart },
  { word: 'lead', about: 'take over from the other window', needs: 'following', effect: move('lead') },
  { word: 'help', key: '?', about: 'help', reads, effect: help },
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
  const choices = ACTIONS.filter(action => fits(action, room)).map((act): Choice<Effect> => {
    return { name: act.about, value: { act }, ...(act.key && { key: act.key }) }
  })
  return { ask: 'What next?', choices: choices.sort((a, b) => Number(!!a.key) - Number(!!b.key)) }
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

function help({ named, typed }: AtRoom): Effect {
  const shown = ACTIONS.filter(({ key }) => typed || key)
  const asked = ({ word, takes = '' }: RoomAction) => `${named(word)} ${typed ? takes : ''}`.trimEnd()
  const width = Math.max(...shown.map(action => asked(action).length))
  const menu = ACTIONS.flatMap(({ key, about }) => (key ? [] : [about])).join(', ')
  const more = typed
    ? 'To write down what a group says, paste it, or type it without a colon. Nothing you type is lost.'
    : `Esc offers all of this, and: ${menu}.\nPaste to write down what a group says.`
  return tell(() => [...shown.map(action => `${asked(action).padEnd(width)}  ${action.about}`), '', more])
}

/** What Enter does: it starts or resumes the clock. */
export function enterEffect(at: AtRoom): Effect {
  const { leading, following } = at.room
  if (following) return say(told.refusal(at))
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
      choice('keep them as room notes, without names', { note: lines }),
      choice('write them down for a group', acting('capture')),
    ],
  }
}

function quit({ room, typed }: AtRoom): Effect {
  const leave: Effect = { move: 'leave' }
  if (typed || room.following || isClosed(room.leading) || room.leading.startedAt === undefined) return leave
  return confirmed('Leave the room? Everything is saved, and the clock pauses.', 'stay', 'leave', leave)
}

function blank({ room, services, named }: AtRoom): Effect {
  if (services.page() === undefined) return say(`The room page isn't open. To open it: ${named('room')}`)
  const how = room.blank ? 'is shown again.' : `is blank. To show it: ${named('blank')}`
  return { move: 'blank', say: `The room page ${how}` }
}

async function watch(ui: RoomUi): Promise<void> {
  const unsaved = await ui.watch()
  if (unsaved.length > 0) await ui.read(['These could not be saved everywhere:', ...unsaved])
}

function keep(_: AtRoom, words: string): Effect {
  const note = (text: string): Effect => ({ note: [text] })
  return words === '' ? { line: 'Room note', next: note } : note(words)
}

function copy({ room }: AtRoom): Effect {
  const lines = told.copyText(room)
  return lines.length > 0 ? { run: ui => ui.copy(lines) } : say('This step has no questions.')
}

function back({ room: { leading } }: AtRoom): Effect {
  return leading.at > 0 ? { move: 'back' } : say('This is the first step.')
}

function pause({ room: { leading }, named }: AtRoom): Effect {
  const paused = `The clock is paused. To resume: ${named('pause')}, or Enter.`
  return { move: 'pause', say: leading.since === undefined ? 'The clock is running again.' : paused }
}

function more(_: AtRoom, argument: string): Effect {
  const minutes = argument === '' ? 1 : Number(argument)
  if (minutes > 0 && minutes <= 600)
    return { move: { more: minutes }, say: `Added ${inMinutes(minutes)} to this step.` }
  return say('Type how many minutes, such as :more 3.')
}

function short({ room, now, named }: AtRoom): Effect {
  const { plan, leading } = room
  const { behind } = clockStatus(leading, now)
  const pace = told.pace({ behind })
  if (behind < 0.5) return say(`${pace} Nothing needs to be cut. To end earlier: ${named('until')}`)
  const cuts = cutsFor(leading, plan, now)
  const later = inMinutes(Math.round(behind))
  const cut = `take the plan's cuts: ${told.cutsText(plan, cuts)}`
  const spread = 'Every remaining step except the video is shorter now.'
  const by = (short: Short, say: string): Effect => ({ move: { short }, say })
  return {
    ask: pace,
    choices: [
      ...(cuts.length > 0 ? [choice(cut, by('cut', 'The cuts are made.'))] : []),
      choice('shorten every remaining step except the video', by('spread', spread)),
      choice(`run over: end ${later} later`, by('over', `You end ${later} later.`)),
      choice('leave it as it is', undefined),
    ],
  }
}

function until({ services }: AtRoom, time: string): Effect {
  const next = (word: string): Effect => {
    try {
      const until = services.momentOf(word)
      return { move: { until }, say: `You have to end at ${services.timeOf(until)}.` }
    } catch (error) {
      return say(sentenceOf(error))
    }
  }
  return time === '' ? { line: 'When do you have to end? For example, 4:30pm', next } : next(time)
}

function restart(): Effect {
  const ask = 'Start this plan over? What the groups have written stays.'
  return confirmed(ask, 'keep going', 'start over', { move: 'restart' })
}
