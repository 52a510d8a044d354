import { didYouMean, sentenceOf, UserError } from '../../domain/errors.ts'
import {
  type Capture,
  clockStatus,
  cutsFor,
  type FacilitationMove,
  type FacilitationUi,
  isClosed,
  questionsFor,
  type Room,
  type Short,
} from '../../domain/facilitation.ts'

import type { Question } from '../../domain/guide.ts'
import { type Group, inMinutes } from '../../domain/plan.ts'

import * as spoken from '../facilitation-messages.ts'
import type { FacilitationServices } from '../session-port.ts'
import type { Choice } from '../terminal/select.ts'
import { plainWatch } from '../watch.ts'
import type { Line } from './line-reader.ts'
import type { Prompter } from './prompter.ts'

/** What is to be said or, where a file is in disorder, why it cannot be: that is no reason to leave the room. */
async function orWhy(lines: Promise<string[]>): Promise<string[]> {
  return lines.catch(error => [sentenceOf(error)])
}

type Answer = FacilitationMove | undefined
/** A command answers with a move, or says what it has to say. */
type Command = (room: Room, argument: string) => Promise<Answer> | Answer

/**
 * Leading a room in lines of text alone: the same powers as on the screen, by words. Nothing ticks; the time is
 * told with each step, on :time, when a minute is left and when none is.
 */
export class PlainFacilitation implements FacilitationUi {
  readonly #talk: Prompter
  readonly #sitting: FacilitationServices
  readonly #watch: ReturnType<typeof plainWatch>
  /** Where the room was when it was last told. */
  #told: { at: number; started: boolean } | undefined
  #wrote = false

  constructor(talk: Prompter, sitting: FacilitationServices) {
    this.#talk = talk
    this.#sitting = sitting
    this.#watch = plainWatch(talk, sitting)
  }

  async ask(room: Room): Promise<FacilitationMove> {
    await this.#tell(room)
    for (;;) {
      const silence = this.#announcing(room)
      const line = await this.#nextLine().finally(silence)
      if (!line) return 'leave'
      const move = line.pasted
        ? await this.#capture(room, '', await this.#wholePaste(line))
        : await this.#obey(room, line.text)
      if (move) return move
    }
  }

