import { UserError } from '../domain/errors.ts'
import {
  type Capture,
  clockStatus,
  cutsFor,
  type FacilitationMove,
  isClosed,
  MINUTE,
  questionsFor,
  type Room,
} from '../domain/facilitation.ts'
import { type Group, inMinutes } from '../domain/plan.ts'
import * as told from './facilitation-messages.ts'
import type { Choice } from './terminal/select.ts'

/* What a facilitator can do, and what follows. Both UIs draw these actions and carry out their effects. */

type AtRoom = told.AtRoom

/** A part of the plan that the screen shows in place of the questions. */
export type Leaf = 'say' | 'notes' | 'opening'

export interface Asked {
  ask: string
  choices: readonly Choice<Effect>[]
  first?: Effect
  /** Where words are typed: which words choose, so that nothing is asked. */
  hint?: string
}

/** What the UI has to do for an action. */
export type Effect =
  | { move: FacilitationMove; say?: string }
  | { capture: Omit<Capture, 'text'> }
  | Asked
  /** In a few words. */
  | { say: string }
  /** Something to read. */
  | { tell: () => readonly string[] | Promise<readonly string[]> }
  | { leaf: Leaf }
  | { run: 'watch' }
  | { act: RoomAction; argument?: string }
  | undefined

export interface RoomAction {
  /** The word that asks for it in plain lines, after a colon. */
  word: string
  /** The key that asks for it on a screen; an action without one is in the menu. */
  key?: string
  /** What may follow the word, as help shows it. */
  takes?: string
  /** What it does, in the menu and in help. */
  about: string
  /** `started`: offered once the clock was started; `open`: only until the close. */
  needs?: 'started' | 'open'
  effect: (at: AtRoom, argument: string) => Effect
}

const move = (move: FacilitationMove) => (): Effect => ({ move })
const leaf = (leaf: Leaf) => (): Effect => ({ leaf })
const tell = (lines: (at: AtRoom) => ReturnType<Extract<Effect, { tell: unknown }>['tell']>) => {
  return (at: AtRoom): Effect => ({ tell: () => lines(at) })
}
const questions = tell(({ room }) => told.questionsText(room))
const plan = tell(({ room, now }) => told.planText(room, now))
const digest = tell(({ services }) => services.share())

const ACTIONS: readonly RoomAction[] = [
  { word: 'next', key: 'n', about: 'next step', needs: 'open', effect: move('next') },
  { word: 'back', key: 'u', about: 'previous step', needs: 'started', effect: back },
  { word: 'pause', key: 'p', about: 'pause or resume the clock', needs: 'open', effect: pause },
  { word: 'more', key: 'm', takes: '[3]', about: 'add a minute to this step', needs: 'open', effect: more },
  { word: 'short', key: 's', about: 'short on time: cut, spread or run over', needs: 'open', effect: short },
  {
    word: 'capture',
    key: 'c',
    takes: '[2]',
    about: 'write what a group says',
    needs: 'started',
    effect: capture,
  },
  { word: 'jots', key: 'j', about: 'stopwatch and jots', needs: 'open', effect: () => ({ run: 'watch' }) },
  { word: 'notes', key: 'f', about: 'facilitator notes', needs: 'open', effect: leaf('notes') },
  { word: 'say', key: 't', about: 'what to say', needs: 'open', effect: leaf('say') },
  { word: 'opening', key: 'o', about: 'norms, roles, materials and groups', effect: leaf('opening') },
  { word: 'time', about: 'time left', needs: 'started', effect: time },
  { word: 'questions', about: 'the questions of this step', needs: 'open', effect: questions },
  { word: 'plan', about: 'all steps', effect: plan },
  { word: 'until', takes: '4:30pm', about: 'when you have to end', effect: until },
  { word: 'read', takes: '[2]', about: 'read what a group has written', needs: 'started', effect: read },
  { word: 'digest', key: 'd', about: 'digest and brief summary (Word)', needs: 'started', effect: digest },
  { word: 'anew', about: 'start this plan over', needs: 'started', effect: anew },
  { word: 'help', key: '?', about: 'help', effect: tell(helpText) },
  { word: 'quit', key: 'q', about: 'leave; everything is saved', effect: move('leave') },
]
/** Words that mean the same. */
const ALSO = new Map([
  ['watch', 'jots'],
  ['step', 'say'],
  ['share', 'digest'],
])

export const WORDS = ACTIONS.map(({ word }) => word)
export const actionCalled = (word: string) => ACTIONS.find(action => action.word === (ALSO.get(word) ?? word))
export const actionAt = (key: string) => ACTIONS.find(action => action.key === key)
const acting = (word: string): Effect => {
  const act = actionCalled(word)
  return act && { act }
}
/** What a paste, or a line that is no command, starts. */
export const CAPTURE = acting('capture')
export const TIME = acting('time')

const fits = ({ needs }: RoomAction, { leading }: Room) =>
  needs === undefined || (leading.startedAt !== undefined && (needs === 'started' || !isClosed(leading)))

