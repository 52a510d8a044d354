import type { ReadStream, WriteStream } from 'node:tty'
import { type Answers, countInWords, stateOf, stored, wordCount } from '../../domain/answers.ts'
import { sentenceOf } from '../../domain/errors.ts'
import type { Context, Ending, Face, Onward, Reply } from '../../domain/face.ts'
import type { Passage } from '../../domain/passages.ts'
import type { OpenFace, Sitting } from '../session-port.ts'
import { watchOnScreen } from '../watch.ts'
import { caretOf, type Editing, editing, textOf } from './buffer.ts'
import { chalk } from './colour.ts'
import { frame } from './frame.ts'
import { Keyboard } from './keyboard.ts'
import { headRows, listRows, newsLine, passageText, progressOf, urgentIn } from './layout.ts'
import { type AtQuestion, type Done, editOutside, openMenu, reply } from './question-menu.ts'
import { OVER_AREA, openScreenTalk, type ScreenTalk } from './screen-talk.ts'
import { type Area, type Left, writeInArea } from './textarea.ts'

const FOOTER = [
  { key: 'Ctrl+S', does: 'save and go on' },
  { key: 'Esc', does: 'menu (back, skip, …)', short: 'menu' },
  { key: 'Enter', does: 'new line' },
]
const HINT = 'Write here, as many lines as you like.'

/** The walk on a screen: colour, keys and a writing area. */
export function openTerminalFace(stdin: ReadStream, stdout: WriteStream, sitting: Sitting): OpenFace {
  return terminalFaceOn(openKeyboard(stdin, stdout, sitting), stdout, sitting)
}

/** The keyboard and an empty screen, for the whole session. */
export function openKeyboard(
  stdin: ReadStream,
  stdout: WriteStream,
  sitting: Pick<Sitting, 'stop'>,
): Keyboard {
  const keyboard = new Keyboard(stdin, stdout)
  // A terminal that is closed under us is a reason to leave, not to crash.
  stdout.on('error', () => sitting.stop(129))
  stdin.on('end', () => sitting.stop(129))
  keyboard.own()
  // What stood on the screen before goes into the scrollback; ours begins at the top.
  stdout.write(`${'\n'.repeat(stdout.rows || 24)}\u001b[H`)
  return keyboard
}

export function terminalFaceOn(keyboard: Keyboard, stdout: WriteStream, sitting: Sitting): OpenFace {
  const face = new TerminalFace(keyboard, stdout, sitting)
  return {
    show: passage => face.show(passage),
    ask: context => face.ask(context),
    tell: news => face.tell(news),
    end: ending => face.end(ending),
    inputEnded: () => false,
    close: () => keyboard.close(),
  }
}

class TerminalFace implements Face {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #sitting: Sitting
  readonly #talk: ScreenTalk
  readonly #watch: ReturnType<typeof watchOnScreen>
  #context: Context | undefined
  /** What the guide said before this question. */
  #passages: Passage[] = []
  /** What was asked for beside the answer, and waits until that is saved. */
  #afterwards: (() => Promise<void>) | undefined
  /** A line of what became of an answer keeps its distance from the guide's text. */
  #afterPassage = false
  /** Ctrl+C was pressed in a menu: the next one leaves. */
  #armed = false
  /** What was written last could not be saved. */
  #unsaved = false
  /** What became of the last answer, if it must not be missed. */
  #urgent = ''

