import { type Answers, answerTo, countInWords, normalizeAnswer } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import {
  type Guide,
  linksFor,
  partOf,
  type Question,
  type QuestionId,
  requireQuestion,
  select,
} from '../domain/guide.ts'
import type { EndChoice, EndContext, Move, QuestionContext, Reply } from '../domain/interview-protocol.ts'
import { PREVIOUS_ACTIONS } from '../domain/plan.ts'
import { canOpen, openInBrowser } from './environment.ts'
import { jotCount } from './messages.ts'
import type { MadeDocument, SessionServices } from './session-port.ts'
import type { Choice } from './terminal/select.ts'

/* What a person can do at a question, and when every question has been asked. Both UIs draw these actions. */

/** Where an action is chosen. */
export interface AtQuestion {
  context: QuestionContext
  /** What is written here now. */
  text: string
  /** Whether the last save failed. */
  unsaved?: boolean
  /** Whether it is a capture in a led room. */
  capturing?: boolean
  /** Whether the window has no room for the whole question. */
  cut?: boolean
}

/** How a question is left; then the named part of the notes is read, or a command of the led room obeyed. */
export interface Left {
  reply: Reply
  notes?: string
  room?: string
}

/** Undefined: the person goes on writing. */
export type Outcome = Left | undefined | Promise<Left | undefined>

/** How a UI serves these actions. */
export interface QuestionUi {
  say(text: string): undefined
  /** Shows a text that may be long. */
  read(text: string): Outcome
  /** Asks which is meant. Where words are typed, `hint` says which word chooses. */
  choose<T>(
    ask: string,
    choices: readonly Choice<T>[],
    how?: { first?: T; hint?: string },
  ): Promise<T | undefined>
  /** Adds lines to what is written here; `told` says so where that is not seen. */
  add(lines: readonly string[], told?: string): undefined
  list(questions: readonly Question[]): Outcome
  notes(part: string): Outcome
  find(): Outcome
  watch(): Outcome
  edit(): Outcome
  help(): Outcome
  /** These three are there where words are typed. */
  text?(): undefined
  undo?(): undefined
  replace?(): undefined
}

interface QuestionAction {
  /** The word that asks for it in plain lines, after a colon. */
  word: string
  /** What it does, in the menu and in help. */
  about: string
  /** The letter that always means it in the menu; without one it is not offered there. */
  key?: string
  /** What may follow the word, as help shows it. */
  takes?: string
  /** Whether the menu offers it here. */
  when?: (at: AtQuestion) => boolean
  run: (at: AtQuestion, ui: QuestionUi, argument: string) => Outcome
}

const replied = ({ text }: AtQuestion, action: Move): Left => ({ reply: { text, action } })
/** What each UI does in its own way. */
const own =
  (name: 'watch' | 'edit' | 'text' | 'undo' | 'replace' | 'help') => (_: AtQuestion, ui: QuestionUi) =>
    ui[name]?.()
const move = (action: Move) => (at: AtQuestion) => replied(at, action)

const isSkipped = ({ context }: AtQuestion) => context.answer.skipped
const isCut = ({ cut }: AtQuestion) => cut === true
const isStory = ({ context }: AtQuestion) => context.question.kind === 'story'
const hasStory = ({ context }: AtQuestion) => (context.story?.text ?? '') !== ''
const hasJots = (at: AtQuestion) => jotsLeft(at).length > 0
const hasPrevious = ({ context }: AtQuestion) => !context.first
const hasLink = ({ context: { guide, question } }: AtQuestion) => linksFor(guide, question).length > 0