/** What Esc offers. */
export function menuAt({ room }: AtRoom): Asked {
  const choices = ACTIONS.filter(action => fits(action, room)).map((act): Choice<Effect> => {
    return { name: act.about, value: { act }, ...(act.key && { key: act.key }) }
  })
  return { ask: 'What next?', choices }
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
export function enterEffect({ room: { leading } }: AtRoom): Effect {
  if (leading.startedAt === undefined) return { move: 'start' }
  if (leading.since !== undefined || isClosed(leading)) return undefined
  return { move: 'pause', say: 'The clock is running again.' }
}

/** Asks whether the room was working while the program was away. */
export function awayEffect(minutes: number): Effect {
  return {
    ask: `The program was closed for ${told.longTime(minutes)}. Was the room working?`,
    choices: [
      { name: 'yes: count the time', value: undefined },
      { name: "no, it was a break: don't count it", value: { move: { break: minutes } } },
    ],
  }
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
  return { say: 'Say how many minutes, as in :more 3.' }
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

/** A group by its number or its name. */
const groupCalled = ({ groups }: Room, word: string) =>
  groups[Number(word) - 1] ?? groups.find(({ label }) => label.toLowerCase() === word.toLowerCase())

function capture({ room }: AtRoom, argument: string): Effect {
  const { groups } = room
  const group = argument === '' ? undefined : groupCalled(room, argument)
  if (group || groups.length < 2) return captureFor(room, group ?? groups[0])
  return {
    ask: `${argument === '' ? '' : `There is no group "${argument}". `}Which group?`,
    choices: groups.map(each => ({ name: each.label, value: captureFor(room, each) })),
  }
}

function captureFor(room: Room, group: Group | undefined): Effect {
  const [first, ...rest] = questionsFor(room, group).map((question): Choice<Effect> => {
    return { name: `${question.id}: ${question.text}`, value: { capture: { group, question: question.id } } }
  })
  if (!first) return { say: 'The plan asks this group nothing.' }
  return rest.length === 0 ? first.value : { ask: 'Which question?', choices: [first, ...rest] }
}

function read({ room, services }: AtRoom, argument: string): Effect {
  const { groups } = room
  const reading = (group: Group | undefined): Effect => ({ tell: async () => [await services.read(group)] })
  const group = argument === '' ? undefined : groupCalled(room, argument)
  if (group || groups.length < 2) return reading(group ?? groups[0])
  return {
    ask: 'Which group?',
    choices: [
      ...groups.map(each => ({ name: each.label, value: reading(each) })),
      {
        name: 'all: how much each has written',
        value: { tell: async () => told.summaryText(await services.given()) },
      },
    ],
    hint: `:read 1 reads what ${groups[0]?.label} has written.`,
  }
}

const FIVE_MINUTES = 5 * MINUTE

/** At a time that is typed, or one of the next full five minutes. */
function until({ now, services }: AtRoom, argument: string): Effect {
  const ending = (until: number): Effect => ({
    move: { until },
    say: `You have to end at ${services.timeOf(until)}.`,
  })
  if (argument !== '') {
    try {
      return ending(services.momentOf(argument))
    } catch (error) {
      if (error instanceof UserError) return { say: error.message }
      throw error
    }
  }
  const first = Math.ceil(now / FIVE_MINUTES) + 1
  const times = Array.from({ length: 18 }, (_, i) => (first + i) * FIVE_MINUTES)
  return {
    ask: 'When do you have to end?',
    choices: times.map(time => ({ name: services.timeOf(time), value: ending(time) })),
    hint: 'Say the time, as in :until 4:30pm.',
  }
}

function anew(): Effect {
  return {
    ask: 'Start this plan over? What the groups have written stays.',
    choices: [
      { name: 'keep going', value: undefined },
      { name: 'start over', value: { move: 'anew' } },
    ],
  }
}

/** How a UI carries out effects. */
export interface RoomUi {
  at(): AtRoom
  say(line: string): void
  /** Shows what may be longer than a screen, until it is read. */
  read(lines: readonly string[]): Promise<void>
  /** `other`: takes what is said that is no choice. @returns undefined if nothing is to happen. */
  choose(asked: Asked, other: (line: string) => void): Promise<Effect>
  show(leaf: Leaf): void
  watch(): Promise<string[]>
}

/**
 * Carries out an effect to its end. What a group has said already (`held`), or says meanwhile, is held, and said back
 * if it has no place in the end.
 * @returns the move it leads to, if it leads to one.
 */
export async function carryOut(effect: Effect, ui: RoomUi, held = ''): Promise<FacilitationMove | undefined> {
  const at = ui.at()
  const { saveScratch, leaving } = at.services
  if (!effect) {
    // Whoever is made to leave finds the words at the next start.
    if (held === '' || leaving.aborted) return undefined
    saveScratch('')
    ui.say(`Not saved: ${held}`)
  } else if ('act' in effect) {
    const { act, argument = '' } = effect
    if (fits(act, at.room)) return carryOut(act.effect(at, argument), ui, held)
    return carryOut({ say: told.refusal(at) }, ui, held)
  } else if ('ask' in effect) {
    let words = held
    if (words !== '') saveScratch(words)
    const chosen = await ui.choose(effect, line => {
      words = words === '' ? line : `${words}\n${line}`
      saveScratch(words)
    })
    return carryOut(chosen, ui, words)
  } else if ('capture' in effect) return { capture: { ...effect.capture, text: held } }
  else if ('move' in effect) {
    if (effect.say) ui.say(effect.say)
    return effect.move
  } else if ('say' in effect) ui.say(effect.say)
  else if ('tell' in effect) await tellOrWhy(effect.tell, ui)
  else if ('leaf' in effect) ui.show(effect.leaf)
  else await tellUnsaved(await ui.watch(), ui)
  return undefined
}

/** A file that can't be read is no reason to leave the room. */
async function tellOrWhy(lines: Extract<Effect, { tell: unknown }>['tell'], ui: RoomUi): Promise<void> {
  try {
    await ui.read(await lines())
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await ui.read([error.message])
  }
}

async function tellUnsaved(jots: readonly string[], ui: RoomUi): Promise<void> {
  if (jots.length > 0) await ui.read(['These could not be saved everywhere:', ...jots])
}
