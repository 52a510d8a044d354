import type { ReadStream, WriteStream } from 'node:tty'
import { normalizeAnswer, stateOf } from '../../domain/answers.ts'
import {
  commentOn,
  draftOf,
  type EndContext,
  type IntroBlock,
  type QuestionContext,
  type Reply,
  type SaveResult,
} from '../../domain/interview-protocol.ts'
import * as told from '../messages.ts'
import * as actions from '../question-actions.ts'
import type { ClosableUi, SessionServices } from '../session-port.ts'
import { terminalWatch } from '../watch.ts'
import { caretOf, type Editing, editing, rewritten, textOf } from './buffer.ts'
import { Keyboard, type Live } from './keyboard.ts'
import * as layout from './layout.ts'
import { FullScreen, RowRenderer } from './renderer.ts'
import { type Choice, OVER_AREA, openScreenPrompter } from './select.ts'
import { type Area, type AreaLeft, writeInArea } from './textarea.ts'
import { cellsIn, prepareClusters } from './wrap.ts'

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

/** By then the first question has been drawn. */
const IDLE_MS = 150

/** The interview on a screen: colour, keys and a writing area. */
export class TerminalInterview implements ClosableUi {
  readonly #live: Live
  readonly #screen: WriteStream
  readonly #session: SessionServices
  readonly #prompter: ReturnType<typeof openScreenPrompter>
  readonly #watch: ReturnType<typeof terminalWatch>
  #context!: QuestionContext
  #area: Area = { editing: editing('', 0), top: { row: 0, screenRow: 0 } }
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
    this.#screen = screen
    this.#session = session
    this.#live = { keyboard, stage: new FullScreen(screen), leaving: session.leaving }
    this.#prompter = openScreenPrompter(this.#live, session, () => {
      this.#armed = true
    })
    this.#watch = terminalWatch(this.#live, session)
    setTimeout(prepareClusters, IDLE_MS).unref()
  }

  inputEnded(): boolean {
    return false
  }

  close(): Promise<void> {
    return this.#live.keyboard.close()
  }

  async show(block: IntroBlock): Promise<void> {
    this.#intro.push(block)
    if (block.kind === 'notes') {
      const ids = [...block.answers.keys()].filter(id => stateOf(block.answers, id) === 'answered')
      if (ids.length > 0) await this.#prompter.readNotes(ids, { printed: true })
      else this.#prompter.say('You have no notes yet.')
    } else this.#screen.write(this.#rowsOf(block))
    this.#afterIntro = true
  }

  #rowsOf(block: IntroBlock): string {
    return layout.introRows(block, this.#live.stage.columns, this.#session.notesPath)
  }

  tell(result: SaveResult): void {
    this.#unsaved = result.outcome === 'not saved'
    this.#urgent = told.afterSave(result).urgent
    const rows = this.#context ? layout.resultRows(result, this.#context.guide, this.#live.stage.columns) : ''
    if (rows === '') return
    this.#screen.write(this.#afterIntro ? `\n${rows}` : rows)
    this.#afterIntro = false
  }

  offerPutBack(labels: readonly string[]): Promise<boolean | undefined> {
    return this.#prompter.choose(told.undoneText(labels), told.PUT_BACK)
  }

  async ask(context: QuestionContext): Promise<Reply> {
    this.#context = context
    if (this.#toRead !== undefined) await this.#readNotes(this.#toRead)
    const text = context.draft?.text ?? context.answer.text
    this.#area = {
      editing: editing(text, context.draft?.caret ?? text.length),
      top: { row: 0, screenRow: 0 },
      ...this.#opening(context),
    }
    for (;;) {
      const left = this.#session.leaving.aborted ? this.#left('leave') : await this.#askOnce()
      if (left) {
        this.#intro = []
        this.#toRead = left.notes
        return left.reply
      }
      if (this.#armed) this.#area = { ...this.#area, notice: this.#interruptNotice() }
    }
  }

  /** What must not be missed is told beside the question, too: the line above it may have left the screen. */
  #opening(context: QuestionContext): { notice?: string } {
    const notice = this.#urgent || told.jumpText(context)
    this.#urgent = ''
    if (notice) return { notice }
    const [first] = this.#intro
    if (first?.kind !== 'welcome' || first.reason === 'begun' || !first.at) return {}
    return { notice: `Picking up at question ${first.at.position}.` }
  }

  async #askOnce(): Promise<actions.Left | undefined> {
    const { action, interrupted, ...area } = await this.#write()
    this.#area = area
    if (interrupted) this.#session.stop(130)
    if (action === 'leave') return this.#left('leave')
    const { columns, rows } = this.#live.stage
    const at: actions.AtQuestion = {
      ...{ context: this.#context, text: textOf(area.editing), unsaved: this.#unsaved },
      cut: layout.questionIsCut(this.#context, columns, rows),
      capturing: this.#session.capturing !== undefined,
    }
    const ui = this.#uiAt()
    if (action === 'save') return actions.save(at, ui)
    const run =
      action === 'menu' ? await this.#chooseBelow('', actions.menuAt(at)) : actions.actionCalled(action)?.run
    return run?.(at, ui, '')
  }

  #left(action: Reply['action']): actions.Left {
    return { reply: { text: textOf(this.#area.editing), action } }
  }

  #uiAt(): actions.QuestionUi {
    const { say, read, page, readNotes } = this.#prompter
    return {
      say: text => this.#notice(text),
      read,
      choose: (ask, choices, how) => {
        // What a row has no room for is printed above the menu.
        const names = choices.map(({ name }) => name)
        if (names.some(name => cellsIn(name) > this.#live.stage.columns - 8)) say(names.join('\n'))
        return this.#chooseBelow(ask, choices, how?.first)
      },
      add: lines => this.#add(lines),
      list: async () => {
        const to = await this.#list(this.#context, this.#context.question.id)
        return to === undefined ? undefined : this.#left({ to })
      },
      notes: part => this.#readNotes(part),
      find: () => readNotes([], { searching: true }),
      watch: () => this.#watchVideo(),
      edit: () => this.#edit(),
      help: () => page(layout.KEYS_HELP),
    }
  }

  /** During a capture: whose answer it is, and the time left. */
  #heading(): string {
    return this.#session.capturing?.heading() ?? ''
  }

  #write(): Promise<AreaLeft> {
    const stage = new RowRenderer(this.#screen)
    const above = () => this.#intro.map(block => this.#rowsOf(block)).join('')
    const armed = this.#armed
    this.#armed = false
    return writeInArea(
      {
        area: this.#area,
        armed,
        draw: input => layout.questionFrame(this.#context, input, this.#heading()),
        changed: (now, much) => this.#keep(now, much),
        trouble: () => this.#session.draftTrouble(),
        interruptNotice: () => this.#interruptNotice(),
      },
      { ...this.#live, stage, above },
    )
  }

  #interruptNotice(): string {
    if (!this.#session.flush()) return "This can't be saved anywhere now: copy it first. Ctrl+C again leaves."
    return `${this.#unsaved ? 'Kept as a draft' : 'Everything is saved'}. Ctrl+C again leaves.`
  }

  #keep(now: Editing, much = true): void {
    this.#session.saveDraft(draftOf(this.#context, textOf(now), caretOf(now)), much)
  }

  /** A menu below the question and the text. */
  #chooseBelow<T>(ask: string, choices: readonly Choice<T>[], first?: T): Promise<T | undefined> {
    const above = (choices: number) => {
      const { columns, rows } = this.#live.stage
      return layout.aboveMenu(this.#context, this.#area, ask, {
        columns,
        rows,
        choices,
        heading: this.#heading(),
      })
    }
    return this.#prompter.choose(above, choices, { ...OVER_AREA, ...(first !== undefined && { first }) })
  }

  #readNotes(part: string): Promise<undefined> {
    return this.#prompter.readNotes(part === '' ? [] : [part])
  }

  #list({ guide, answers }: EndContext | QuestionContext, here?: string): Promise<string | undefined> {
    const rows = layout.listChoices(guide, answers, this.#live.stage.columns)
    return this.#prompter.choose('Go to which question?', rows, {
      ...(here && { ...OVER_AREA, first: here }),
    })
  }

  #rewrite(text: string): undefined {
    this.#area = { ...this.#area, editing: rewritten(this.#area.editing, text) }
    this.#keep(this.#area.editing)
  }

  #add(lines: readonly string[]): undefined {
    const text = textOf(this.#area.editing)
    const before = normalizeAnswer(text) === '' ? [] : [text.replace(/\n+$/, '')]
    this.#rewrite([...before, ...lines].join('\n'))
  }

  /** Asked again, the question comes with the new jots; those that found no place come into the answer. */
  async #watchVideo(): Promise<actions.Left> {
    this.#keep(this.#area.editing)
    const unsaved = await this.#watch(this.#context)
    if (unsaved.length > 0) this.#add(unsaved)
    return this.#left({ to: this.#context.question.id })
  }

  /** Lends the terminal to an editor. */
  async #edit(): Promise<undefined> {
    const before = textOf(this.#area.editing)
    this.#keep(this.#area.editing)
    this.#live.keyboard.lend()
    const { text, remark } = await this.#session.edit(before, commentOn(this.#context), async () => {
      this.#live.keyboard.own()
      return (await this.#prompter.choose(told.EDITOR_CAME_BACK, told.EDITOR_CHOICES)) ?? false
    })
    this.#live.keyboard.own()
    if (text !== before) this.#rewrite(text)
    this.#notice(remark ?? 'Back from the editor.')
  }

  /** A notice below the area; above it, where it stays, if it is too long for a row. */
  #notice(notice: string): undefined {
    if (notice.length >= layout.contentWidth(this.#live.stage.columns)) return this.#prompter.say(notice)
    this.#area = { ...this.#area, notice }
  }

  choose<T>(message: string, choices: readonly { name: string; value: T }[]): Promise<T | undefined> {
    const heading = this.#heading()
    const asked = heading === '' ? message : `${heading}\n\n${message}`
    return this.#prompter.choose(asked, choices, { escape: 'decide later' })
  }

  end(ending: EndContext) {
    const { choose, say, readNotes } = this.#prompter
    const ui = {
      choose: <T>(message: string, choices: readonly Choice<T>[]) =>
        choose(message, choices, { escape: 'leave' }),
      say,
      list: () => this.#list(ending),
      read: () => readNotes([]),
      find: () => readNotes([], { searching: true }),
      opens: true,
    }
    return actions.endWith(ending, ui, this.#session)
  }
}
