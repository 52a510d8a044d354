import type { WriteStream } from 'node:tty'
import { sentenceOf, stripControls } from '../../domain/errors.ts'
import {
  clockStatus,
  cutsFor,
  type FacilitationMove,
  type FacilitationUi,
  isClosed,
  MINUTE,
  questionsFor,
  type Room,
  type Short,
} from '../../domain/facilitation.ts'

import type { Question } from '../../domain/guide.ts'
import { type Group, inMinutes } from '../../domain/plan.ts'

import { cutsText, pace } from '../facilitation-messages.ts'
import type { FacilitationServices, GroupSummary } from '../session-port.ts'
import { terminalWatch } from '../watch.ts'
import { type Leaf, roomRows, type View } from './facilitation-view.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { inRows } from './layout.ts'
import { FullScreen } from './renderer.ts'
import { type Choice, select } from './select.ts'

const FIVE_MINUTES = 5 * MINUTE
const INTERRUPT_NOTICE = 'Everything is saved. Ctrl+C again leaves.'

/** Leading a room on a screen that is often on the wall: drawn anew each second, moved by single keys. */
export class TerminalFacilitation implements FacilitationUi {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #sitting: FacilitationServices
  readonly #stage: FullScreen
  readonly #watch: ReturnType<typeof terminalWatch>
  #leaf: Leaf = 'room'
  #page = 0
  #notice = ''
  #at = -1
  #given: readonly GroupSummary[] = []
  readonly #remarks: string[]
  /** Keys that came while the session was being written down. */
  #early: Key[] = []

  /** `remarks`: what the facilitator should know of before the room sees anything. */
  constructor(
    keyboard: Keyboard,
    screen: WriteStream,
    sitting: FacilitationServices,
    remarks: readonly string[],
  ) {
    this.#remarks = [...remarks]
    this.#keyboard = keyboard
    this.#screen = screen
    this.#sitting = sitting
    this.#stage = new FullScreen(screen)
    this.#watch = terminalWatch(keyboard, screen, sitting)
  }

  async ask(room: Room): Promise<FacilitationMove> {
    // The next step's room must not see the notes that were open in this one.
    if (room.leading.at !== this.#at) this.#turnTo('room')
    this.#at = room.leading.at
    if (isClosed(room.leading)) await this.#gather()
    if (this.#remarks.length > 0) await this.#print(Promise.resolve(this.#remarks.splice(0).join('\n')))
    for (;;) {
      const act = await this.#nextAct(room)
      const move = await this.#perform(room, act)
      if (move === 'leave') this.#stage.clear()
      if (move) return move
    }
  }

  async wasBreak(minutes: number): Promise<boolean> {
    const message = `Nobody was here for ${inMinutes(Math.round(minutes))}, and the clock ran on.`
    return (
      (await this.#choose(message, [
        { name: 'The room went on: count them', value: false },
        { name: 'It was a break: leave them out', value: true },
      ])) ?? false
    )
  }

  tell(trouble: string): void {
    this.#notice = ''
    this.#remarks.push(trouble)
  }