  /** What is typed may turn out to be what a group says. */
  #nextLine(): Promise<Line | undefined> {
    return this.#talk.nextLine(() => {
      const line = this.#talk.unfinished()
      this.#sitting.saveScratch(/^\s*:/.test(line) ? '' : line)
    })
  }

  async #wholePaste(first: Line): Promise<string> {
    const lines = [first.text]
    for (let line: Line | undefined = first; line?.more; ) {
      line = await this.#nextLine()
      if (line) lines.push(line.text)
    }
    return lines.join('\n')
  }

  async wasBreak(minutes: number): Promise<boolean> {
    this.#say(
      `Nobody was here for ${inMinutes(Math.round(minutes))}, and the clock ran on. Did the room go on?`,
    )
    const choice = await this.#talk.choose([
      { name: 'the room went on: count them', value: false },
      { name: 'it was a break: leave them out', value: true },
    ])
    return choice ?? false
  }

  tell(trouble: string): void {
    this.#say(trouble)
  }

  #say(...lines: string[]): void {
    for (const line of lines) this.#talk.say(line)
  }

  get #now(): number {
    return this.#sitting.clock()
  }

  /** A step is told when the room comes to it, and not again after every command. */
  async #tell(room: Room): Promise<void> {
    const { leading } = room
    const before = this.#told
    this.#told = { at: leading.at, started: leading.startedAt !== undefined }
    const wrote = this.#wrote && !isClosed(leading)
    this.#wrote = false
    if (before?.at === this.#told.at && before.started === this.#told.started) {
      if (wrote) this.#say(spoken.backText(room, this.#now))
      return
    }
    this.#say('')
    if (isClosed(leading))
      this.#say(...spoken.closeText(room, this.#now), ...(await orWhy(this.#given())), spoken.SHARE)
    else if (!this.#told.started) this.#say(...spoken.openingText(room, this.#sitting, ':short'))
    else this.#say(...(before ? [] : [spoken.returnText(room)]), ...spoken.stepText(room, this.#now))
  }

  /** A minute before the end of a step and at its end; never while somebody writes. */
  #announcing({ leading }: Room): () => void {
    const { left, running } = clockStatus(leading, this.#now)
    const after = (minutes: number, text: string) =>
      running && minutes > 0 ? [setTimeout(() => this.#say(text), minutes * 60_000)] : []
    const timers = [
      ...after(left - 1, 'One minute left in this step.'),
      ...after(left, 'The time of this step is up.'),
    ]
    return () => {
      for (const timer of timers) clearTimeout(timer)
    }
  }

  /** @returns the move that a line asks for. What is no command is taken as what a group says. */
  async #obey(room: Room, line: string): Promise<Answer> {
    const said = line.trim()
    if (said === '') return this.#enter(room)
    if (!said.startsWith(':') || said.startsWith('::'))
      return this.#capture(room, '', line.replace(/^::/, ':'))
    const [, name = '', argument = ''] = /^:(\S*)\s*(.*)$/.exec(said) ?? []
    if (Object.hasOwn(this.#commands, name)) return this.#commands[name]?.(room, argument)
    const near = didYouMean(name, Object.keys(this.#commands)).replace('"', '":')
    this.#say(`":${name}" is no command here. ${near || ':help lists them.'}`)
    return undefined
  }

  #enter(room: Room): Answer {
    const { startedAt, since } = room.leading
    if (startedAt === undefined) return 'start'
    if (since === undefined && !isClosed(room.leading)) return this.#pause(room)
    this.#say(spoken.timeText(room, this.#now))
    return undefined
  }

  readonly #commands: Record<string, Command> = {
    next: room => this.#next(room),
    back: room => this.#back(room),
    pause: room => this.#pause(room),
    more: (room, argument) => this.#more(room, argument),
    short: room => this.#short(room),
    until: (_, argument) => this.#until(argument),
    time: room => this.#say(spoken.timeText(room, this.#now)) as undefined,
    capture: (room, argument) => this.#capture(room, argument, ''),
    jots: room => this.#jots(room),
    watch: room => this.#jots(room),
    notes: ({ plan, leading }) => this.#notes(plan.steps[leading.at]),
    step: room => this.#say(...spoken.stepText(room, this.#now)) as undefined,
    questions: room => this.#say(...spoken.questionsText(room)) as undefined,
    plan: room => this.#say(...spoken.planText(room, this.#now)) as undefined,
    opening: room =>
      this.#say(...spoken.openingText(room, this.#sitting, ':short').slice(0, -2)) as undefined,
    read: (room, argument) => this.#read(room, argument),
    share: async () => this.#say(...(await orWhy(this.#sitting.share()))) as undefined,
    anew: () => this.#anew(),
    help: () => this.#say(spoken.HELP) as undefined,
    quit: () => 'leave',
  }

  #next({ leading }: Room): Answer {
    if (leading.startedAt === undefined) return 'start'
    if (!isClosed(leading)) return 'next'
    this.#say('The plan is at its end. :quit leaves.')
    return undefined
  }

  #back({ leading }: Room): Answer {
    if (leading.at > 0) return 'back'
    this.#say('This is the first step.')
    return undefined
  }

  #pause({ leading }: Room): Answer {
    if (isClosed(leading))
      return this.#say('The clock is stopped. :back goes back to the last step.') as undefined
    if (leading.startedAt === undefined) this.#say('The clock has not been started. Enter starts it.')
    else if (leading.since === undefined) this.#say('The clock goes on.')
    else this.#say('The clock stands still. :pause again, or Enter, lets it go on.')
    return leading.startedAt === undefined ? undefined : 'pause'
  }

  #more({ leading }: Room, argument: string): Answer {
    if (isClosed(leading))
      return this.#say('The clock is stopped. :back goes back to the last step.') as undefined
    const minutes = argument === '' ? 1 : Number(argument)
    if (minutes > 0 && minutes <= 600) {
      this.#say(`${inMinutes(minutes)} more for this step.`)
      return { more: minutes }
    }
    this.#say('Say how many minutes, as in :more 3.')
    return undefined
  }

  #until(argument: string): Answer {
    try {
      const until = this.#sitting.momentOf(argument)
      this.#say(`The room has to end at ${this.#sitting.timeOf(until)}.`)
      return { until }
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      this.#say(error.message)
      return undefined
    }
  }

  #notes(step: Room['plan']['steps'][number] | undefined): undefined {
    this.#say(...(step ? spoken.notesText(step) : ['There are no notes here.']))
  }

  async #short({ plan, leading }: Room): Promise<Answer> {
    const { behind } = clockStatus(leading, this.#now)
    if (leading.startedAt === undefined)
      return this.#say(
        'Start the clock first, with Enter. Then :short tells what can be left out.',
      ) as undefined
    this.#say(spoken.pace({ behind }))
    if (behind < 0.5) {
      this.#say('Nothing has to be cut. Does the room have to end earlier? Say so, as in :until 16:20.')
      return undefined
    }
    const cuts = cutsFor(leading, plan, this.#now)
    const choices: { name: string; value: Short | 'nothing' }[] = [
      ...(cuts.length > 0
        ? [{ name: `the plan's cuts: ${spoken.cutsText(plan, cuts)}`, value: 'cut' as const }]
        : []),
      {
        name: 'spread the loss: every step that is left gives some of its time, except a video',
        value: 'spread',
      },
      { name: `run over: end ${inMinutes(Math.round(behind))} later`, value: 'over' },
      { name: 'leave it as it is', value: 'nothing' },
    ]
    const how = await this.#talk.choose(choices, '\n')
    if (!how || how === 'nothing') return undefined
    this.#say({ cut: 'The cuts are taken.', spread: 'The loss is spread.', over: 'The room runs over.' }[how])
    return { short: how }
  }

  async #capture(room: Room, argument: string, text: string): Promise<Answer> {
    const capture = await plainCapture(this.#talk, this.#sitting, room, { argument, before: text })
    this.#wrote ||= capture !== undefined
    return capture && { capture }
  }

  async #read(room: Room, argument: string): Promise<undefined> {
    const group = groupNamed(room, argument)
    const text = async () => [await this.#sitting.read(group)]
    this.#say(...(await orWhy(group || room.groups.length === 0 ? text() : this.#given())))
  }

  async #given(): Promise<string[]> {
    return spoken.summaryText(await this.#sitting.given())
  }

  /** Jots that found no place are said back, so that they are not lost unseen. */
  async #jots({ plan }: Room): Promise<undefined> {
    const unsaved = await this.#watch(plan)
    if (unsaved.length > 0) this.#say('These could not be saved everywhere:', ...unsaved)
  }

  async #anew(): Promise<Answer> {
    this.#say('Begin the plan anew? What the groups have written stays; the clock goes back to nought.')
    const sure = await this.#talk.choose([
      { name: 'begin anew', value: true },
      { name: 'go on here', value: false },
    ])
    return sure ? 'anew' : undefined
  }
}

