import type { ReadStream, WriteStream } from 'node:tty'
import { normalizeAnswer, stateOf } from '../../domain/answers.ts'
import { capitalized } from '../../domain/guide.ts'
import { commentOn, draftOf } from '../../domain/interview.ts'
import type {
  EndChoice,
  EndContext,
  Move,
  QuestionContext,
  Reply,
  SaveResult,
} from '../../domain/interview-protocol.ts'
import type { IntroBlock } from '../../domain/intro-blocks.ts'
import { endWith } from '../end-actions.ts'
import { openInBrowser } from '../environment.ts'
import { afterSave, EDITOR_CAME_BACK, EDITOR_CHOICES, jumpText, PUT_BACK, undoneText } from '../messages.ts'
import { type AtQuestion, actionCalled, type Effect, menuAt, save } from '../question-actions.ts'
import type { ClosableUi, SessionServices } from '../session-port.ts'
import { terminalWatch } from '../watch.ts'
import { caretOf, type Editing, editing, rewritten, textOf } from './buffer.ts'
import { Keyboard } from './keyboard.ts'
import {
  aboveMenu,
  contentWidth,
  introRows,
  KEYS_HELP,
  listChoices,
  questionFrame,
  questionIsCut,
  resultRows,
} from './layout.ts'
import { OVER_AREA, openScreenPrompter, type ScreenPrompter } from './prompter.ts'
import { RowRenderer } from './renderer.ts'
import type { Choice } from './select.ts'
import { type Area, type Left, writeInArea } from './textarea.ts'
import { cellsIn } from './wrap.ts'

/** The keyboard and an empty screen, for the whole session. */
export function openKeyboard(
  stdin: ReadStream,
  stdout: WriteStream,
  session: Pick<SessionServices, 'stop'>,
): Keyboard {
  const keyboard = new Keyboard(stdin, stdout)
  // A terminal that is closed under us is a reason to leave, not to crash.
  stdout.on('error', () => session.stop(129))
  stdin.on('end', () => session.stop(129))
  keyboard.own()
  // What stood on the screen before goes into the scrollback; ours begins at the top.
  stdout.write(`${'\n'.repeat(stdout.rows || 24)}\u001b[H`)
  return keyboard
}

/** A reply that leaves the question, or the area in which the person goes on writing. */
type Done = Reply | Area

/** The interview on a screen: colour, keys and a writing area. */
export class TerminalInterview implements ClosableUi {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #session: SessionServices
  readonly #prompter: ScreenPrompter
  readonly #watch: ReturnType<typeof terminalWatch>
  #context: QuestionContext | undefined
  /** What the guide said before this question. */
  #intro: IntroBlock[] = []
  /** A part of the notes to be read once the answer is saved. */
  #toRead: string | undefined
  /** A line of what became of an answer keeps its distance from the guide's text. */
  #afterIntro = false
  /** Ctrl+C was pressed in a menu: the next one leaves. */
  #armed = false
  /** What was written last could not be saved. */
  #unsaved = false
  /** What became of the last answer, if it must not be missed. */
  #urgent = ''