  #turnTo(leaf: Leaf): void {
    this.#leaf = leaf
    this.#page = 0
  }

  /** Draws the room, four times a second, until a key asks for something. */
  #nextAct(room: Room): Promise<Act> {
    const { leaving } = this.#sitting
    return new Promise(resolve => {
      const draw = () => this.#stage.draw(roomRows(room, this.#view(), this.#sitting))
      const ticking = setInterval(draw, 250)
      const off = this.#stage.onResize(draw)
      let ended = false
      const done = (act: Act) => {
        ended = true
        clearInterval(ticking)
        off()
        this.#keyboard.listen(key => void this.#early.push(key))
        leaving.removeEventListener('abort', leave)
        resolve(act)
      }
      const leave = () => done('leave')
      leaving.addEventListener('abort', leave)
      if (leaving.aborted) return leave()
      const press = (key: Key) => {
        const by = key.kind === 'key' ? (PAGES[key.name] ?? 0) : 0
        this.#page += by
        const act = actOf(key)
        if (act) done(act)
        else if (by !== 0) draw()
      }
      draw()
      this.#keyboard.listen(press)
      const early = this.#early.splice(0)
      while (early.length > 0 && !ended) press(early.shift() as Key)
      this.#early.unshift(...early)
    })
  }

  #view(): View {
    return {
      columns: this.#stage.columns,
      rows: this.#stage.rows,
      leaf: this.#leaf,
      page: this.#page,
      notice: this.#notice,
      now: this.#sitting.clock(),
      given: this.#given,
    }
  }

  async #perform(room: Room, act: Act): Promise<FacilitationMove | undefined> {
    const interrupted = this.#notice === INTERRUPT_NOTICE
    this.#notice = ''
    const { startedAt, since } = room.leading
    if (typeof act === 'object') return this.#capture(room, act.text)
    if (act === 'leave') return 'leave'
    if (act === 'interrupt') {
      if (interrupted) this.#sitting.stop(130)
      this.#notice = INTERRUPT_NOTICE
      return interrupted ? 'leave' : undefined
    }
    if (act === 'menu') return this.#menu(room)
    if (act === 'start')
      return startedAt === undefined ? 'start' : since === undefined ? this.#pause(room) : undefined
    if (startedAt === undefined && act !== 'anew') return this.#tell('Enter starts the clock.')
    if (act === 'next' || act === 'back') return this.#move(room, act)
    if (act === 'pause') return this.#pause(room)
    if (act === 'more') {
      if (isClosed(room.leading)) return this.#tell('The clock is stopped. B goes back to the last step.')
      this.#notice = '1 minute more for this step.'
      return { more: 1 }
    }
    if (act === 'short') return this.#short(room)
    if (act === 'capture') return this.#capture(room, '')
    if (act === 'anew') return this.#anew()
    if (act === 'jots') await this.#jots(room)
    else if (act === 'read') await this.#read(room)
    else if (act === 'share') await this.#print(this.#sitting.share().then(lines => lines.join('\n')))
    else if (act === 'until') return this.#until()
    else this.#turnTo(this.#leaf === act ? 'room' : act)
    return undefined
  }

  #tell(notice: string): undefined {
    this.#notice = notice
  }

  #move({ leading }: Room, act: 'next' | 'back'): FacilitationMove | undefined {
    if (act === 'back') return leading.at > 0 ? 'back' : this.#tell('This is the first step.')
    return isClosed(leading) ? this.#tell('The plan is at its end.') : 'next'
  }

  #pause({ leading }: Room): FacilitationMove | undefined {
    return isClosed(leading) ? this.#tell('The clock is stopped. B goes back to the last step.') : 'pause'
  }

  async #menu(room: Room): Promise<FacilitationMove | undefined> {
    const act = await this.#choose<Act>('What next?', menuFor(room))
    return act && this.#perform(room, act)
  }

  async #short({ plan, leading }: Room): Promise<FacilitationMove | undefined> {
    const now = this.#sitting.clock()
    const { behind } = clockStatus(leading, now)
    if (behind < 0.5) return this.#tell(`${pace({ behind })} Nothing has to be cut.`)
    const cuts = cutsFor(leading, plan, now)
    const message = [
      pace({ behind }),
      ...(cuts.length > 0 ? [`The plan's cuts: ${cutsText(plan, cuts)}.`] : []),
    ]
    const how = await this.#choose<Short | undefined>(message.join('\n'), [
      ...(cuts.length > 0 ? [{ name: "Take the plan's cuts", value: 'cut' as const }] : []),
      { name: 'Spread the loss over all steps but a video', value: 'spread' },
      { name: `Run over: end ${inMinutes(Math.round(behind))} later`, value: 'over' },
      { name: 'Leave it as it is', value: undefined },
    ])
    return how && { short: how }
  }

  async #capture(room: Room, text: string): Promise<FacilitationMove | undefined> {
    const { groups } = room
    this.#sitting.saveScratch(text)
    let group: Group | undefined = groups[0]
    if (groups.length > 1) {
      group = await this.#choose(
        'For which group?',
        groups.map(each => ({ name: each.label, value: each })),
      )
      if (!group) return this.#notKept(text)
    }
    const question = await this.#question(room, group)
    if (!question) return this.#notKept(text)
    this.#stage.clear()
    if (group) this.#screen.write(`${stripControls(group.label)}\n\n`)
    this.#notice = `Back from ${group?.label ?? 'writing'}. Everything written is saved.`
    return { capture: { group, question: question.id, text } }
  }

  /** Who is made to leave finds the words when they come back. */
  #notKept(text: string): undefined {
    if (this.#sitting.leaving.aborted || text === '') return undefined
    this.#sitting.saveScratch('')
    return this.#tell('The paste was not kept.')
  }

  async #question(room: Room, group: Group | undefined): Promise<Question | undefined> {
    const questions = questionsFor(room, group)
    if (questions.length < 2) return questions[0]
    const choices = questions.map(each => ({ name: `${each.id}  ${each.text}`, value: each }))
    return this.#choose('At which question?', choices)
  }

  async #jots({ plan }: Room): Promise<void> {
    this.#stage.clear()
    const unsaved = await this.#watch(plan)
    this.#stage.clear()
    if (unsaved.length > 0)
      await this.#print(Promise.resolve(['These could not be saved everywhere:', ...unsaved].join('\n')))
  }

  /** What the groups have given. A file in disorder is no reason to leave the room. */
  async #gather(): Promise<void> {
    try {
      this.#given = await this.#sitting.given()
    } catch (error) {
      this.#notice = sentenceOf(error)
    }
  }

  /** The next full five minutes, for an hour and a half. */
  async #until(): Promise<FacilitationMove | undefined> {
    const first = Math.ceil(this.#sitting.clock() / FIVE_MINUTES) + 1
    const times = Array.from({ length: 18 }, (_, i) => (first + i) * FIVE_MINUTES)
    const until = await this.#choose(
      'When does the room have to end?',
      times.map(value => ({ name: this.#sitting.timeOf(value), value })),
    )
    return until === undefined ? undefined : { until }
  }

  async #read({ groups }: Room): Promise<void> {
    const group =
      groups.length > 1
        ? await this.#choose(
            'Whose?',
            groups.map(each => ({ name: each.label, value: each })),
          )
        : groups[0]
    if (groups.length > 1 && !group) return
    await this.#print(this.#sitting.read(group))
  }

  /** Shows a text that may be longer than the window, until the facilitator has read it. */
  async #print(text: Promise<string>): Promise<void> {
    const told = await text.catch(sentenceOf)
    this.#stage.clear()
    this.#screen.write(`${inRows(stripControls(told), this.#stage.columns)}\n\n`)
    await select(this.#keyboard, this.#screen, {
      message: 'Read?',
      choices: [{ name: 'Back to the room', value: true }],
      leaving: this.#sitting.leaving,
    })
    this.#stage.clear()
  }

  async #anew(): Promise<FacilitationMove | undefined> {
    const sure = await this.#choose('Begin the plan anew? What the groups have written stays.', [
      { name: 'Go on here', value: false },
      { name: 'Begin anew', value: true },
    ])
    return sure ? 'anew' : undefined
  }

  async #choose<T>(message: string, choices: readonly Choice<T>[]): Promise<T | undefined> {
    this.#stage.clear()
    const { leaving } = this.#sitting
    const chosen = await select(this.#keyboard, this.#screen, { message, choices, leaving })
    this.#stage.clear()
    return chosen
  }
}

