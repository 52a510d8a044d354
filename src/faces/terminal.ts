import type { ReadStream, WriteStream } from 'node:tty'
import { type Answers, countInWords, stateOf, stored, wordCount } from '../answers.ts'
import { printable, UserError } from '../errors.ts'
import type { Context, Ending, Face, Onward, Reply } from '../walk.ts'
import { clip, contentWidth, frame } from './area/frame.ts'
import { drawable } from './area/graphemes.ts'
import { type Area, type Left, writeInArea } from './area/prompt.ts'
import { caretOf, type Editing, editing, rewritten, textOf } from './area/text.ts'
import { linksFor, openInBrowser } from './browser.ts'
import { chalk } from './colour.ts'
import { Keyboard } from './keyboard.ts'
import { renderMarkdown } from './markdown.ts'
import { type Choice, choose } from './menu.ts'
import {
  headRows,
  inRows,
  KEYS_HELP,
  listRows,
  newsLine,
  passageText,
  placeOf,
  progressOf,
  questionIsCut,
} from './screen.ts'
import type { OpenFace, Sitting } from './sitting.ts'
import { watchOnScreen } from './watch-terminal.ts'

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

type MenuChoice =
  | 'save'
  | 'back'
  | 'later'
  | 'skip'
  | 'go'
  | 'notes'
  | 'question'
  | 'story'
  | 'watch'
  | 'jots'
  | 'open'
  | 'edit'
  | 'help'
  | 'leave'

class TerminalFace implements Face {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #sitting: Sitting
  readonly #watch: ReturnType<typeof watchOnScreen>
  #context: Context | undefined
  /** A line of what became of an answer keeps its distance from the guide's text. */
  #afterPassage = false
  /** Ctrl+C was pressed in a menu: the next one leaves. */
  #armed = false
  /** What was written last could not be saved. */
  #unsaved = false

  constructor(keyboard: Keyboard, screen: WriteStream, sitting: Sitting) {
    this.#keyboard = keyboard
    this.#screen = screen
    this.#sitting = sitting
    this.#watch = watchOnScreen(keyboard, screen, sitting)
  }

  async show(passage: Parameters<Face['show']>[0]): Promise<void> {
    if (passage.kind === 'notes') await this.#printNotes(answeredIds(passage.answers))
    else this.#screen.write(passageText(passage, this.#screen.columns, this.#sitting.notesPath))
    this.#afterPassage = true
  }

  tell(news: Parameters<Face['tell']>[0]): void {
    this.#unsaved = news.what === 'not saved'
    const line = this.#context ? newsLine(news, this.#context.guide, this.#screen.columns) : ''
    if (line === '') return
    this.#screen.write(this.#afterPassage ? `\n${line}` : line)
    this.#afterPassage = false
  }