/**
 * Asks for the group and the question that something is written down for; undefined if it shall not be. What was
 * said already (`before`), and whatever is said meanwhile, is held, and said back if it has no place in the end.
 */
export async function plainCapture(
  talk: Prompter,
  sitting: Pick<FacilitationServices, 'saveScratch' | 'leaving'>,
  room: Room,
  { argument, before }: { argument: string; before: string },
): Promise<Capture | undefined> {
  let text = before
  const also = (line: string) => {
    text = text === '' ? line : `${text}\n${line}`
    sitting.saveScratch(text)
    talk.say('That is kept with it.')
  }
  sitting.saveScratch(text)
  const group = await chooseGroup(talk, room, argument, also)
  const question = group === 'none' ? undefined : await chooseQuestion(talk, room, group, also)
  if (group === 'none' || !question) {
    // Who is made to leave finds the words when they come back.
    if (sitting.leaving.aborted) return undefined
    if (text !== '') talk.say(`Not kept: ${text}`)
    sitting.saveScratch('')
    return undefined
  }
  if (group) talk.say(`For ${group.label}:`)
  return { group, question: question.id, text }
}

/** A group by its number or its name. */
export function groupNamed({ groups }: Room, word: string): Group | undefined {
  if (word === '') return undefined
  return groups[Number(word) - 1] ?? groups.find(({ label }) => label.toLowerCase() === word.toLowerCase())
}

async function chooseGroup(
  talk: Prompter,
  room: Room,
  argument: string,
  also: (line: string) => void,
): Promise<Group | undefined | 'none'> {
  const { groups } = room
  const named = groupNamed(room, argument)
  if (named || groups.length < 2) return named ?? groups[0]
  talk.say(argument === '' ? 'For which group?' : `There is no group "${argument}". For which group?`)
  const choices = groups.map((group): Choice<Group | 'none'> => ({ name: group.label, value: group }))
  return (await talk.choose([...choices, { name: 'not now', value: 'none' }], undefined, also)) ?? 'none'
}

async function chooseQuestion(
  talk: Prompter,
  room: Room,
  group: Group | undefined,
  also: (line: string) => void,
): Promise<Question | undefined> {
  const questions = questionsFor(room, group)
  if (questions.length < 2) return questions[0]
  talk.say('At which question?')
  const choices = questions.map(
    (each): Choice<Question | undefined> => ({ name: `${each.id}: ${each.text}`, value: each }),
  )
  return talk.choose([...choices, { name: 'not now', value: undefined }], '\n', also)
}