const ACTIONS: readonly QuestionAction[] = [
  { word: 'back', key: 'b', about: 'previous question', when: hasPrevious, run: back },
  { word: 'later', key: 'l', about: 'come back to this later', run: move('later') },
  { word: 'skip', key: 's', about: 'skip this question', when: at => !isSkipped(at), run: move('skip') },
  { word: 'ask', key: 's', about: 'ask this again', when: isSkipped, run: move('later') },
  { word: 'list', key: 'g', takes: '[b]', about: 'list of questions', run: list },
  { word: 'go', takes: '6', about: 'go to question 6 (or to an id)', run: goTo },
  { word: 'notes', key: 'n', takes: '[a]', about: 'read my notes', run: readNotes },
  { word: 'find', key: '/', takes: 'WORDS', about: 'search my notes', run: find },
  { word: 'question', key: 'r', about: 'read the whole question', when: isCut, run: readQuestion },
  { word: 'story', key: 't', about: 'read my answer about the story', when: hasStory, run: readStory },
  { word: 'watch', key: 'w', about: 'watch the video: stopwatch, jots', when: isStory, run: own('watch') },
  { word: 'jots', key: 'j', takes: '[1]', about: 'my jots for this question', when: hasJots, run: jots },
  { word: 'open', key: 'o', takes: '[2]', about: 'open the link', when: hasLink, run: openLink },
  { word: 'edit', key: 'e', about: 'write in an editor', run: own('edit') },
  { word: 'text', about: "read what you've written here", run: own('text') },
  { word: 'undo', about: 'remove the last line', run: own('undo') },
  { word: 'replace', about: 'start this answer over', run: own('replace') },
  { word: 'help', key: '?', about: 'help', run: own('help') },
  { word: 'quit', key: 'q', about: 'leave; everything is saved', run: move('leave') },
]
const BY_WORD = new Map(ACTIONS.map(action => [action.word, action]))

/** The words of all actions. */
export const WORDS = [...BY_WORD.keys()]

export const HELP = [
  'A line with only a dot     save and go on; with nothing written, come back later',
  ...ACTIONS.map(({ word, takes = '', about }) => `${`:${word} ${takes}`.padEnd(26)} ${about}`),
  'To write a line with only a dot, type two dots. To start a line with a colon, type two colons.',
].join('\n')

/** The action that a word asks for, if it is one of ours and takes what stands after it. */
export function actionCalled(word: string, argument = ''): QuestionAction | undefined {
  const action = BY_WORD.get(word)
  return argument === '' || action?.takes !== undefined ? action : undefined
}

/** What the menu offers at a question. */
export function menuAt(at: AtQuestion): Choice<QuestionAction['run']>[] {
  const leaving = at.unsaved
    ? 'leave; what is not saved is kept as a draft'
    : at.capturing && 'back to the room'
  const offered = ACTIONS.filter(({ key, when }) => key !== undefined && when?.(at) !== false)
  return [
    { name: 'save and go on', value: save },
    ...offered.map(({ word, key = '', about, run }) => ({
      key,
      name: (word === 'quit' && leaving) || about,
      value: run,
    })),
  ]
}

/** What is written here decides; `empty` does if nothing is, and there is nothing to keep or erase. */
function saveWritten(at: AtQuestion, ui: QuestionUi, empty: () => Outcome): Outcome {
  const { answer } = at.context
  if (normalizeAnswer(at.text) !== '') return replied(at, 'next')
  if (answer.text === '') return answer.skipped ? replied(at, 'next') : empty()
  // Enter pressed once too often must not erase: it keeps writing.
  return ui.choose<Left | undefined>('Nothing is written. Keep or erase the answer in your notes?', [
    { name: 'erase the answer', value: { reply: { text: at.text, action: 'next', erase: true } } },
    { name: 'keep the answer', value: replied(at, 'next') },
    { name: 'keep writing', value: undefined },
  ])
}

export function save(at: AtQuestion, ui: QuestionUi): Outcome {
  if (at.context.question.id === PREVIOUS_ACTIONS) return replied(at, 'next')
  const later = replied(at, 'later')
  const choices: Choice<Left | undefined>[] = [
    { name: 'come back to this later', value: later, key: 'l' },
    { name: 'skip this question', value: replied(at, 'skip'), key: 's' },
    { name: 'keep writing', value: undefined },
  ]
  return saveWritten(at, ui, () =>
    ui.choose("You haven't written anything yet. What next?", choices, { first: later }),
  )
}

