import { type Answers, answerTo, normalizeAnswer } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import {
  type Guide,
  type Link,
  linksFor,
  partOf,
  type Question,
  requireQuestion,
  select,
} from '../domain/guide.ts'
import type { Move, QuestionContext, Reply } from '../domain/interview-protocol.ts'
import { PREVIOUS_ACTIONS } from '../domain/plan.ts'
import { jotCount } from './messages.ts'
import type { Choice } from './terminal/select.ts'

/* What a person can do at a question, and what follows. Both UIs draw these actions and carry out their effects. */

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

/** What the UI has to do for an action. Undefined: the person goes on writing. */
export type Effect =
  /** Leaves the question; then the named part of the notes is read, or a command of the led room obeyed. */
  | { reply: Reply; notes?: string; room?: string }
  /** Asks which effect is meant. Where words are typed, `hint` says which word chooses. */
  | { ask: string; choices: readonly Choice<Effect | undefined>[]; first?: Effect | undefined; hint?: string }
  | { add: readonly string[]; say: string }
  | { open: Link }
  | { notes: string }
  | { read: string }
  | { say: string }
  | { list: readonly Question[] }
  | { run: 'find' | 'watch' | 'edit' | 'help' | 'text' | 'undo' | 'replace' }
  | undefined

export interface QuestionAction {
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
  effect: (at: AtQuestion, argument: string) => Effect
}

const replied = ({ text }: AtQuestion, action: Move): Effect => ({ reply: { text, action } })
const move = (action: Move) => (at: AtQuestion) => replied(at, action)
const run = (run: Extract<Effect, { run: unknown }>['run']) => (): Effect => ({ run })

const isSkipped = ({ context }: AtQuestion) => context.answer.skipped
const isCut = ({ cut }: AtQuestion) => cut === true
const isStory = ({ context }: AtQuestion) => context.question.kind === 'story'
const hasStory = ({ context }: AtQuestion) => (context.story?.text ?? '') !== ''
const hasJots = (at: AtQuestion) => jotsLeft(at).length > 0
const hasPrevious = ({ context }: AtQuestion) => !context.first
const hasLink = ({ context: { guide, question } }: AtQuestion) => linksFor(guide, question).length > 0

const ACTIONS: readonly QuestionAction[] = [
  { word: 'back', key: 'b', about: 'previous question', when: hasPrevious, effect: back },
  { word: 'later', key: 'l', about: 'come back to this later', effect: move('later') },
  { word: 'skip', key: 's', about: 'skip this question', when: at => !isSkipped(at), effect: move('skip') },
  { word: 'ask', key: 's', about: 'ask this again', when: isSkipped, effect: move('later') },
  { word: 'list', key: 'g', takes: '[b]', about: 'list of questions', effect: list },
  { word: 'go', takes: '6', about: 'go to question 6 (or to an id)', effect: goTo },
  { word: 'notes', key: 'n', takes: '[a]', about: 'read my notes', effect: readNotes },
  { word: 'find', key: '/', takes: 'WORDS', about: 'search my notes', effect: find },
  { word: 'question', key: 'r', about: 'read the whole question', when: isCut, effect: readQuestion },
  { word: 'story', key: 't', about: 'read my answer about the story', when: hasStory, effect: readStory },
  { word: 'watch', key: 'w', about: 'watch the video: stopwatch, jots', when: isStory, effect: run('watch') },
  {
    word: 'jots',
    key: 'j',
    takes: '[1]',
    about: 'my jots for this question',
    when: hasJots,
    effect: takeJots,
  },
  { word: 'open', key: 'o', takes: '[2]', about: 'open the link', when: hasLink, effect: openLink },
  { word: 'edit', key: 'e', about: 'write in an editor', effect: run('edit') },
  { word: 'text', about: 'read what is written here so far', effect: run('text') },
  { word: 'undo', about: 'remove the last line', effect: run('undo') },
  { word: 'replace', about: 'write the answer again from the start', effect: run('replace') },
  { word: 'help', key: '?', about: 'show this help', effect: run('help') },
  { word: 'quit', key: 'q', about: 'leave; everything is saved', effect: move('leave') },
]
const BY_WORD = new Map(ACTIONS.map(action => [action.word, action]))

/** The words of all actions. */
export const WORDS = [...BY_WORD.keys()]

export const HELP = [
  'A line with only a dot     save and go on; with nothing written, leave the question open',
  ...ACTIONS.map(({ word, takes = '', about }) => `${`:${word} ${takes}`.padEnd(26)} ${about}`),
  'To write a line that is only a dot, type two. To start a line with a colon, type two.',
].join('\n')

/** The action that a word asks for, if it is one of ours and takes what stands after it. */
export function actionCalled(word: string, argument = ''): QuestionAction | undefined {
  const action = BY_WORD.get(word)
  return argument === '' || action?.takes !== undefined ? action : undefined
}