/* What a facilitator can ask for with a key or in the menu. */

export type Act =
  | 'start'
  | 'next'
  | 'back'
  | 'pause'
  | 'more'
  | 'short'
  | 'capture'
  | 'jots'
  | 'notes'
  | 'say'
  | 'opening'
  | 'until'
  | 'read'
  | 'share'
  | 'anew'
  | 'menu'
  | 'leave'
  | 'interrupt'
  | { text: string }

const LETTERS: Record<string, Act> = {
  n: 'next',
  b: 'back',
  p: 'pause',
  m: 'more',
  '+': 'more',
  s: 'short',
  c: 'capture',
  j: 'jots',
  f: 'notes',
  t: 'say',
  o: 'opening',
  d: 'share',
}
const NAMED: Record<string, Act> = {
  pagedown: 'next',
  pageup: 'back',
  escape: 'menu',
  'ctrl+c': 'interrupt',
  enter: 'start',
}
/** Keys that turn the pages of what stands there. */
export const PAGES: Record<string, number> = { tab: 1, right: 1, 'shift+tab': -1, left: -1 }

/** What a key asks for. Whatever is pasted is something that a group said. */
export function actOf(key: Key): Act | undefined {
  if (key.kind === 'paste') return key.text.trim() === '' ? undefined : { text: key.text.trimEnd() }
  if (key.kind === 'text') return key.hurried ? undefined : LETTERS[key.text.toLowerCase()]
  return NAMED[key.name]
}

export function menuFor({ leading, groups }: Room): Choice<Act>[] {
  const started = leading.startedAt !== undefined
  const open = started && !isClosed(leading)
  const choices: (Choice<Act> | false)[] = [
    !started && { name: 'Start the clock', value: 'start' },
    open && { name: 'Next step', value: 'next' },
    started && leading.at > 0 && { name: 'Back to the step before', value: 'back' },
    open && { name: leading.since === undefined ? 'Let the clock go on' : 'Pause the clock', value: 'pause' },
    open && { name: 'One minute more', value: 'more' },
    open && { name: "Short on time: the plan's cuts, spread, or run over", value: 'short' },
    started && { name: 'Capture: write down what a group says', value: 'capture' },
    open && { name: 'Jots: stopwatch and short notes', value: 'jots' },
    open && { name: 'Notes for you; everybody who sees the screen sees them', value: 'notes' },
    open && { name: 'What to say', value: 'say' },
    open && { name: 'Norms, roles, materials and groups', value: 'opening' },
    open && { name: 'When the room has to end', value: 'until' },
    started && { name: `Read what ${groups.length > 1 ? 'a group' : 'the room'} has written`, value: 'read' },
    started && { name: 'Digest of all groups and brief summary, as Word files', value: 'share' },
    started && { name: 'Begin the plan anew', value: 'anew' },
    { name: 'Leave; everything is saved', value: 'leave' },
  ]
  return choices.filter(choice => choice !== false)
}