  async ask(context: Context): Promise<Reply> {
    this.#context = context
    const text = context.draft?.text ?? context.answer.text
    let area: Area = {
      editing: editing(text, context.draft?.caret ?? text.length),
      top: { row: 0, screenRow: 0 },
    }
    for (;;) {
      if (this.#sitting.leaving.aborted) return reply(area, 'leave')
      const left = await this.#write(context, area)
      const done = await this.#act(context, left)
      if ('then' in done) return done
      area = done
    }
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
        changed: (now, much) => this.#keep(context, now, much),
        interruptNotice: this.#interruptNotice(),
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
  async #act(context: Context, left: Left): Promise<Reply | Area> {
    const { action, interrupted } = left
    if (interrupted) this.#sitting.stop(130)
    if (action === 'leave') return reply(left, 'leave')
    if (action === 'back') return reply(left, 'back')
    if (action === 'edit') return this.#edit(context, left)
    return action === 'save' ? this.#save(context, left) : this.#menu(context, left)
  }

  async #save(context: Context, area: Area): Promise<Reply | Area> {
    if (stored(textOf(area.editing)) !== '') return reply(area, 'next')
    if (context.answer.text !== '') {
      const choice = await this.#choose(
        'Nothing is written. What shall become of the answer in your notes?',
        [
          { name: 'Erase the answer', value: 'erase' },
          { name: 'Keep it as it was', value: 'keep' },
          { name: 'Keep writing', value: 'write' },
        ],
      )
      return choice === 'erase'
        ? { ...reply(area, 'next'), erase: true }
        : choice === 'keep'
          ? reply(area, 'next')
          : area
    }
    if (stateOf(context.answers, context.question.id) === 'skipped') return reply(area, 'next')
    const choice = await this.#choose('Nothing is written yet. What next?', [
      { name: 'Later: leave it open for now', value: 'later' },
      { name: 'Skip: do not ask this again', value: 'skip' },
      { name: 'Keep writing', value: 'write' },
    ] as const)
    return choice === 'later' || choice === 'skip' ? reply(area, choice) : area
  }

  async #menu(context: Context, area: Area): Promise<Reply | Area> {
    const choice = await this.#choose(
      placeOf(context.guide, context.question),
      menuFor(context, questionIsCut(context, this.#screen.columns, this.#screen.rows)),
    )
    if (this.#armed) return { ...area, notice: this.#interruptNotice() }
    if (choice === 'save') return this.#save(context, area)
    if (choice === 'back' || choice === 'later' || choice === 'skip' || choice === 'leave')
      return reply(area, choice)
    if (choice === 'go') return this.#goTo(context, area)
    if (choice === 'edit') return this.#edit(context, area)
    if (choice === 'watch') {
      this.#keep(context, area.editing, true)
      await this.#watch(context)
      // Asked again, the question comes with the new jots.
      return reply(area, { to: context.question.id })
    }
    if (choice === 'jots') return this.#takeJots(context, area)
    if (choice === 'notes') await this.#printNotes([])
    if (choice === 'question') await this.#print(context.question.text)
    if (choice === 'story') await this.#print(context.story?.text ?? '')
    if (choice === 'help') this.#screen.write(`\n${inRows(KEYS_HELP, this.#screen.columns)}\n`)
    if (choice === 'open') return this.#noticed(area, this.#open(context))
    return area
  }

  async #goTo(context: Context, area: Area): Promise<Reply | Area> {
    const to = await this.#choose(
      'Go to which question?',
      listRows(context.guide, context.answers, this.#screen.columns),
      { first: context.question.id },
    )
    return to === undefined ? area : reply(area, { to })
  }

  async #takeJots({ jots }: Context, area: Area): Promise<Area> {
    const text = textOf(area.editing)
    const left = jots.filter(jot => !text.includes(jot.text))
    const width = this.#screen.columns - 8
    const taken = await this.#choose('Take which jots into the answer?', [
      ...left.map(jot => ({ name: clip(drawable(jot.text), width), value: [jot] })),
      ...(left.length > 1 ? [{ name: 'All of them', value: left }] : []),
    ])
    if (!taken) return area
    const lines = taken.map(jot => `- ${jot.text}`)
    const before = stored(text) === '' ? [] : [text.replace(/\n+$/, '')]
    return { ...area, editing: rewritten(area.editing, [...before, ...lines].join('\n')) }
  }

  async #edit(context: Context, area: Area): Promise<Area> {
    const before = textOf(area.editing)
    this.#keep(context, area.editing, true)
    this.#keyboard.lend()
    const { text, remark } = await this.#sitting.edit(before, async () => {
      this.#keyboard.own()
      const closed = await this.#choose(
        'The editor came back at once. If it opened a window: write there, save, then choose.',
        [
          { name: 'I have saved and closed it', value: true },
          { name: 'Leave the text as it was', value: false },
        ],
      )
      return closed ?? false
    })
    this.#keyboard.own()
    const now = text === before ? area.editing : rewritten(area.editing, text)
    this.#keep(context, now, true)
    return this.#noticed({ editing: now, top: area.top }, remark ?? 'Back from the editor.')
  }

  /** A notice below the area; above it, where it stays, if it is too long for a row. */
  #noticed(area: Area, notice: string): Area {
    if (notice.length < contentWidth(this.#screen.columns)) return { ...area, notice }
    this.#screen.write(`\n${inRows(notice, this.#screen.columns)}\n`)
    return area
  }

  #open({ guide, question }: Context): string {
    const [link] = linksFor(guide, question)
    if (!link) return 'There is no link here.'
    openInBrowser(link.url)
    return `${link.title}: ${link.url}`
  }

  async end({ guide, answers, count, elsewhere }: Ending): Promise<Onward> {
    this.#screen.write(`\n${chalk.bold('That is the end.')} ${countInWords(count)}.\n`)
    for (;;) {
      const choice = await this.#choose<Onward | 'read' | 'go' | 'docx' | 'html'>(
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
      if (choice === 'read') await this.#printNotes([])
      else if (choice === 'docx' || choice === 'html') await this.#share(choice)
      else if (choice !== 'go') return choice ?? 'leave'
      else {
        const to = await this.#choose('Go to which question?', listRows(guide, answers, this.#screen.columns))
        if (to !== undefined) return { to }
      }
    }
  }

  async #share(format: 'docx' | 'html'): Promise<void> {
    const told = await this.#sitting.share(format).catch(sentenceOf)
    this.#screen.write(`\n${inRows(told.join('\n'), this.#screen.columns)}\n`)
  }

  async #printNotes(selectors: readonly string[]): Promise<void> {
    // The file may be in another program's hands just now: that is no reason to lose one's place.
    const notes = await this.#sitting.notesToRead(selectors).catch(error => {
      if (error instanceof UserError) return undefined
      throw error
    })
    if (notes === undefined)
      this.#screen.write('\nYour notes cannot be read at this moment. What you write here is kept.\n')
    else await this.#print(notes)
  }

  /** Prints a document into the scrollback, where it can be read at leisure. */
  async #print(markdown: string): Promise<void> {
    const text = (await renderMarkdown(printable(markdown), this.#screen.columns)).trimEnd()
    const long = text.split('\n').length > (this.#screen.rows || 24) - 8
    this.#screen.write(
      `\n${text}\n${long ? chalk.dim('\n(Scroll up to read it from its beginning.)\n') : ''}`,
    )
  }

  #choose<T>(
    message: string,
    choices: readonly Choice<T>[],
    { first, escape: onEscape }: { first?: T; escape?: string } = {},
  ): Promise<T | undefined> {
    return choose(this.#keyboard, this.#screen, {
      ...{ message, choices, leaving: this.#sitting.leaving },
      ...(first !== undefined && { first }),
      ...(onEscape !== undefined && { escape: onEscape }),
      interrupted: () => {
        this.#armed = true
      },
    })
  }
}