/** What the menu offers at a question. */
export function menuAt(at: AtQuestion): Choice<QuestionAction['effect']>[] {
  const choices: Choice<QuestionAction['effect']>[] = [{ name: 'save and go on', value: save }]
  for (const { word, key, about, when, effect } of ACTIONS) {
    if (key === undefined || when?.(at) === false) continue
    const unsaved = word === 'quit' && at.unsaved
    const back = word === 'quit' && at.capturing
    choices.push({
      key,
      name: unsaved ? 'leave; what is not saved is kept as a draft' : back ? 'back to the room' : about,
      value: effect,
    })
  }
  return choices
}

/** What is written here decides; undefined if nothing is and there is nothing to keep or erase. */
function saveWritten(at: AtQuestion): Effect {
  const { answer } = at.context
  if (normalizeAnswer(at.text) !== '') return replied(at, 'next')
  if (answer.text === '') return answer.skipped ? replied(at, 'next') : undefined
  return {
    ask: 'Nothing is written. Keep or erase the answer in your notes?',
    choices: [
      { name: 'erase the answer', value: { reply: { text: at.text, action: 'next', erase: true } } },
      { name: 'keep the answer', value: replied(at, 'next') },
      { name: 'keep writing', value: undefined },
    ],
    // Enter pressed once too often must not erase.
    first: undefined,
  }
}

export function save(at: AtQuestion): Effect {
  if (at.context.question.id === PREVIOUS_ACTIONS) return replied(at, 'next')
  const later = replied(at, 'later')
  return (
    saveWritten(at) ?? {
      ask: 'Nothing is written yet. What next?',
      choices: [
        { name: 'come back to this later', value: later, key: 'l' },
        { name: 'skip this question', value: replied(at, 'skip'), key: 's' },
        { name: 'keep writing', value: undefined },
      ],
      first: later,
    }
  )
}

/** During a capture, a command of the led room is asked about: it may be what a group says. */
export function roomCommand(at: AtQuestion, line: string): Effect {
  return {
    ask: `"${line}" is a command of the room. Save this answer and run it?`,
    choices: [
      { name: 'save and run it', value: { reply: { text: at.text, action: 'leave' }, room: line } },
      { name: 'keep it as text', value: { add: [line], say: 'Kept as text.' } },
    ],
  }
}

/** A single dot: with nothing written, the question stays open. */
export const endOfAnswer = (at: AtQuestion): Effect => saveWritten(at) ?? replied(at, 'later')

function back(at: AtQuestion): Effect {
  return at.context.first ? { say: 'This is the first question.' } : replied(at, 'back')
}

function list({ context: { guide } }: AtQuestion, part: string): Effect {
  try {
    return { list: part === '' ? guide.questions : select(guide, [part]) }
  } catch (error) {
    return { say: sentenceOf(error) }
  }
}

function find({ context: { guide, answers } }: AtQuestion, words: string): Effect {
  return words === '' ? { run: 'find' } : { say: foundIn(guide, answers, words) }
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
  return lines.length > 0 ? lines.join('\n') : `No answer has "${words}".`
}

function goTo(at: AtQuestion, word: string): Effect {
  const to = questionCalled(at.context.guide, word)
  return typeof to === 'string' ? { say: to } : replied(at, { to: to.id })
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
function readNotes(at: AtQuestion, notes: string): Effect {
  const { question, answer } = at.context
  const text = normalizeAnswer(at.text)
  if (text === '' || text === answer.text) return { notes }
  return { reply: { text: at.text, action: { to: question.id } }, notes }
}

function readQuestion({ context: { question } }: AtQuestion): Effect {
  return { read: question.text }
}

function readStory({ context: { story } }: AtQuestion): Effect {
  if (!story) return { say: 'This question has no story answer to compare with.' }
  if (story.text === '') return { say: "You haven't answered the story question yet." }
  return { read: story.text }
}

/** The jots that are not in the text yet. */
const jotsLeft = ({ context, text }: AtQuestion) => context.jots.filter(jot => !text.includes(jot.text))

function takeJots(at: AtQuestion, argument: string): Effect {
  const left = jotsLeft(at)
  if (left.length === 0) return { say: 'There are no jots for this question.' }
  const taking = (jots: typeof left): Effect => ({
    add: jots.map(({ text }) => `- ${text}`),
    say: `Added to your answer: ${jotCount(jots.length)}.`,
  })
  if (argument === 'all') return taking(left)
  const choices = [
    ...left.map(jot => ({ name: jot.text, value: taking([jot]) })),
    ...(left.length > 1 ? [{ name: 'all of them', value: taking(left) }] : []),
  ]
  const hint = ':jots 1 adds the first to your answer, :jots all adds all of them.'
  return choices[Number(argument) - 1]?.value ?? { ask: 'Add which jots to the answer?', choices, hint }
}

function openLink({ context: { guide, question } }: AtQuestion, number: string): Effect {
  const links = linksFor(guide, question)
  const link = links.length < 2 ? links[0] : links[Number(number) - 1]
  if (link) return { open: link }
  if (links.length === 0) return { say: 'There is no link for this question.' }
  const choices = links.map(each => ({ name: `${each.title}: ${each.url}`, value: { open: each } }))
  return { ask: 'Open which link?', choices, hint: ':open 1 opens the first.' }
}