/** During a capture, a command of the led room is asked about: it may be what a group says. */
export async function roomCommand(at: AtQuestion, ui: QuestionUi, line: string): Promise<Left | undefined> {
  const run = await ui.choose(`"${line}" is a command of the room. Save this answer and run it?`, [
    { name: 'save and run it', value: true },
    { name: 'keep it as text', value: false },
  ])
  if (run) return { ...replied(at, 'leave'), room: line }
  // Nor is it lost where nobody answers any more.
  return ui.add([line], 'Kept as text.')
}

/** A single dot: with nothing written, the question stays open. */
export const endOfAnswer = (at: AtQuestion, ui: QuestionUi) => saveWritten(at, ui, () => replied(at, 'later'))

function back(at: AtQuestion, ui: QuestionUi): Outcome {
  return at.context.first ? ui.say('This is the first question.') : replied(at, 'back')
}

function list({ context: { guide } }: AtQuestion, ui: QuestionUi, part: string): Outcome {
  try {
    return ui.list(part === '' ? guide.questions : select(guide, [part]))
  } catch (error) {
    return ui.say(sentenceOf(error))
  }
}

function find({ context: { guide, answers } }: AtQuestion, ui: QuestionUi, words: string): Outcome {
  return words === '' ? ui.find() : ui.say(foundIn(guide, answers, words))
}

/** The lines of answers that hold all words, with the question of each. */
export function foundIn(guide: Guide, answers: Answers, words: string): string {
  const wanted = words.toLowerCase().split(/\s+/)
  const lines = guide.questions.flatMap(question =>
    answerTo(answers, question.id)
      .text.split('\n')
      .filter(line => wanted.every(word => line.toLowerCase().includes(word)))
      .map(line => `${question.position} ${partOf(guide, question).join(', ')}: ${line.trim()}`),
  )
  return lines.length > 0 ? lines.join('\n') : `No answer contains "${words}".`
}

function goTo(at: AtQuestion, ui: QuestionUi, word: string): Outcome {
  const to = questionCalled(at.context.guide, word)
  return typeof to === 'string' ? ui.say(to) : replied(at, { to: to.id })
}

/** The question that a number of the list or an id means, or a sentence why there is none. */
export function questionCalled(guide: Guide, word: string): Question | string {
  try {
    if (!/^\d*$/.test(word) || guide.questions[Number(word) - 1]) return requireQuestion(guide, word)
  } catch (error) {
    return sentenceOf(error)
  }
  return `Type a number from 1 to ${guide.questions.length}, such as :go 6. :list lists the questions.`
}

/** What was just written belongs to the notes that are read. */
function readNotes(at: AtQuestion, ui: QuestionUi, notes: string): Outcome {
  const { question, answer } = at.context
  const text = normalizeAnswer(at.text)
  return text === '' || text === answer.text
    ? ui.notes(notes)
    : { ...replied(at, { to: question.id }), notes }
}

function readQuestion({ context: { question } }: AtQuestion, ui: QuestionUi): Outcome {
  return ui.read(question.text)
}

function readStory({ context: { story } }: AtQuestion, ui: QuestionUi): Outcome {
  if (!story) return ui.say('This question has no story answer to compare with.')
  return story.text === '' ? ui.say("You haven't answered the story question yet.") : ui.read(story.text)
}

/** The jots that are not in the text yet. */
const jotsLeft = ({ context, text }: AtQuestion) => context.jots.filter(jot => !text.includes(jot.text))