function reply({ editing: now }: Area, then: Reply['then']): Reply {
  return { text: textOf(now), then }
}

/** A mistake that a person can mend is told; the session goes on. */
function sentenceOf(error: unknown): string[] {
  if (error instanceof UserError) return [error.message]
  throw error
}

const answeredIds = (answers: Answers) =>
  [...answers.keys()].filter(id => stateOf(answers, id) === 'answered')

function menuFor({ guide, question, story, jots }: Context, cut: boolean): Choice<MenuChoice>[] {
  const [link] = linksFor(guide, question)
  const choices: (Choice<MenuChoice> | false)[] = [
    { name: 'Save and go on', value: 'save' },
    { name: 'Back to the question before', value: 'back' },
    { name: 'Later: leave it open for now', value: 'later' },
    { name: 'Skip: do not ask this again', value: 'skip' },
    { name: 'Go to another question', value: 'go' },
    { name: 'Read my notes', value: 'notes' },
    cut && { name: 'Read the whole question', value: 'question' },
    story !== undefined &&
      story.text !== '' && { name: 'Read my whole answer about the story', value: 'story' },
    question.kind === 'story' && { name: 'Watch the video: stopwatch and jots', value: 'watch' },
    jots.length > 0 && { name: 'Take jots into the answer', value: 'jots' },
    link !== undefined && { name: `Open the link: ${link.title}`, value: 'open' },
    { name: 'Write in an editor', value: 'edit' },
    { name: 'Help: all keys', value: 'help' },
    { name: 'Leave; everything is saved', value: 'leave' },
  ]
  return choices.filter(choice => choice !== false)
}