  constructor(keyboard: Keyboard, screen: WriteStream, sitting: Sitting) {
    this.#keyboard = keyboard
    this.#screen = screen
    this.#sitting = sitting
    this.#talk = openScreenTalk(keyboard, screen, sitting, () => {
      this.#armed = true
    })
    this.#watch = watchOnScreen(keyboard, screen, sitting)
  }

  async show(passage: Passage): Promise<void> {
    this.#passages.push(passage)
    if (passage.kind === 'notes') await this.#talk.readNotes(answeredIds(passage.answers))
    else this.#screen.write(this.#textOf(passage))
    this.#afterPassage = true
  }

  #textOf(passage: Passage): string {
    return passageText(passage, this.#screen.columns, this.#sitting.notesPath)
  }

  tell(news: Parameters<Face['tell']>[0]): void {
    this.#unsaved = news.what === 'not saved'
    this.#urgent = urgentIn(news)
    const line = this.#context ? newsLine(news, this.#context.guide, this.#screen.columns) : ''
    if (line === '') return
    this.#screen.write(this.#afterPassage ? `\n${line}` : line)
    this.#afterPassage = false
  }

  async ask(context: Context): Promise<Reply> {
    this.#context = context
    await this.#afterwards?.()
    this.#afterwards = undefined
    return this.#untilReplied(context).finally(() => {
      this.#passages = []
    })
  }

  async #untilReplied(context: Context): Promise<Reply> {
    const text = context.draft?.text ?? context.answer.text
    let area: Area = {
      editing: editing(text, context.draft?.caret ?? text.length),
      top: { row: 0, screenRow: 0 },
      ...this.#welcome(),
    }
    for (;;) {
      if (this.#sitting.leaving.aborted) return reply(area, 'leave')
      const left = await this.#write(context, area)
      const done = await this.#act(context, left)
      if ('then' in done) return done
      area = this.#armed ? { ...done, notice: this.#interruptNotice() } : done
    }
  }

  /** What must not be missed is told beside the question, too: the line above it may have left the screen. */
  #welcome(): { notice?: string } {
    const notice = this.#urgent
    this.#urgent = ''
    if (notice !== '') return { notice }
    const [first] = this.#passages
    if (first?.kind !== 'welcome' || first.reason === 'begun' || !first.at) return {}
    return { notice: `Going on at question ${first.at.position}.` }
  }

  #write(context: Context, area: Area): Promise<Left> {
    return writeInArea(
      {
        area,
        draw: input =>
          frame(
            input,
            {
              head: (width, most) => headRows(context, width, most),
              progress: progressOf(context.count),
              keys: FOOTER,
              hint: HINT,
            },
            now => wordCount(textOf(now)),
          ),
        above: () => this.#passages.map(passage => this.#textOf(passage)).join(''),
        changed: (now, much) => this.#keep(context, now, much),
        interruptNotice: () => this.#interruptNotice(),
        armed: this.#armed,
        screen: this.#screen,
        leaving: this.#sitting.leaving,
      },
      this.#keyboard,
    ).finally(() => {
      this.#armed = false
    })
  }

  #interruptNotice(): string {
    if (!this.#sitting.flush()) return 'This can be saved nowhere now: copy it first. Ctrl+C again leaves.'
    return this.#unsaved
      ? 'Kept as a draft. Ctrl+C again leaves.'
      : 'Everything is saved. Ctrl+C again leaves.'
  }

  #keep({ question, answer, draft }: Context, now: Editing, much: boolean): void {
    this.#sitting.keep(
      { question: question.id, opened: draft?.opened ?? answer.text, text: textOf(now), caret: caretOf(now) },
      much,
    )
  }

  /** What becomes of a key that asks for something: a reply, or the area again. */
  async #act(context: Context, left: Left): Promise<Done> {
    const { action, interrupted, ...area } = left
    if (interrupted) this.#sitting.stop(130)
    if (action === 'leave' || action === 'back') return reply(area, action)
    if (action === 'save') return this.#save(context, area)
    const at: AtQuestion = {
      ...{ context, area, talk: this.#talk, keyboard: this.#keyboard, sitting: this.#sitting },
      keep: now => this.#keep(context, now, true),
      watch: this.#watch,
      unsaved: this.#unsaved,
      afterwards: act => {
        this.#afterwards = act
      },
    }
    return action === 'edit' ? editOutside(at) : openMenu(at, () => this.#save(context, area))
  }

  async #save(context: Context, area: Area): Promise<Done> {
    if (stored(textOf(area.editing)) !== '') return reply(area, 'next')
    if (context.answer.text !== '') {
      const choice = await this.#talk.choose(
        'Nothing is written. What shall become of the answer in your notes?',
        [
          { name: 'Erase the answer', value: 'erase' },
          { name: 'Keep it as it was', value: 'keep' },
          { name: 'Keep writing', value: 'write' },
        ],
        // Enter pressed once too often must not erase.
        { ...OVER_AREA, first: 'write' },
      )
      if (choice === 'erase') return { ...reply(area, 'next'), erase: true }
      return choice === 'keep' ? reply(area, 'next') : area
    }
    if (stateOf(context.answers, context.question.id) === 'skipped') return reply(area, 'next')
    const choice = await this.#talk.choose(
      'Nothing is written yet. What next?',
      [
        { name: 'Later: leave it open for now', value: 'later' },
        { name: 'Skip: do not ask this again', value: 'skip' },
        { name: 'Keep writing', value: 'write' },
      ] as const,
      OVER_AREA,
    )
    return choice === 'later' || choice === 'skip' ? reply(area, choice) : area
  }

  async end({ guide, answers, count, elsewhere }: Ending): Promise<Onward> {
    const talk = this.#talk
    this.#screen.write(`\n${chalk.bold('That is the end.')} ${countInWords(count)}.\n`)
    for (;;) {
      const choice = await talk.choose<Onward | 'read' | 'go' | 'docx' | 'html'>(
        'What next?',
        [
          ...(count.open > 0 ? [{ name: 'Go to the open questions', value: 'open' as const }] : []),
          ...(elsewhere > 0
            ? [{ name: `Go on with the rest of the guide (${elsewhere} open)`, value: 'rest' as const }]
            : []),
          { name: 'Go to a question, to change its answer', value: 'go' },
          { name: 'Read my notes', value: 'read' },
          { name: 'Make a Word document of them', value: 'docx' },
          { name: 'Make a web page of them', value: 'html' },
          { name: 'Leave', value: 'leave' },
        ],
        { escape: 'leave' },
      )
      if (choice === 'read') await talk.readNotes([])
      else if (choice === 'docx' || choice === 'html') {
        const told = await this.#sitting.share(choice).catch(error => [sentenceOf(error)])
        talk.say(told.join('\n'))
      } else if (choice !== 'go') return choice ?? 'leave'
      else {
        const to = await talk.choose('Go to which question?', listRows(guide, answers, talk.columns()))
        if (to !== undefined) return { to }
      }
    }
  }
}

const answeredIds = (answers: Answers) =>
  [...answers.keys()].filter(id => stateOf(answers, id) === 'answered')