  constructor(keyboard: Keyboard, screen: WriteStream, session: SessionServices) {
    this.#keyboard = keyboard
    this.#screen = screen
    this.#session = session
    this.#prompter = openScreenPrompter(keyboard, screen, session, () => {
      this.#armed = true
    })
    this.#watch = terminalWatch(keyboard, screen, session)
  }

  inputEnded(): boolean {
    return false
  }

  close(): Promise<void> {
    return this.#keyboard.close()
  }

  async show(block: IntroBlock): Promise<void> {
    this.#intro.push(block)
    if (block.kind === 'notes') {
      const ids = [...block.answers.keys()].filter(id => stateOf(block.answers, id) === 'answered')
      await this.#prompter.readNotes(ids, { printed: true })
    } else this.#screen.write(this.#rowsOf(block))
    this.#afterIntro = true
  }

  #rowsOf(block: IntroBlock): string {
    return introRows(block, this.#prompter.stage.columns, this.#session.notesPath)
  }

  tell(result: SaveResult): void {
    this.#unsaved = result.outcome === 'not saved'
    this.#urgent = afterSave(result).urgent
    const rows = this.#context ? resultRows(result, this.#context.guide, this.#prompter.stage.columns) : ''
    if (rows === '') return
    this.#screen.write(this.#afterIntro ? `\n${rows}` : rows)
    this.#afterIntro = false
  }

  async offerPutBack(labels: readonly string[]): Promise<boolean> {
    return (await this.#prompter.choose(undoneText(labels), PUT_BACK.map(asShown))) ?? false
  }

  async ask(context: QuestionContext): Promise<Reply> {
    this.#context = context
    if (this.#toRead !== undefined) await this.#readNotes(this.#toRead)
    this.#toRead = undefined
    const text = context.draft?.text ?? context.answer.text
    let area: Area = {
      editing: editing(text, context.draft?.caret ?? text.length),
      top: { row: 0, screenRow: 0 },
      ...this.#opening(context),
    }
    for (;;) {
      const done = this.#session.leaving.aborted ? reply(area, 'leave') : await this.#askOnce(context, area)
      if ('action' in done) {
        this.#intro = []
        return done
      }
      area = this.#armed ? { ...done, notice: this.#interruptNotice() } : done
    }
  }

  /** What must not be missed is told beside the question, too: the line above it may have left the screen. */
  #opening(context: QuestionContext): { notice?: string } {
    const notice = this.#urgent || jumpText(context)
    this.#urgent = ''
    if (notice) return { notice }
    const [first] = this.#intro
    if (first?.kind !== 'welcome' || first.reason === 'begun' || !first.at) return {}
    return { notice: `Picking up at question ${first.at.position}.` }
  }

  async #askOnce(context: QuestionContext, before: Area): Promise<Done> {
    const { action, interrupted, ...area } = await this.#write(context, before)
    if (interrupted) this.#session.stop(130)
    if (action === 'leave') return reply(area, 'leave')
    const { columns, rows } = this.#prompter.stage
    const at: AtQuestion = {
      ...{ context, text: textOf(area.editing), unsaved: this.#unsaved },
      cut: questionIsCut(context, columns, rows),
      capturing: this.#session.capturing !== undefined,
    }
    if (action === 'save') return this.#carryOut(save(at), context, area)
    if (action !== 'menu') return this.#carryOut(actionCalled(action)?.effect(at, ''), context, area)
    const effect = await this.#chooseBelow(context, area, '', menuAt(at))
    return this.#carryOut(effect?.(at, ''), context, area)
  }

  /** During a capture: whose answer it is, and the time left. */
  #heading(): string {
    return this.#session.capturing?.heading() ?? ''
  }

  #write(context: QuestionContext, area: Area): Promise<Left> {
    const stage = new RowRenderer(this.#screen)
    const above = () => this.#intro.map(block => this.#rowsOf(block)).join('')
    const armed = this.#armed
    this.#armed = false
    return writeInArea(
      {
        area,
        armed,
        draw: input => questionFrame(context, input, this.#heading()),
        changed: (now, much) => this.#keep(context, now, much),
        trouble: () => this.#session.draftTrouble(),
        interruptNotice: () => this.#interruptNotice(),
      },
      { keyboard: this.#keyboard, stage, leaving: this.#session.leaving, above },
    )
  }

  #interruptNotice(): string {
    if (!this.#session.flush()) return "This can't be saved anywhere now: copy it first. Ctrl+C again leaves."
    return `${this.#unsaved ? 'Kept as a draft' : 'Everything is saved'}. Ctrl+C again leaves.`
  }

  #keep(context: QuestionContext, now: Editing, much = true): void {
    this.#session.saveDraft(draftOf(context, textOf(now), caretOf(now)), much)
  }

  /** Does what an action asks for. @returns the reply, or the area to go on in. */
  async #carryOut(effect: Effect, context: QuestionContext, area: Area): Promise<Done> {
    if (!effect) return area
    if ('reply' in effect) {
      this.#toRead = effect.notes
      return effect.reply
    }
    if ('ask' in effect) {
      const { ask, choices, first } = effect
      // What a row has no room for is printed above the menu.
      const names = choices.map(({ name }) => name)
      if (names.some(name => cellsIn(name) > this.#prompter.stage.columns - 8))
        this.#prompter.say(names.join('\n'))
      return this.#carryOut(await this.#chooseBelow(context, area, ask, choices, first), context, area)
    }
    if ('add' in effect) return this.#add(context, area, effect.add)
    if ('say' in effect) return this.#noticed(area, effect.say)
    if ('open' in effect) {
      await openInBrowser(effect.open.url)
      return this.#noticed(area, `${effect.open.title}: ${effect.open.url}`)
    }
    if ('notes' in effect) await this.#readNotes(effect.notes)
    else if ('read' in effect) await this.#prompter.read(effect.read)
    else if ('list' in effect) {
      const to = await this.#list(context, context.question.id)
      if (to !== undefined) return reply(area, { to })
    } else if (effect.run === 'help') await this.#prompter.page(KEYS_HELP)
    else if (effect.run === 'find') await this.#prompter.readNotes([], { searching: true })
    else if (effect.run === 'edit') return this.#edit(context, area)
    else if (effect.run === 'watch') return this.#watchVideo(context, area)
    return area
  }

  /** A menu below the question and the text. */
  #chooseBelow<T>(
    context: QuestionContext,
    area: Area,
    ask: string,
    choices: readonly Choice<T>[],
    first?: T,
  ): Promise<T | undefined> {
    const { stage, choose } = this.#prompter
    const above = (choices: number) => {
      const { columns, rows } = stage
      return aboveMenu(context, area, ask, { columns, rows, choices, heading: this.#heading() })
    }
    return choose(above, choices.map(asShown), { ...OVER_AREA, ...(first !== undefined && { first }) })
  }

  #readNotes(part: string): Promise<void> {
    return this.#prompter.readNotes(part === '' ? [] : [part])
  }

  #list({ guide, answers }: EndContext | QuestionContext, here?: string): Promise<string | undefined> {
    const rows = listChoices(guide, answers, this.#prompter.stage.columns)
    return this.#prompter.choose('Go to which question?', rows, {
      ...(here && { ...OVER_AREA, first: here }),
    })
  }

  #add(context: QuestionContext, area: Area, lines: readonly string[]): Area {
    const text = textOf(area.editing)
    const before = normalizeAnswer(text) === '' ? [] : [text.replace(/\n+$/, '')]
    const now = rewritten(area.editing, [...before, ...lines].join('\n'))
    this.#keep(context, now)
    return { ...area, editing: now }
  }

  async #watchVideo(context: QuestionContext, area: Area): Promise<Reply> {
    this.#keep(context, area.editing)
    const unsaved = await this.#watch(context)
    // Asked again, the question comes with the new jots; those that found no place come into the answer.
    const now = unsaved.length > 0 ? this.#add(context, area, unsaved) : area
    return reply(now, { to: context.question.id })
  }

  /** Lends the terminal to an editor. @returns the area with what was written there. */
  async #edit(context: QuestionContext, { editing: before, top }: Area): Promise<Area> {
    this.#keep(context, before)
    this.#keyboard.lend()
    const { text, remark } = await this.#session.edit(textOf(before), commentOn(context), async () => {
      this.#keyboard.own()
      return (await this.#prompter.choose(EDITOR_CAME_BACK, EDITOR_CHOICES)) ?? false
    })
    this.#keyboard.own()
    const now = text === textOf(before) ? before : rewritten(before, text)
    this.#keep(context, now)
    return this.#noticed({ editing: now, top }, remark ?? 'Back from the editor.')
  }

  /** A notice below the area; above it, where it stays, if it is too long for a row. */
  #noticed(area: Area, notice: string): Area {
    if (notice.length < contentWidth(this.#prompter.stage.columns)) return { ...area, notice }
    this.#prompter.say(notice)
    return area
  }

  choose<T>(message: string, choices: readonly { name: string; value: T }[]): Promise<T | undefined> {
    return this.#prompter.choose(message, choices.map(asShown), { escape: 'decide later' })
  }

  end(ending: EndContext): Promise<EndChoice> {
    const { choose, say, readNotes } = this.#prompter
    const ui = {
      choose: <T>(message: string, choices: readonly Choice<T>[]) =>
        choose(message, choices.map(asShown), { escape: 'leave' }),
      say,
      list: () => this.#list(ending),
      read: () => readNotes([]),
      find: () => readNotes([], { searching: true }),
      opens: true,
    }
    return endWith(ending, ui, this.#session)
  }
}

const reply = ({ editing: now }: Area, action: Move): Reply => ({ text: textOf(now), action })

const asShown = <T extends { name: string }>(choice: T): T => ({ ...choice, name: capitalized(choice.name) })