async function jots(at: AtQuestion, ui: QuestionUi, argument: string): Promise<undefined> {
  const left = jotsLeft(at)
  if (left.length === 0) return ui.say('There are no jots for this question.')
  const choices = left.map(jot => ({ name: jot.text, value: [jot] }))
  const all = { name: 'all of them', value: left }
  const hint = ':jots 1 adds the first to your answer, :jots all adds all of them.'
  const named = argument === 'all' ? all : choices[Number(argument) - 1]
  const offered = left.length > 1 ? [...choices, all] : choices
  const chosen = named?.value ?? (await ui.choose('Add which jots to the answer?', offered, { hint }))
  const lines = chosen?.map(({ text }) => `- ${text}`)
  return lines && ui.add(lines, `Added to your answer: ${jotCount(lines.length)}.`)
}

async function openLink(at: AtQuestion, ui: QuestionUi, number: string): Promise<undefined> {
  const links = linksFor(at.context.guide, at.context.question)
  if (links.length === 0) return ui.say('There is no link for this question.')
  const choices = links.map(link => ({ name: `${link.title}: ${link.url}`, value: link }))
  const named = links.length === 1 ? links[0] : links[Number(number) - 1]
  const link = named ?? (await ui.choose('Open which link?', choices, { hint: ':open 1 opens the first.' }))
  if (!link) return undefined
  await openInBrowser(link.url)
  return ui.say(`${link.title}: ${link.url}`)
}

/** How a UI carries out what is chosen at the end. */
interface EndUi {
  choose<T>(message: string, choices: readonly Choice<T>[]): Promise<T | undefined>
  say(text: string): void
  /** Asks which question to go to. */
  list(): Promise<QuestionId | undefined>
  read(): Promise<void>
  find(): Promise<void>
  /** Whether it can be asked if a document should be opened. */
  opens: boolean
}

const DOCUMENTS = [
  { name: 'Word document', key: 'd', value: { format: 'docx' } },
  { name: 'web page', key: 'h', value: { format: 'html' } },
  { name: 'PDF', key: 'p', value: { format: 'pdf' } },
]

/** Asks what next until the person goes on or leaves. */
export async function endWith(
  { count, elsewhere }: EndContext,
  ui: EndUi,
  { formats, makeDocument }: Pick<SessionServices, 'formats' | 'makeDocument'>,
): Promise<EndChoice> {
  const open = count.open === 1 ? 'open question' : `${count.open} open questions`
  const offered = (await formats?.()) ?? []
  const toOpen: Choice<EndChoice> = { name: `go to the ${open}`, value: 'open', key: 'o' }
  const toRest: Choice<EndChoice> = { name: `rest of the guide (${elsewhere} open)`, value: 'rest', key: 'r' }
  const choices: Choice<EndChoice | 'read' | 'list' | 'find' | { format: string }>[] = [
    ...(count.open > 0 ? [toOpen] : []),
    ...(elsewhere > 0 ? [toRest] : []),
    { name: 'read my notes', value: 'read', key: 'n' },
    { name: 'search my notes', value: 'find', key: '/' },
    ...DOCUMENTS.filter(({ value }) => offered.includes(value.format)),
    { name: 'list of questions', value: 'list', key: 'g' },
    { name: 'leave', value: 'leave', key: 'q' },
  ]
  for (;;) {
    const choice =
      (await ui.choose(`That was the last question: ${countInWords(count)}.`, choices)) ?? 'leave'
    if (choice === 'read' || choice === 'find') await ui[choice]()
    else if (choice === 'list') {
      const to = await ui.list()
      if (to !== undefined) return { to }
    } else if (typeof choice !== 'object' || 'to' in choice) return choice
    else await shareWith(ui, () => makeDocument?.(choice.format))
  }
}

async function shareWith(ui: EndUi, make: () => Promise<MadeDocument> | undefined): Promise<void> {
  const made = await make()?.catch((error): MadeDocument => ({ told: sentenceOf(error) }))
  if (made) ui.say(made.told)
  if (made?.path === undefined || !ui.opens || !canOpen()) return
  const choices = [
    { name: 'open it now', value: true, key: 'o' },
    { name: 'not now', value: false, key: 'n' },
  ]
  if (await ui.choose('Open it now?', choices)) await openInBrowser(made.path)
}
