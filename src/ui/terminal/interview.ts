import type { ReadStream, WriteStream } from 'node:tty'
import { type Answers, countInWords, normalizeAnswer, stateOf, wordCount } from '../../domain/answers.ts'
import { sentenceOf } from '../../domain/errors.ts'
import { linksFor } from '../../domain/guide.ts'
import type {
  EndChoice,
  EndContext,
  InterviewUi,
  IntroBlock,
  QuestionContext,
  Reply,
} from '../../domain/interview.ts'
import { openInBrowser } from '../environment.ts'
import type { ClosableUi, SessionServices } from '../session-port.ts'
import { terminalWatch, type Watch } from '../watch.ts'

import { caretOf, type Editing, editing, rewritten, textOf } from './buffer.ts'
import { Keyboard } from './keyboard.ts'

import {
  contentWidth,
  frame,
  headRows,
  introRows,
  KEYS_HELP,
  listRows,
  placeOf,
  progressOf,
  questionIsCut,
  resultLine,
  urgentIn,
} from './layout.ts'
import { chalk } from './renderer.ts'
import { type Choice, OVER_AREA, openScreenPrompter, type ScreenPrompter } from './select.ts'

import { type Area, type Left, writeInArea } from './textarea.ts'

import { cellsIn } from './wrap.ts'

const FOOTER = [
  { key: 'Ctrl+S', does: 'save and go on' },
  { key: 'Esc', does: 'menu (back, skip, …)', short: 'menu' },
  { key: 'Enter', does: 'new line' },
]
const HINT = 'Write here, as many lines as you like.'

/** The walk on a screen: colour, keys and a writing area. */
export function openTerminalInterview(
  stdin: ReadStream,
  stdout: WriteStream,
  sitting: SessionServices,
): ClosableUi {
  return terminalInterviewOn(openKeyboard(stdin, stdout, sitting), stdout, sitting)
}

/** The keyboard and an empty screen, for the whole session. */
export function openKeyboard(
  stdin: ReadStream,
  stdout: WriteStream,
  sitting: Pick<SessionServices, 'stop'>,
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

export function terminalInterviewOn(
  keyboard: Keyboard,
  stdout: WriteStream,
  sitting: SessionServices,
): ClosableUi {
  const face = new TerminalInterview(keyboard, stdout, sitting)
  return {
    show: passage => face.show(passage),
    ask: context => face.ask(context),
    tell: news => face.tell(news),
    end: ending => face.end(ending),
    inputEnded: () => false,
    close: () => keyboard.close(),
  }
}

class TerminalInterview implements InterviewUi {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #sitting: SessionServices
  readonly #talk: ScreenPrompter
  readonly #watch: ReturnType<typeof terminalWatch>
  #context: QuestionContext | undefined
  /** What the guide said before this question. */
  #passages: IntroBlock[] = []
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

  constructor(keyboard: Keyboard, screen: WriteStream, sitting: SessionServices) {
    this.#keyboard = keyboard
    this.#screen = screen
    this.#sitting = sitting
    this.#talk = openScreenPrompter(keyboard, screen, sitting, () => {
      this.#armed = true
    })
    this.#watch = terminalWatch(keyboard, screen, sitting)
  }

  async show(passage: IntroBlock): Promise<void> {
    this.#passages.push(passage)
    if (passage.kind === 'notes') await this.#talk.readNotes(answeredIds(passage.answers))
    else this.#screen.write(this.#textOf(passage))
    this.#afterPassage = true
  }

  #textOf(passage: IntroBlock): string {
    return introRows(passage, this.#screen.columns, this.#sitting.notesPath)
  }

  tell(news: Parameters<InterviewUi['tell']>[0]): void {
    this.#unsaved = news.outcome === 'not saved'
    this.#urgent = urgentIn(news)
    const line = this.#context ? resultLine(news, this.#context.guide, this.#screen.columns) : ''
    if (line === '') return
    this.#screen.write(this.#afterPassage ? `\n${line}` : line)
    this.#afterPassage = false
  }

  async ask(context: QuestionContext): Promise<Reply> {
    this.#context = context
    await this.#afterwards?.()
    this.#afterwards = undefined
    return this.#untilReplied(context).finally(() => {
      this.#passages = []
    })
  }

  async #untilReplied(context: QuestionContext): Promise<Reply> {
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
      if ('action' in done) return done
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

  #write(context: QuestionContext, area: Area): Promise<Left> {
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

  #keep({ question, answer, draft }: QuestionContext, now: Editing, much: boolean): void {
    this.#sitting.saveDraft(
      { question: question.id, opened: draft?.opened ?? answer.text, text: textOf(now), caret: caretOf(now) },
      much,
    )
  }

  /** What becomes of a key that asks for something: a reply, or the area again. */
  async #act(context: QuestionContext, left: Left): Promise<Done> {
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

  async #save(context: QuestionContext, area: Area): Promise<Done> {
    if (normalizeAnswer(textOf(area.editing)) !== '') return reply(area, 'next')
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

  async end({ guide, answers, count, elsewhere }: EndContext): Promise<EndChoice> {
    const talk = this.#talk
    this.#screen.write(`\n${chalk.bold('That is the end.')} ${countInWords(count)}.\n`)
    for (;;) {
      const choice = await talk.choose<EndChoice | 'read' | 'go' | 'docx' | 'html'>(
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

/* What Esc offers at a question: the moves, and what there is to read, to open and to take in. */

type MenuChoice = 'save' | 'back' | 'later' | 'skip' | 'leave' | keyof typeof ASIDE

/** What the menu works with. */
export interface AtQuestion {
  context: QuestionContext
  area: Area
  talk: ScreenPrompter
  keyboard: Keyboard
  sitting: SessionServices
  /** Keeps what stands in the area as a draft, at once. */
  keep(now: Editing): void
  watch: Watch
  /** Does something as soon as what stands in the area is saved. */
  afterwards(act: () => Promise<void>): void
  /** Whether what was written last could not be saved. */
  unsaved: boolean
}

/** Whether the person has made a move, or goes on writing. */
export type Done = Reply | Area

export const reply = ({ editing: now }: Area, then: Reply['action']): Reply => ({
  text: textOf(now),
  action: then,
})

/** Lets the person choose, and does it; `save` is what Ctrl+S does. */
export async function openMenu(at: AtQuestion, save: () => Promise<Done>): Promise<Done> {
  const { context, area, talk } = at
  const place = placeOf(context.guide, context.question)
  const choice = await talk.choose(place, choicesFor(at), OVER_AREA)
  if (choice === undefined) return area
  if (choice === 'save') return save()
  if (choice === 'back' || choice === 'later' || choice === 'skip' || choice === 'leave')
    return reply(area, choice)
  return (await ASIDE[choice](at)) ?? area
}

function choicesFor(at: AtQuestion): Choice<MenuChoice>[] {
  const { context, talk } = at
  const { guide, question, story } = context
  const [link, ...more] = linksFor(guide, question)
  const choices: (Choice<MenuChoice> | false)[] = [
    { name: 'Save and go on', value: 'save' },
    { name: 'Back to the question before', value: 'back' },
    { name: 'Later: leave it open for now', value: 'later' },
    { name: 'Skip: do not ask this again', value: 'skip' },
    { name: 'Go to another question', value: 'go' },
    { name: 'Read my notes', value: 'notes' },
    questionIsCut(context, talk.columns(), talk.rows()) && {
      name: 'Read the whole question',
      value: 'question',
    },
    story !== undefined &&
      story.text !== '' && { name: 'Read my whole answer about the story', value: 'story' },
    question.kind === 'story' && { name: 'Watch the video: stopwatch and jots', value: 'watch' },
    jotsLeft(at).length > 0 && { name: 'Take jots into the answer', value: 'jots' },
    link !== undefined && {
      name: more.length > 0 ? 'Open a link' : `Open the link: ${link.title}`,
      value: 'open',
    },
    { name: 'Write in an editor', value: 'edit' },
    { name: 'Help: all keys', value: 'help' },
    {
      name: at.unsaved ? 'Leave; what is not saved is kept as a draft' : 'Leave; everything is saved',
      value: 'leave',
    },
  ]
  return choices.filter(choice => choice !== false)
}

/** What is done beside the answer. Where nothing is returned, the area stands as it did. */
const ASIDE = {
  go: goTo,
  jots: takeJots,
  open: openLink,
  edit: editOutside,
  async watch({ context, area, keep, watch }: AtQuestion): Promise<Done> {
    keep(area.editing)
    const unsaved = await watch(context)
    // Asked again, the question comes with the new jots; those that found no place come into the answer.
    return reply(unsaved.length > 0 ? withJots(area, unsaved) : area, { to: context.question.id })
  },
  notes: readNotes,
  question: async ({ talk, context }: AtQuestion): Promise<Done | undefined> =>
    void (await talk.read(context.question.text)),
  story: async ({ talk, context }: AtQuestion): Promise<Done | undefined> =>
    void (await talk.read(context.story?.text ?? '')),
  help: async ({ talk }: AtQuestion): Promise<Done | undefined> => void talk.say(KEYS_HELP),
}

/** What was just written belongs to the notes that are read. */
async function readNotes({ context, area, talk, afterwards }: AtQuestion): Promise<Done | undefined> {
  const text = normalizeAnswer(textOf(area.editing))
  if (text === '' || text === context.answer.text) return void (await talk.readNotes([]))
  afterwards(() => talk.readNotes([]))
  return reply(area, { to: context.question.id })
}

async function goTo({ context, area, talk }: AtQuestion): Promise<Done> {
  const to = await talk.choose(
    'Go to which question?',
    listRows(context.guide, context.answers, talk.columns()),
    { ...OVER_AREA, first: context.question.id },
  )
  return to === undefined ? area : reply(area, { to })
}

/** The jots that are not in the area yet. */
const jotsLeft = ({ context, area }: AtQuestion) =>
  context.jots.filter(jot => !textOf(area.editing).includes(jot.text))

async function takeJots(at: AtQuestion): Promise<Done> {
  const { area, talk, keep } = at
  const left = jotsLeft(at)
  const width = talk.columns() - 8
  if (left.some(({ text }) => cellsIn(text) > width)) talk.say(left.map(({ text }) => text).join('\n'))
  const taken = await talk.choose(
    'Take which jots into the answer?',
    [
      ...left.map(jot => ({ name: jot.text, value: [jot] })),
      ...(left.length > 1 ? [{ name: 'All of them', value: left }] : []),
    ],
    OVER_AREA,
  )
  if (!taken) return area
  const now = withJots(
    area,
    taken.map(({ text }) => `- ${text}`),
  )
  keep(now.editing)
  return now
}

function withJots(area: Area, lines: readonly string[]): Area {
  const text = textOf(area.editing)
  const before = normalizeAnswer(text) === '' ? [] : [text.replace(/\n+$/, '')]
  return { ...area, editing: rewritten(area.editing, [...before, ...lines].join('\n')) }
}

async function openLink({ context: { guide, question }, area, talk }: AtQuestion): Promise<Done> {
  const links = linksFor(guide, question)
  const link =
    links.length < 2
      ? links[0]
      : await talk.choose(
          'Open which link?',
          links.map(each => ({ name: `${each.title}: ${each.url}`, value: each })),
          OVER_AREA,
        )
  if (!link) return area
  await openInBrowser(link.url)
  return noticed(area, `${link.title}: ${link.url}`, talk)
}

/** Lends the terminal to an editor, and takes back what was written there. */
export async function editOutside({ area, keep, keyboard, sitting, talk }: AtQuestion): Promise<Done> {
  const before = textOf(area.editing)
  keep(area.editing)
  keyboard.lend()
  const { text, remark } = await sitting.edit(before, async () => {
    keyboard.own()
    const closed = await talk.choose(
      'The editor came back at once. If it opened a window: write there, save, then choose.',
      [
        { name: 'I have saved and closed it', value: true },
        { name: 'Leave the text as it was', value: false },
      ],
    )
    return closed ?? false
  })
  keyboard.own()
  const now = text === before ? area.editing : rewritten(area.editing, text)
  keep(now)
  return noticed({ editing: now, top: area.top }, remark ?? 'Back from the editor.', talk)
}

/** A notice below the area; above it, where it stays, if it is too long for a row. */
function noticed(area: Area, notice: string, talk: ScreenPrompter): Area {
  if (notice.length < contentWidth(talk.columns())) return { ...area, notice }
  talk.say(notice)
  return area
}
